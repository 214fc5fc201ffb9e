//! Why a user may, or may not, use something, as a picture of the chain (CHK-06).

mod explain;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/admin/explain", get(explain::look))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
