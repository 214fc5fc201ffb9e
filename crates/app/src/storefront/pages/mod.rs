//! The storefront in a browser: what is on sale, and one offer of it.

mod home;
mod product;
mod suggest;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home::look))
        .route("/suggest", get(suggest::look))
        .route("/product/{address}", get(product::look))
        .route("/product/{address}/preview", get(product::preview))
}

pub(crate) use suggest::{Product, product_at, products};

/// Where a file of a live offer is.
fn file(hash: &str) -> String {
    format!("/api/v1/storefront/files/{hash}")
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
