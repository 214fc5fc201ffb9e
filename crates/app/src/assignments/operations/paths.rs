//! Open and close paths to seats: the one place where seats come and go (ASG-03).

use db::Tx;
use types::UserId;

use crate::access::{Permission, Right};
use crate::assignments::events::{SeatsFreed, SeatsTaken, USERS};
use crate::assignments::store::NewPath;
use crate::assignments::{Seat, Source, store};
use crate::kit::Refused;
use crate::licenses::Pool;
use crate::licenses::operations::seats;

/// Opens a path for each user. Those without a seat take one; `None`, and nothing done, if there are not
/// as many. The pool must be held. Who took a seat is told.
pub(crate) async fn open_paths<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    source: &Source,
    users: &[UserId],
) -> Result<Option<(Pool, Vec<UserId>)>, Refused> {
    let mut users = users.to_vec();
    users.sort_unstable();
    users.dedup();
    let mut seated = store::seated_among(tx, &pool.id, &users).await?;
    seated.sort_unstable();
    let new: Vec<UserId> = users.iter().copied().filter(|user| seated.binary_search(user).is_err()).collect();
    let mut pool = pool.clone();
    if !new.is_empty() {
        let count = i64::try_from(new.len()).map_err(Refused::internal)?;
        match seats::take(tx, &pool.id, count).await? {
            Some(left) => pool = left,
            None => return Ok(None),
        }
        let rows: Vec<Seat> = new.iter().map(|user| seat(right, &pool, *user)).collect();
        store::insert_seats(tx, &right.tenant(), &rows).await?;
    }
    let paths: Vec<_> = users.iter().map(|user| (right.new_id(), *user)).collect();
    let by = right.actor().to_string();
    store::insert_paths(tx, &pool.id, source, &paths, (right.now(), &by)).await?;
    for users in new.chunks(USERS) {
        let event = SeatsTaken { pool: pool.id, service_id: pool.service_id.clone(), users: users.to_vec() };
        right.record(tx, &event)?;
    }
    Ok(Some((pool, new)))
}

/// Opens a path for one user, for whom a seat has been taken already; it is given back if the user had one.
/// Whether it is a new one; then it is told.
pub(super) async fn open_path<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: Pool,
    source: &Source,
    user: UserId,
) -> Result<(Pool, bool), Refused> {
    let (seat, by) = (seat(right, &pool, user), right.actor().to_string());
    let path = NewPath { id: right.new_id(), source: source.to_string(), by };
    if !store::insert_seat_and_path(tx, &right.tenant(), &seat, &path).await? {
        return Ok((seats::free(tx, &pool.id, 1).await?, false));
    }
    right
        .record(tx, &SeatsTaken { pool: pool.id, service_id: pool.service_id.clone(), users: vec![user] })?;
    Ok((pool, true))
}

fn seat<P: Permission>(right: &Right<P>, pool: &Pool, user: UserId) -> Seat {
    Seat {
        id: right.new_id(),
        pool_id: pool.id,
        user_id: user,
        service_id: pool.service_id.clone(),
        since: right.now(),
    }
}

/// Ends the paths of a source. Users who have no other one free their seat. Whose path ended is told.
pub(crate) async fn close_paths<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    source: &Source,
    users: &[UserId],
) -> Result<(Pool, Vec<UserId>), Refused> {
    let by = right.actor().to_string();
    let mut ended = store::close_paths(tx, &pool.id, source, users, (right.now(), &by)).await?;
    ended.sort_unstable();
    let pool = free_pathless(tx, right, pool, &ended).await?;
    Ok((pool, ended))
}

/// Frees the seats that no path keeps any more.
pub(super) async fn free_pathless<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    users: &[UserId],
) -> Result<Pool, Refused> {
    let mut freed = store::delete_pathless(tx, &pool.id, users).await?;
    if freed.is_empty() {
        return Ok(pool.clone());
    }
    freed.sort_unstable();
    let count = i64::try_from(freed.len()).map_err(Refused::internal)?;
    let left = seats::free(tx, &pool.id, count).await?;
    for users in freed.chunks(USERS) {
        let event = SeatsFreed { pool: pool.id, service_id: pool.service_id.clone(), users: users.to_vec() };
        right.record(tx, &event)?;
    }
    Ok(left)
}
