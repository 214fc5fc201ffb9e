//! What the catalogue announces.

use types::{OfferId, OfferSlug, PlanId, ServiceId};

use crate::events::events;

events! {
    /// An offer was created.
    OfferCreated "offer.created" { offer: OfferId, offer_id: OfferSlug }
    /// A plan was created.
    PlanCreated "plan.created" { offer: OfferId, plan: PlanId, service_id: ServiceId }
}
