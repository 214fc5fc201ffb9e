//! *Contact me* in a browser (STO-03).

mod contact;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the storefront.
pub(crate) fn storefront_routes() -> Router<App> {
    Router::new().route("/product/{address}/contact", get(contact::look).post(contact::send))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
