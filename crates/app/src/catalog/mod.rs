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
//! Pages of the draft may be saved in part; [`pages`] tells what each still misses and whether it is as it
//! went live (OFF-09). Images and documents are uploaded first and then named by their hash: what is not a
//! PNG image or a PDF document by its bytes is refused, images are written anew ([`file`], OFF-10).
//!
//! A private plan is for its audience alone (PLN-05). The audience is edited as a draft; it comes into
//! effect with the next version, or by itself: that needs no certification.
//!
//! Tables: `offers`, `plans`, `plan_audiences`, `live_audiences`, `file_contents`, `offer_files`,
//! `live_files`, `offer_history`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod audience;
pub(crate) mod draft;
pub(crate) mod events;
pub(crate) mod file;
pub(crate) mod history;
pub(crate) mod listing;
mod offer;
pub(crate) mod operations;
mod page_state;
pub(crate) mod pages;
pub(crate) mod plan;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use draft::Draft;
pub(crate) use file::FileHash;
pub(crate) use offer::{Offer, OfferRef, OfferState, OfferStatus};
pub(crate) use page_state::{PageName, PageStatus, Published, pages};
pub(crate) use plan::{Enforcement, Feature, Plan, PlanVersion, Visibility};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    OFFER_ID_TAKEN = 409 "offer.id_taken" "The offer id is taken";
    PLAN_ID_TAKEN = 409 "plan.id_taken" "The plan id is taken";
    PLAN_NAME_TAKEN = 409 "plan.name_taken" "The plan name is taken";
    PLAN_LICENSED = 409 "plan.licensed" "A licensed plan cannot be deleted";
    PLAN_PUBLISHED = 409 "plan.published" "A published plan cannot be deleted";
    PLAN_SUBMITTED = 409 "plan.submitted" "A plan that is being published cannot be deleted";
    LICENSE_MANAGEMENT_FIXED = 409 "offer.license_management_fixed" "License management cannot be switched any more";
    PLAN_PUBLIC = 409 "plan.public" "The plan is for everybody";
    FILE_UNKNOWN_KIND = 422 "file.unknown_kind" "The file is of no kind that is shown here";
    FILE_BROKEN = 422 "file.broken" "The file cannot be read";
    FILE_IN_USE = 409 "file.in_use" "The draft uses the file";
    FILE_TOO_LARGE = 413 "file.too_large" "The file is too large";
    TOO_MANY_FILES = 409 "file.too_many" "The offer has as many files as it can";
    TOO_MANY_PLANS = 409 "plan.too_many" "The offer has as many plans as it can";
}
