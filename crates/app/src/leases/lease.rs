//! What is leased to whom.

use entitlement::lease::{Algorithm, Lease};
use types::{LeaseId, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use crate::kit::{JsonColumn, text_enum};

text_enum! {
    /// What a lease is now.
    LeaseStatus {
        Active = "active",
        Revoked = "revoked",
        Returned = "returned",
        /// Its time is over.
        Over = "over",
    }
}

text_enum! {
    /// How a lease ended before its time.
    Ending {
        /// Somebody revoked it.
        Revoked = "revoked",
        /// It is not in use any more.
        Returned = "returned",
        /// The seat was freed, or will not be usable as long.
        SeatLost = "seat_lost",
    }
}

db::rows! {
    /// A lease as stored.
    pub(crate) struct LeaseRow in "leases" {
        pub id: LeaseId,
        pub tenant_id: TenantId,
        pub publisher_tenant_id: TenantId,
        pub publisher_id: PublisherId,
        /// Absent: a block.
        pub user_id: Option<UserId>,
        pub services: JsonColumn<Vec<ServiceId>>,
        /// Of a block, of each service.
        pub seats: Option<i64>,
        /// The position of the tenant's log at which it was given.
        pub version: i64,
        pub issued_at: Timestamp,
        pub expires_at: Timestamp,
        pub revoked_at: Option<Timestamp>,
        pub returned_at: Option<Timestamp>,
    }
}

impl LeaseRow {
    pub(crate) fn status(&self, now: Timestamp) -> LeaseStatus {
        match (self.returned_at, self.revoked_at) {
            (Some(_), _) => LeaseStatus::Returned,
            _ if self.expires_at <= now => LeaseStatus::Over,
            (None, Some(_)) => LeaseStatus::Revoked,
            (None, None) => LeaseStatus::Active,
        }
    }
}

/// Whose leases somebody may see, give and end. Only [`super::operations::scope`] makes one, from a proof of right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    pub(super) tenant: TenantId,
    /// Set: those of this publisher alone.
    pub(super) publisher: Option<TenantId>,
    /// Set: those of this user alone.
    pub(super) user: Option<UserId>,
}

impl Scope {
    pub(super) fn sees(&self, lease: &LeaseRow) -> bool {
        lease.tenant_id == self.tenant
            && self.publisher.is_none_or(|publisher| lease.publisher_tenant_id == publisher)
            && self.user.is_none_or(|user| lease.user_id == Some(user))
    }
}

/// What is wished to be leased.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub thing: Thing,
    /// Absent: a day.
    pub seconds: Option<i64>,
    pub algorithm: Algorithm,
}

#[derive(Debug, Clone)]
pub(crate) enum Thing {
    /// All of them.
    Services(Vec<ServiceId>),
    /// Those of the services that open it which the user may use.
    Component { unique_name: String, offer: String },
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum WishHolder {
    User(UserId),
    /// As many seats of each service.
    Block(u32),
}

/// A lease that was given: the row, and the claims to be signed.
#[derive(Debug)]
pub(crate) struct Issued {
    pub row: LeaseRow,
    pub claims: Lease,
}
