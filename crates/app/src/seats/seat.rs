//! Seats and paths.

use std::fmt;

use entitlement::{Grace, State};
use types::{GroupId, PoolId, ServiceId, Timestamp, UserId};

use crate::kit::text_enum;

text_enum! {
    /// What a seat is, apart from what time makes of it.
    SeatState {
        /// One of those granted.
        Active = "active",
        /// Was active; its capacity went.
        Over = "over",
        /// Never had capacity.
        Waiting = "waiting",
    }
}

text_enum! {
    /// What a seat is now.
    Standing {
        Active = "active",
        /// Usable for a while.
        Warning = "warning",
        /// Not usable, kept until it is gone.
        Suspended = "suspended",
        /// Not usable, in the queue for a seat.
        Waiting = "waiting",
        /// No seat any more.
        Gone = "gone",
    }
}

impl From<Option<State>> for Standing {
    fn from(state: Option<State>) -> Self {
        match state {
            Some(State::Active) => Self::Active,
            Some(State::Warning) => Self::Warning,
            Some(State::Suspended) => Self::Suspended,
            Some(State::Waiting) => Self::Waiting,
            None => Self::Gone,
        }
    }
}

db::rows! {
    /// One user's seat of one pool.
    pub(crate) struct Seat in "seats" {
        pub pool_id: PoolId,
        pub user_id: UserId,
        pub service_id: ServiceId,
        /// Its place in the order: when it was first assigned, or when the user joined the group.
        pub since: Timestamp,
        pub state: SeatState,
        pub usable_until: Option<Timestamp>,
        pub kept_until: Option<Timestamp>,
    }
}

/// The dates of a seat that is over.
pub(crate) fn grace(usable_until: Option<Timestamp>, kept_until: Option<Timestamp>) -> Option<Grace> {
    usable_until.map(|usable_until| Grace { usable_until, kept_until })
}

/// What a seat is at an instant; `None`: gone.
pub(crate) fn standing(state: SeatState, grace: Option<Grace>, now: Timestamp) -> Option<State> {
    match (state, grace) {
        (SeatState::Active, _) => Some(State::Active),
        (SeatState::Waiting, _) | (SeatState::Over, None) => Some(State::Waiting),
        (SeatState::Over, Some(grace)) => grace.state(now),
    }
}

impl Seat {
    pub(crate) fn grace(&self) -> Option<Grace> {
        grace(self.usable_until, self.kept_until)
    }

    /// What it is now; `None`: gone.
    pub(crate) fn standing(&self, now: Timestamp) -> Option<State> {
        standing(self.state, self.grace(), now)
    }
}

impl BeyondCount {
    pub(crate) fn standing(&self, now: Timestamp) -> Option<State> {
        standing(self.state, grace(self.usable_until, self.kept_until), now)
    }
}

db::rows! {
    /// A seat as whoever changes it needs it.
    pub(super) struct SeatRow in "seats" {
        pub(super) user_id: UserId,
        pub(super) state: SeatState,
        pub(super) usable_until: Option<Timestamp>,
        pub(super) kept_until: Option<Timestamp>,
    }
}

impl SeatRow {
    pub(super) fn is_gone(&self, now: Timestamp) -> bool {
        self.kept_until.is_some_and(|until| until <= now)
    }
}

db::rows! {
    /// How many seats of a pool, besides the active ones, share their state and dates.
    pub(crate) struct BeyondCount in "seats" {
        pub service_id: ServiceId,
        pub state: SeatState,
        pub usable_until: Option<Timestamp>,
        pub kept_until: Option<Timestamp>,
        pub n: i64,
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

db::rows! {
    /// An active seat that nobody uses.
    pub(crate) struct IdleSeat in "seats" {
        pub user_id: UserId,
        pub since: Timestamp,
        pub last_used_on: Option<Timestamp>,
    }
}

db::rows! {
    /// An open path among those of several users.
    pub(crate) struct OpenPath in "seat_paths" {
        pub user_id: UserId,
        pub source: String,
        pub started_at: Timestamp,
    }
}

db::rows! {
    /// When the last direct path of a user ended.
    pub(crate) struct EndedPath in "ended_paths" {
        pub(crate) user_id: UserId,
        pub(crate) ended_at: Timestamp,
    }
}

/// Where a path comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Somebody assigned the user.
    Direct,
    /// The user is in a group that has the license, itself or through other groups.
    Group(GroupId),
}

impl OpenPath {
    pub(crate) fn is_direct(&self) -> bool {
        self.source == DIRECT
    }
}

const DIRECT: &str = "direct";

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str(DIRECT),
            Self::Group(id) => write!(f, "group:{id}"),
        }
    }
}
