//! The catalogue in the publisher portal: offers, the pages of a draft, plans.

mod audience;
mod check;
mod draft;
mod files;
pub(crate) mod frame;
mod listing;
mod offers;
mod plan;
mod plans;
mod properties;
mod setup;

pub(crate) use properties::category_name;

use axum::Router;
use axum::routing::{get, post};

use crate::App;
use crate::kit::Texts;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the publisher portal.
pub(crate) fn routes() -> Router<App> {
    let page = |name: &str| format!("/publisher/offers/{{offer}}/{name}");
    Router::new()
        .route("/publisher/offers", get(offers::look))
        .route("/publisher/offers.csv", get(offers::export))
        .route("/publisher/new-offer", get(offers::look_new).post(offers::create))
        .route("/publisher/new-offer/check", get(check::offer_id))
        .route(&page("setup"), get(draft::look::<setup::SetupPage>).post(draft::save::<setup::SetupPage>))
        .route(
            &page("properties"),
            get(draft::look::<properties::PropertiesPage>).post(draft::save::<properties::PropertiesPage>),
        )
        .route(
            &page("listing"),
            get(draft::look::<listing::ListingPage>).post(draft::save::<listing::ListingPage>),
        )
        .route(&page("listing/{language}"), get(listing::look_translation).post(listing::save_translation))
        .route(&page("listing/{language}/remove"), post(listing::remove_translation))
        .route(&page("new-language"), post(listing::add_language))
        .route(
            &page("availability"),
            get(draft::look::<setup::AvailabilityPage>).post(draft::save::<setup::AvailabilityPage>),
        )
        .route(
            &page("supplemental-content"),
            get(draft::look::<setup::SupplementalPage>).post(draft::save::<setup::SupplementalPage>),
        )
        .route(&page("files"), get(files::look).post(files::upload))
        .route(&page("files/remove"), post(files::remove))
        .route(&page("files/{file}"), get(files::content))
        .route(&page("plans"), get(plans::look))
        .route(&page("plan-definitions.csv"), get(plans::definitions))
        .route(&page("new-plan"), get(plans::look_new).post(plans::create))
        .route(&page("new-plan/check"), get(check::plan_id))
        .route(&page("plans/{plan}"), get(plan::look).post(plan::save))
        .route(&page("plans/{plan}/delete"), post(plan::delete))
        .route(&page("plans/{plan}/audience"), get(audience::look).post(audience::save))
        .route(&page("plans/{plan}/audience-file"), post(audience::upload))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
