//! What changes rights: the steps of a tenant's log.

use serde::{Deserialize, Serialize};
use types::{PublisherId, ServiceId, Timestamp, UserId};

use crate::Grace;

/// One step of a tenant's log, as far as rights are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Users {
        users: Vec<UserId>,
        status: UserStatus,
    },
    Seats {
        service: ServiceId,
        users: Vec<UserId>,
        seat: Seat,
    },
    /// The tenant holds licenses of this service (or none any more).
    License {
        service: ServiceId,
        license: Option<License>,
    },
    /// A publisher may (or may no longer) ask about this tenant.
    Publisher {
        publisher: PublisherId,
        related: bool,
    },
}

/// Whether a user may be allowed anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    Active,
    /// Deactivated or deleted; its seats are no longer known.
    Gone,
}

/// What becomes of a user's seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// Also again, after it was over or waiting.
    Taken,
    /// The capacity went (LIC-07, LIC-08).
    Over(Grace),
    /// In the queue for a seat.
    Waiting,
    Freed,
}

/// A tenant's licenses of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct License {
    /// Set if all of them end: then, and this is what is left of the seats.
    pub end: Option<End>,
}

impl License {
    /// Whether it has not ended.
    pub fn holds(self, now: Timestamp) -> bool {
        self.end.is_none_or(|end| now < end.at)
    }
}

/// When licenses end, and what is left then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub at: Timestamp,
    pub grace: Grace,
}
