//! What a pool was when a day ended, and what that is at an instant; pure.

use entitlement::State;
use serde::{Deserialize, Serialize};
use types::{ServiceId, TenantId, Timestamp};

use crate::kit::{JsonColumn, text_enum};
use crate::seats::{self, SeatState};

/// Seats besides the active ones that share their state and dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beyond {
    pub state: SeatState,
    pub usable_until: Option<Timestamp>,
    pub kept_until: Option<Timestamp>,
    pub n: i64,
}

db::rows! {
    /// A pool as it was left by the last change before some instant.
    pub(crate) struct Point in "report_points" {
        pub tenant_id: TenantId,
        pub service_id: ServiceId,
        pub granted: i64,
        pub assigned: i64,
        pub beyond: JsonColumn<Vec<Beyond>>,
    }
}

text_enum! {
    /// What becomes of a license: what is left of its seats once nothing is granted (LIC-08).
    LicenseState {
        Active = "active",
        /// Ended or removed, its seats are usable for a while.
        Warning = "warning",
        /// Its seats are not usable, and kept for a while.
        Suspended = "suspended",
        /// Nothing is left.
        Gone = "gone",
    }
}

/// Seats by what they are at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counts {
    pub granted: i64,
    pub assigned: i64,
    pub warning: i64,
    pub suspended: i64,
    pub waiting: i64,
}

impl Counts {
    /// Time goes on where nothing happens: seats that are over become something else by it.
    pub(crate) fn at(granted: i64, assigned: i64, beyond: &[Beyond], at: Timestamp) -> Self {
        let mut counts = Self { granted, assigned, ..Self::default() };
        for beyond in beyond {
            let grace = seats::grace(beyond.usable_until, beyond.kept_until);
            match seats::standing(beyond.state, grace, at) {
                Some(State::Warning) => counts.warning += beyond.n,
                Some(State::Suspended) => counts.suspended += beyond.n,
                Some(State::Waiting) => counts.waiting += beyond.n,
                Some(State::Active) | None => {}
            }
        }
        counts
    }

    pub(crate) fn available(&self) -> i64 {
        self.granted - self.assigned
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.granted + self.warning + self.suspended + self.waiting == 0
    }

    pub(crate) fn state(&self) -> LicenseState {
        match self {
            Self { granted: 1.., .. } => LicenseState::Active,
            Self { warning: 1.., .. } => LicenseState::Warning,
            Self { suspended: 1.., .. } => LicenseState::Suspended,
            _ => LicenseState::Gone,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.granted += other.granted;
        self.assigned += other.assigned;
        self.warning += other.warning;
        self.suspended += other.suspended;
        self.waiting += other.waiting;
    }
}

impl Point {
    pub(crate) fn counts(&self, at: Timestamp) -> Counts {
        Counts::at(self.granted, self.assigned, &self.beyond.0, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::default().plus_days(day)
    }

    /// LIC-08: a point that nothing follows still says what time makes of its seats.
    #[test]
    fn a_removed_license_is_in_warning_then_suspended_then_gone() {
        let over =
            Beyond { state: SeatState::Over, usable_until: Some(day(30)), kept_until: Some(day(120)), n: 2 };
        let state = |at| Counts::at(0, 0, std::slice::from_ref(&over), day(at)).state();
        assert_eq!(
            [0, 29, 30, 119, 120].map(state),
            [
                LicenseState::Warning,
                LicenseState::Warning,
                LicenseState::Suspended,
                LicenseState::Suspended,
                LicenseState::Gone
            ]
        );
        assert_eq!(Counts::at(1, 1, &[over], day(0)).state(), LicenseState::Active);
    }
}
