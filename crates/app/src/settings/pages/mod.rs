//! Settings in the operator console.

mod form;
mod machine;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const SETTINGS: &str = "/operator/settings";

/// Of the operator console.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/operator/settings", get(form::look).post(form::save))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
