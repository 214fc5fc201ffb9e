//! What the catalogue announces.

use types::{OfferId, OfferSlug, PlanId, ServiceId};

use crate::events::events;

events! {
    /// An offer was created.
    OfferCreated "offer.created" { offer: OfferId, offer_id: OfferSlug }
    /// A page of an offer's draft was saved.
    OfferDrafted "offer.drafted" { offer: OfferId }
    /// A plan's draft changed.
    PlanEdited "plan.edited" { offer: OfferId, plan: PlanId }
    /// A plan that was never published was deleted.
    PlanDeleted "plan.deleted" { offer: OfferId, plan: PlanId, service_id: ServiceId }
    /// Whom a private plan is for was changed; not yet in effect.
    AudienceEdited "plan.audience_edited" { offer: OfferId, plan: PlanId, size: i64 }
    /// A file was uploaded for an offer's draft.
    FileUploaded "file.uploaded" { offer: OfferId, sha256: String }
    /// A file that the draft does not use was deleted.
    FileDeleted "file.deleted" { offer: OfferId, sha256: String }
    /// A plan was created.
    PlanCreated "plan.created" { offer: OfferId, plan: PlanId, service_id: ServiceId }
}
