//! Seats and paths.

use std::fmt;

use types::{PoolId, SeatId, ServiceId, Timestamp, UserId};

use crate::kit::text_enum;

db::rows! {
    /// One user's seat of one pool.
    pub(crate) struct Seat in "seats" {
        pub id: SeatId,
        pub pool_id: PoolId,
        pub user_id: UserId,
        pub service_id: ServiceId,
        pub since: Timestamp,
    }
}

db::rows! {
    /// A seat as the entitlement index needs it.
    pub(super) struct SeatedUser in "seats" {
        pub(super) user_id: UserId,
        pub(super) service_id: ServiceId,
    }
}

db::rows! {
    /// Why a user has, or had, a seat.
    pub(crate) struct Path in "seat_paths" {
        pub source: String,
        pub started_at: Timestamp,
        pub started_by: String,
        pub ended_at: Option<Timestamp>,
        pub ended_by: Option<String>,
    }
}

/// Where a path comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Somebody assigned the user.
    Direct,
    /// The user is in a group that has the license; nothing makes one yet.
    #[cfg(test)]
    Group(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("direct"),
            #[cfg(test)]
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}

text_enum! {
    /// Why a user cannot get a seat.
    FailureKind {
        /// No seat is left.
        CountViolation = "CountViolation",
        UserUnknown = "UserUnknown",
        UserInactive = "UserInactive",
    }
}

text_enum! {
    /// What a request did for one user.
    Outcome {
        Assigned = "assigned",
        AlreadyAssigned = "already_assigned",
        Unassigned = "unassigned",
        NotAssigned = "not_assigned",
        Failed = "failed",
    }
}
