//! A deal's page with *Manage licenses*, and customers, in the publisher portal.

mod customers;
mod deal;
mod end;
mod update;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/publisher/deals/{deal}", get(deal::look))
        .route("/publisher/deals/{deal}/edit", get(deal::look_edit).post(deal::edit))
        .route("/publisher/deals/{deal}/submit", post(deal::submit))
        .route("/publisher/deals/{deal}/licenses", post(update::update))
        .route("/publisher/customers", get(customers::look))
        .route("/publisher/customers.csv", get(customers::export))
        .route("/publisher/customers/{customer}/end", post(end::as_publisher))
}

/// Of the admin center.
pub(crate) fn admin_routes() -> Router<App> {
    Router::new().route("/admin/relationships/{relationship}/end", post(end::as_customer))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
