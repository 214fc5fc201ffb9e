//! What assignments announce.

use types::{PoolId, ServiceId, UserId};

use crate::events::events;

events! {
    /// Users got a seat; at most 500 in one event.
    SeatsTaken "seats.taken" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
    /// Users' seats became free; at most 500 in one event.
    SeatsFreed "seats.freed" { pool: PoolId, service_id: ServiceId, users: Vec<UserId> }
}

/// Users in one event.
pub(super) const USERS: usize = 500;
