//! What becomes of seats. At most 500 users in one event.

use entitlement::Grace;
use types::{LeaseId, PoolId, ServiceId, UserId};

use super::Policy;
use crate::events::events;

events! {
    /// Users got a seat.
    SeatsTaken "seats.taken" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
    /// Users' seats became free.
    SeatsFreed "seats.freed" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
    /// Users' seats are beyond what is granted; this is how long they are usable and kept.
    SeatsOver "seats.over" { pool: PoolId, service_id: ServiceId, users: Vec<UserId>, grace: Grace }
    /// Users whose seats were beyond what is granted have them again.
    SeatsRestored "seats.restored" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
    /// Users wait for a seat.
    SeatsWaiting "seats.waiting" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
    /// Seats that leases hold count as in use, though they are nobody's.
    SeatsHeld "seats.held" { pool: PoolId, service_id: ServiceId, seats: i64 }
    /// They do no more. `cut`: whose holds ended early, because less is granted.
    SeatsReleased "seats.released" { pool: PoolId, service_id: ServiceId, seats: i64, cut: Vec<LeaseId> }
    /// Which seats go first when there are too few.
    PolicyChanged "license.policy_changed" { pool: PoolId, service_id: ServiceId, policy: Policy }
}

/// Users in one event.
pub(super) const USERS: usize = 500;
