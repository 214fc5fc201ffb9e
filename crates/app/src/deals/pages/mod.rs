//! Deals in the publisher portal: the list, and the form that registers one. A deal's own page is with its
//! licenses. In the operator console: those that are to be reviewed.

pub(crate) mod form;
mod list;
mod money;
pub(crate) mod review;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::deals::DealStatus;
use crate::edge::browser::Reader;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/publisher/deals", get(list::look))
        .route("/publisher/deals.csv", get(list::export))
        .route("/publisher/new-deal", get(form::look_new).post(form::register))
}

/// Where a deal stands, as a badge.
pub(crate) fn badge(reader: &Reader, status: DealStatus) -> (&'static str, String) {
    let kind = match status {
        DealStatus::Draft => "neutral",
        DealStatus::Submitted => "info",
        DealStatus::Approved => "good",
        DealStatus::Rejected => "bad",
        DealStatus::UpdateRequired => "notice",
    };
    let key = status.as_str().replace('_', "-");
    (kind, reader.wording(&TEXTS).of(&format!("status-{key}")))
}

pub(crate) use money::shown as money;

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
