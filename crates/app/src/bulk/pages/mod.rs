//! Seats given and taken by the list, in a browser: what a list would do, its progress, and taking it back (ASG-07).

mod batch;
mod list;
mod new;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/bulk", get(list::look))
        .route("/admin/bulk/new", get(new::look).post(new::send))
        .route("/admin/bulk/{batch}", get(batch::look))
        .route("/admin/bulk/{batch}/undo", post(batch::undo))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
