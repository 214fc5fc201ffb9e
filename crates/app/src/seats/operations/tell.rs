//! Tell what became of seats, in the log of the customer: a publisher learns nothing of its people (REL-06).

use db::{DbError, Tx};
use entitlement::Grace;
use types::{LeaseId, PoolId, ServiceId, UserId};

use crate::access::{Permission, Right};
use crate::events::Event;
use crate::seats::Pool;
use crate::seats::events::{
    SeatsFreed, SeatsHeld, SeatsOver, SeatsReleased, SeatsRestored, SeatsTaken, SeatsWaiting, USERS,
};

fn tell<P: Permission, E: Event>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
    event: impl Fn(PoolId, ServiceId, Vec<UserId>) -> E,
) -> Result<(), DbError> {
    for users in users.chunks(USERS) {
        let event = event(of.id, of.service_id.clone(), users.to_vec());
        right.record_for(tx, &[of.tenant_id], &event)?;
    }
    Ok(())
}

pub(super) fn taken<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
) -> Result<(), DbError> {
    tell(tx, right, of, users, |pool, service_id, users| SeatsTaken { pool, service_id, users })
}

pub(super) fn freed<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
) -> Result<(), DbError> {
    tell(tx, right, of, users, |pool, service_id, users| SeatsFreed { pool, service_id, users })
}

pub(super) fn over<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
    grace: Grace,
) -> Result<(), DbError> {
    tell(tx, right, of, users, |pool, service_id, users| SeatsOver { pool, service_id, users, grace })
}

pub(super) fn restored<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
) -> Result<(), DbError> {
    tell(tx, right, of, users, |pool, service_id, users| SeatsRestored { pool, service_id, users })
}

pub(super) fn waiting<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    users: &[UserId],
) -> Result<(), DbError> {
    tell(tx, right, of, users, |pool, service_id, users| SeatsWaiting { pool, service_id, users })
}

pub(super) fn held<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    seats: i64,
) -> Result<(), DbError> {
    let event = SeatsHeld { pool: of.id, service_id: of.service_id.clone(), seats };
    right.record_for(tx, &[of.tenant_id], &event)
}

pub(super) fn released<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    of: &Pool,
    seats: i64,
    cut: Vec<LeaseId>,
) -> Result<(), DbError> {
    let event = SeatsReleased { pool: of.id, service_id: of.service_id.clone(), seats, cut };
    right.record_for(tx, &[of.tenant_id], &event)
}
