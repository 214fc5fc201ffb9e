//! Publishing in the publisher portal: where an offer stands, what is missing, and every step of the way. In the
//! operator console: what waits for certification.

pub(crate) mod certification;
mod compare;
mod fields;
mod history;
mod overview;
mod plan;
mod review;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    let page = |name: &str| format!("/publisher/offers/{{offer}}{name}");
    Router::new()
        .route(&page(""), get(overview::look))
        .route(&page("/review"), get(review::look).post(review::publish))
        .route(&page("/compare"), get(compare::look))
        .route(&page("/history"), get(history::look))
        .route(&page("/go-live"), post(overview::go_live))
        .route(&page("/cancel-publish"), post(overview::cancel))
        .route(&page("/stop-distribution"), post(overview::stop))
        .route(&page("/plans/{plan}/stop"), post(plan::stop))
        .route(&page("/plans/{plan}/resume"), post(plan::resume))
        .route(&page("/plans/{plan}/sync-audience"), post(plan::sync_audience))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
