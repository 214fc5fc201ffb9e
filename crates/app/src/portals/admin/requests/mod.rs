//! Requests: users ask for a seat, administrators decide, and customers ask their publisher for more.

mod decide;
mod more;
mod own;

pub(in crate::portals) use decide::{Row as Requested, rows as requested};

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/requests", get(decide::look))
        .route("/admin/requests/grant", post(decide::grant))
        .route("/admin/requests/decline", post(decide::decline))
        .route("/admin/requests/licenses", get(more::look).post(more::ask))
        .route("/account/licenses", get(own::look).post(own::ask))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
