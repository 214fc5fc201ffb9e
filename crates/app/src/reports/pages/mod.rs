//! The license dashboard of publishers (RPT-01); what a customer holds is in [`held`], who would be refused in
//! [`risks`].

pub(crate) mod held;
mod licenses;
pub(crate) mod risks;

use axum::Router;
use axum::routing::get;

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn publisher_routes() -> Router<App> {
    risks::publisher_routes()
        .route("/publisher/insights", get(licenses::look))
        .route("/publisher/insights/licenses.csv", get(licenses::export))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
