//! Open and close paths to seats: the one place where seats come and go (ASG-03).

use db::Tx;
use types::{PoolId, Timestamp, UserId};

use super::{actor_text, capacity, holds, tell};
use crate::access::{Permission, Right};
use crate::kit::Refused;
use crate::seats::seat::SeatRow;
use crate::seats::store::NewPath;
use crate::seats::{Pool, Seat, SeatState, Source, store};

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
    let here = seated(tx, pool, &users).await?;
    // Who waits has no seat: if there were one, nobody would wait.
    if here.iter().any(|row| row.state == SeatState::Waiting) {
        return Ok(None);
    }
    let new = besides(&users, &here);
    let mut pool = pool.clone();
    if !new.is_empty() {
        let held = holds::held_among(tx, &pool, &new).await?;
        match capacity::take(tx, &pool.id, new.len() - held.len()).await? {
            Some(left) => pool = left,
            None => return Ok(None),
        }
        pool = holds::give_back(tx, right, pool, &held).await?;
        let members: Vec<_> = new.iter().map(|user| (*user, right.now())).collect();
        insert(tx, right, &pool, &members, SeatState::Active).await?;
    }
    open(tx, right, &pool.id, source, &users).await?;
    tell::taken(tx, right, &pool, &new)?;
    Ok(Some((pool, new)))
}

/// The seats of users, by user.
async fn seated(tx: &mut Tx, pool: &Pool, users: &[UserId]) -> Result<Vec<SeatRow>, Refused> {
    let mut rows = store::seated_among(tx, &pool.id, users).await?;
    rows.sort_unstable_by_key(|row| row.user_id);
    Ok(rows)
}

fn besides(users: &[UserId], seated: &[SeatRow]) -> Vec<UserId> {
    let has_one = |user: &UserId| seated.binary_search_by_key(user, |row| row.user_id).is_ok();
    users.iter().copied().filter(|user| !has_one(user)).collect()
}

/// Opens a path for each member. Those without a seat take one, the earliest first; who comes after the last
/// one waits (ASG-04). The pool must be held. Who took a seat and who waits is told.
pub(crate) async fn open_paths_or_wait<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    source: &Source,
    members: &[(UserId, Timestamp)],
) -> Result<Pool, Refused> {
    let mut users: Vec<UserId> = members.iter().map(|(user, _)| *user).collect();
    users.sort_unstable();
    let besides = besides(&users, &seated(tx, pool, &users).await?);
    let mut new: Vec<(UserId, Timestamp)> =
        members.iter().copied().filter(|(user, _)| besides.binary_search(user).is_ok()).collect();
    // For whom a seat is held has one already.
    let held = holds::held_among(tx, pool, &besides).await?;
    new.sort_unstable_by_key(|(user, since)| (!held.contains(user), *since, *user));
    let seats = held.len() + usize::try_from(pool.available()).unwrap_or_default();
    let waiting = new.split_off(seats.min(new.len()));
    let mut pool = pool.clone();
    if new.len() > held.len() {
        let left = capacity::take(tx, &pool.id, new.len() - held.len()).await?;
        pool = left.ok_or_else(|| Refused::internal("seats that were free are not"))?;
    }
    pool = holds::give_back(tx, right, pool, &held).await?;
    insert(tx, right, &pool, &new, SeatState::Active).await?;
    insert(tx, right, &pool, &waiting, SeatState::Waiting).await?;
    open(tx, right, &pool.id, source, &users).await?;
    tell::taken(tx, right, &pool, &sorted(&new))?;
    tell::waiting(tx, right, &pool, &sorted(&waiting))?;
    Ok(pool)
}

fn sorted(members: &[(UserId, Timestamp)]) -> Vec<UserId> {
    let mut users: Vec<UserId> = members.iter().map(|(user, _)| *user).collect();
    users.sort_unstable();
    users
}

async fn insert<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    members: &[(UserId, Timestamp)],
    state: SeatState,
) -> Result<(), Refused> {
    let seats: Vec<Seat> = members
        .iter()
        .map(|(user, since)| Seat { since: *since, state, ..seat(right, pool, *user) })
        .collect();
    Ok(store::insert_seats(tx, &seats).await?)
}

async fn open<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &PoolId,
    source: &Source,
    users: &[UserId],
) -> Result<(), Refused> {
    let paths: Vec<_> = users.iter().map(|user| (right.new_id(), *user)).collect();
    let by = actor_text(right.actor());
    Ok(store::insert_paths(tx, pool, source, &paths, (right.now(), &by)).await?)
}

/// Opens a path for one user without a seat, for whom one has been taken already. It is told.
pub(crate) fn open_path<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    source: &Source,
    user: UserId,
) -> Result<(), Refused> {
    let (seat, by) = (seat(right, pool, user), actor_text(right.actor()));
    let path = NewPath { id: right.new_id(), source: source.to_string(), by };
    store::insert_seat_and_path(tx, &seat, &path);
    Ok(tell::taken(tx, right, pool, &[user])?)
}

fn seat<P: Permission>(right: &Right<P>, pool: &Pool, user: UserId) -> Seat {
    Seat {
        pool_id: pool.id,
        user_id: user,
        service_id: pool.service_id.clone(),
        since: right.now(),
        state: SeatState::Active,
        usable_until: None,
        kept_until: None,
    }
}

/// Ends the paths of a source. Users who have no other one free their seat, which goes to whoever waits.
/// The pool must be held. Whose path ended is told, sorted.
pub(crate) async fn close_paths<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    source: &Source,
    users: &[UserId],
) -> Result<(Pool, Vec<UserId>), Refused> {
    let by = actor_text(right.actor());
    let ended = store::close_paths(tx, &pool.id, source, users, (right.now(), &by)).await?;
    let pool = free_pathless(tx, right, pool, &ended).await?;
    Ok((pool, ended))
}

/// Ends every path of a user to a pool that is held.
pub(crate) async fn close_all_paths<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    user: UserId,
) -> Result<Pool, Refused> {
    let by = actor_text(right.actor());
    store::close_all_paths(tx, &pool.id, &user, (right.now(), &by)).await?;
    free_pathless(tx, right, pool, &[user]).await
}

/// Frees the seats that no path keeps any more.
async fn free_pathless<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    users: &[UserId],
) -> Result<Pool, Refused> {
    let removed = store::delete_pathless(tx, &pool.id, users).await?;
    let active = removed.iter().filter(|row| row.state == SeatState::Active);
    let active: Vec<UserId> = active.map(|row| row.user_id).collect();
    tell_freed(tx, right, pool, &removed)?;
    let (pool, held) = holds::keep_freed(tx, right, pool, &active).await?;
    if active.len() == held {
        return Ok(pool);
    }
    let left = capacity::free(tx, &pool.id, active.len() - held).await?;
    capacity::fill(tx, right, left).await
}

/// Removes seats that are not active and that no path keeps any more; whose they were.
pub(super) async fn remove_pathless<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    users: &[UserId],
) -> Result<Vec<UserId>, Refused> {
    let removed = store::delete_pathless(tx, &pool.id, users).await?;
    tell_freed(tx, right, pool, &removed)
}

fn tell_freed<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    removed: &[SeatRow],
) -> Result<Vec<UserId>, Refused> {
    let mut users: Vec<UserId> = removed.iter().map(|row| row.user_id).collect();
    users.sort_unstable();
    tell::freed(tx, right, pool, &users)?;
    Ok(users)
}
