//! Pools.

use db::{ColumnError, FromRow, Row};
use types::{PlanId, PoolId, ServiceId, TenantId, Timestamp};

use crate::kit::text_enum;

text_enum! {
    /// Which seats go first when there are fewer than are in use (LIC-07).
    Policy {
        NewestFirst = "newest_first",
        OldestFirst = "oldest_first",
        LeastRecentlyUsed = "least_recently_used",
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
        pub policy: Policy,
        /// When the next of its licenses ends: from then on the pool is settled before anything else.
        pub settle_at: Option<Timestamp>,
        /// In use and nobody's: leases hold them (CHK-08).
        pub held: i64,
    }
}

/// A pool of which one seat was taken for a user.
pub(crate) struct Taken {
    pub pool: Pool,
    /// Whether the user has a seat of it, whatever it is. It is what was so before the pool was held: if somebody gave
    /// the user one at that moment, the seat cannot be inserted, and the unit is run again.
    pub is_seated: bool,
}

impl FromRow for Taken {
    const TABLE: &'static str = Pool::TABLE;

    fn from_row(row: &Row) -> Result<Self, ColumnError> {
        let since: Option<Timestamp> = row.get("seated_since")?;
        Ok(Self { pool: Pool::from_row(row)?, is_seated: since.is_some() })
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

db::rows! {
    /// How many active seats of a service nobody uses.
    pub(super) struct IdleCount in "seats" {
        pub service_id: ServiceId,
        pub n: i64,
    }
}

db::rows! {
    /// A pool, with what it should count.
    pub(crate) struct CountedPool in "pools" {
        pub id: PoolId,
        pub tenant_id: TenantId,
        pub service_id: ServiceId,
        pub granted: i64,
        pub in_use: i64,
        pub settle_at: Option<Timestamp>,
        pub held: i64,
        /// How many seats are active.
        pub active: i64,
        /// How many are held.
        pub holds: i64,
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
