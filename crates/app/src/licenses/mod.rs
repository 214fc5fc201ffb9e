//! Licenses: how many seats of which plan a deal grants, and the pools they add up to.
//!
//! Words. A *license* is the quantity of one plan that one deal grants. A *pool* is all seats of one plan
//! that one customer holds: the sum over its deals (LIC-05), and how many of them are in use. The publisher
//! changes quantities; they are absolute (LIC-03), removed only by removing (LIC-04), and one update is all
//! or nothing (LIC-01).
//!
//! Invariant. `in_use <= granted`, for every pool, at every instant (LIC-06). Seats are taken by one
//! conditional update ([`operations::seats::take`]) and given back by another; the table's own check is the
//! last defence. A reduction below what is in use is refused: grace and waiting are not built yet.
//!
//! Tables: `licenses`, `pools`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod operations;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use store::STATEMENTS;

use types::{DealId, LicenseId, PlanId, PoolId, ServiceId, TenantId};

crate::kit::codes! {
    NOT_SUBMITTED = 409 "license.deal_not_submitted" "The deal must be submitted first";
    DEAL_REJECTED = 409 "license.deal_rejected" "A rejected deal grants no more";
    BELOW_ASSIGNED = 409 "license.below_assigned" "More seats are in use than would remain";
}

/// LIC-02: seats a license may have.
pub(crate) const QUANTITY: std::ops::RangeInclusive<i64> = 1..=1_000_000;

db::rows! {
    /// What one deal grants of one plan.
    pub(crate) struct License in "licenses" {
        pub id: LicenseId,
        pub deal_id: DealId,
        pub plan_id: PlanId,
        pub pool_id: PoolId,
        pub service_id: ServiceId,
        pub quantity: i64,
    }
}

db::rows! {
    /// All seats of one plan that one customer holds.
    pub(crate) struct Pool in "pools" {
        pub id: PoolId,
        pub tenant_id: TenantId,
        pub plan_id: PlanId,
        pub service_id: ServiceId,
        pub granted: i64,
        pub in_use: i64,
    }
}

db::rows! {
    /// What one customer holds of one publisher, all plans together.
    pub(crate) struct Holding in "pools" {
        pub tenant_id: TenantId,
        pub plans: i64,
        pub granted: i64,
        pub assigned: i64,
    }
}

impl Holding {
    pub(crate) fn nothing(tenant_id: TenantId) -> Self {
        Self { tenant_id, plans: 0, granted: 0, assigned: 0 }
    }
}

impl Pool {
    pub(crate) fn available(&self) -> i64 {
        self.granted - self.in_use
    }
}
