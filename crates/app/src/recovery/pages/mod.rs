//! From a forgotten password to a new one, in a browser.

mod forgotten;
mod reset;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Where whoever is done signs in.
const SIGN_IN: &str = "/sign-in?back=%2F";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in/forgotten", get(forgotten::look).post(forgotten::send))
        .route("/sign-in/reset", get(reset::look).post(reset::reset))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
