//! Review of deals in the operator console: those submitted, and one with its decision.

mod deal;
mod list;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::deals::DealStatus;
use crate::kit::Texts;
use crate::kit::page::Wording;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

const LIST: &str = "/operator/deals";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/operator/deals", get(list::look))
        .route("/operator/deals/{deal}", get(deal::look))
        .route("/operator/deals/{deal}/approve", post(deal::approve))
        .route("/operator/deals/{deal}/request-update", post(deal::request_update))
        .route("/operator/deals/{deal}/reject", post(deal::reject))
}

/// Text and kind of a badge.
fn status(t: Wording, status: DealStatus) -> (String, &'static str) {
    let kind = match status {
        DealStatus::Draft => "neutral",
        DealStatus::Submitted => "info",
        DealStatus::Approved => "good",
        DealStatus::Rejected => "bad",
        DealStatus::UpdateRequired => "notice",
    };
    (t.of(&format!("status-{}", status.as_str().replace('_', "-"))), kind)
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
