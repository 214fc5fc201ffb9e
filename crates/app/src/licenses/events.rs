//! What licenses announce.

use types::{DealId, PlanId, ServiceId, TenantId};

use crate::events::events;

events! {
    /// A deal grants another number of seats of a plan: 0 if the license was removed. In the logs of both
    /// sides.
    LicenseChanged "license.changed" {
        customer: TenantId,
        deal: DealId,
        plan: PlanId,
        service_id: ServiceId,
        quantity: i64,
        /// Of all deals together.
        pool_granted: i64,
    }
}
