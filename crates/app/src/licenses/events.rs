//! What licenses announce, in the logs of both sides.

use entitlement::End;
use types::{DealId, PlanId, ServiceId, TenantId, Timestamp};

use crate::events::events;

events! {
    /// A deal grants another number of seats of a plan (0: the license was removed), or until another day.
    LicenseChanged "license.changed" {
        customer: TenantId,
        deal: DealId,
        plan: PlanId,
        service_id: ServiceId,
        quantity: i64,
        /// Absent: without an end.
        #[serde(default)]
        ends_at: Option<Timestamp>,
        /// Seats that are in use beyond what is left.
        #[serde(default)]
        over: i64,
        /// Of all deals together.
        pool_granted: i64,
        /// When all of that ends, if it does.
        #[serde(default)]
        pool_end: Option<End>,
    }
    /// A license ends within thirty days.
    LicenseEnding "license.ending" {
        customer: TenantId,
        deal: DealId,
        service_id: ServiceId,
        quantity: i64,
        ends_at: Timestamp,
    }
    /// A license ended with its contract.
    LicenseEnded "license.ended" {
        customer: TenantId,
        deal: DealId,
        plan: PlanId,
        service_id: ServiceId,
        quantity: i64,
        ended_at: Timestamp,
        /// Seats of the pool that are in use beyond what is left.
        over: i64,
        pool_granted: i64,
        pool_end: Option<End>,
    }
}
