//! The catalogue: offers and their plans, as their publisher drafts them.
//!
//! Words. An *offer* is one product; its *offer id* ([`types::OfferSlug`]) and *alias* are fixed at
//! creation (OFF-03). A *plan* is an edition of it; its *service id* is `publisherid.offerid.planid`
//! (PLN-03), which exists from creation and which nobody can set. What is edited here is the draft:
//! customers see the version that went live, which `publishing` keeps (OFF-13).
//!
//! Invariants. Offer id unique in its publisher (OFF-02), plan id and name unique in the offer (PLN-01,
//! PLN-02), at most 100 plans (PLN-04). The alias never leaves the publisher's side (OFF-03).
//!
//! Tables: `offers`, `plans`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod draft;
pub(crate) mod events;
mod offer;
pub(crate) mod operations;
mod page_state;
mod plan;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use draft::Draft;
pub(crate) use offer::{Offer, OfferRef, OfferState, OfferStatus};
pub(crate) use page_state::{PageName, PageStatus, pages};
pub(crate) use plan::Plan;
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    OFFER_ID_TAKEN = 409 "offer.id_taken" "The offer id is taken";
    PLAN_ID_TAKEN = 409 "plan.id_taken" "The plan id is taken";
    PLAN_NAME_TAKEN = 409 "plan.name_taken" "The plan name is taken";
    PLAN_LICENSED = 409 "plan.licensed" "A licensed plan cannot be deleted";
    PLAN_PUBLISHED = 409 "plan.published" "A published plan cannot be deleted";
    PLAN_SUBMITTED = 409 "plan.submitted" "A plan that is being published cannot be deleted";
    LICENSE_MANAGEMENT_FIXED = 409 "offer.license_management_fixed" "License management cannot be switched any more";
    TOO_MANY_PLANS = 409 "plan.too_many" "The offer has as many plans as it can";
}
