//! Plans.

use types::{OfferId, PlanId, PlanSlug, ServiceId, Timestamp};

db::rows! {
    /// An edition of an offer, as its publisher drafts it.
    pub(crate) struct Plan in "plans" {
        pub id: PlanId,
        pub offer_id: OfferId,
        /// The *plan id* of the rules.
        pub slug: PlanSlug,
        /// PLN-03: `publisherid.offerid.planid`, made at creation.
        pub service_id: ServiceId,
        pub name: String,
        pub description: String,
        pub created_at: Timestamp,
        /// Set from the first time the plan went live; from then on it cannot be deleted (PLN-06).
        pub published_at: Option<Timestamp>,
        pub revision: i64,
    }
}

/// PLN-04: plans an offer has at most.
pub(super) const MAX: usize = 100;
