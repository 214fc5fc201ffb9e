//! What the catalogue announces.

use types::{OfferId, OfferSlug, PlanId, ServiceId};

use crate::events::events;

events! {
    /// An offer was created.
    OfferCreated "offer.created" { offer: OfferId, offer_id: OfferSlug }
    /// A page of an offer's draft was saved.
    OfferDrafted "offer.drafted" { offer: OfferId }
    /// A plan's name or description changed.
    PlanEdited "plan.edited" { offer: OfferId, plan: PlanId }
    /// A plan that was never published was deleted.
    PlanDeleted "plan.deleted" { offer: OfferId, plan: PlanId, service_id: ServiceId }
    /// A plan was created.
    PlanCreated "plan.created" { offer: OfferId, plan: PlanId, service_id: ServiceId }
}
