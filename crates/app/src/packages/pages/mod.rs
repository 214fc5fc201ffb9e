//! The technical configuration of an offer in the publisher portal: the package and what the rules say of it.

mod package;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    let page = |name: &str| format!("/publisher/offers/{{offer}}/{name}");
    Router::new()
        .route(&page("technical-configuration"), get(package::look).post(package::save))
        .route(&page("package"), post(package::upload))
        .route(&page("package-url"), post(package::fetch))
        .route(&page("package.zip"), get(package::download))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
