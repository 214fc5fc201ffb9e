//! Look up pools, seats and their history.

use std::collections::HashMap;

use db::{DbError, Tx};
use types::{GroupId, Page, PageRequest, PoolId, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use crate::kit::Refused;
use crate::seats::pool::CountedPool;
use crate::seats::seat::BeyondCount;
use crate::seats::{Holding, OpenPath, Path, Pool, Seat, SeatState, pool_store, store, tenant_store};

/// One pool; a tenant that never had the plan has none.
pub(crate) async fn pool(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Option<Pool>, DbError> {
    pool_store::find_pool(tx, tenant, service).await
}

pub(crate) async fn pools(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, DbError> {
    pool_store::list_pools(tx, tenant).await
}

/// Pools of which a license has ended, or a hold is over, that they do not know of.
pub(crate) async fn due_pools(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Pool>, DbError> {
    pool_store::list_due_pools(tx, now, limit).await
}

/// Pools that have seats which are gone.
pub(crate) async fn gone_pools(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Pool>, DbError> {
    pool_store::list_gone_pools(tx, now, limit).await
}

/// Every pool, with how many seats it really has in use: for the doctor.
pub(crate) async fn counted_pools(tx: &mut Tx) -> Result<Vec<CountedPool>, DbError> {
    pool_store::count_pools(tx).await
}

/// What these customers hold of a publisher; those that hold nothing are left out.
pub(crate) async fn holdings(
    tx: &mut Tx,
    publisher: &PublisherId,
    customers: &[TenantId],
) -> Result<Vec<Holding>, DbError> {
    pool_store::list_holdings(tx, publisher, customers).await
}

/// How many seats of a tenant's pools are over or wait.
pub(crate) async fn beyond(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<BeyondCount>, DbError> {
    tenant_store::count_beyond(tx, tenant).await
}

/// A page of the seats of a pool, with the paths that keep each. Those that are gone are left out.
pub(crate) async fn seats(
    tx: &mut Tx,
    pool: &PoolId,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<(Seat, Vec<Path>)>, Refused> {
    let seats = store::list_seats(tx, pool, page).await?;
    let Page { items, next_cursor } = Page::cut(seats, page, |seat| seat.user_id.as_bytes().to_vec());
    let mut rows = Vec::with_capacity(items.len());
    for seat in items.into_iter().filter(|seat| seat.standing(now).is_some()) {
        let paths = store::list_open_paths(tx, &seat.pool_id, &seat.user_id).await?;
        rows.push((seat, paths));
    }
    Ok(Page { items: rows, next_cursor })
}

/// A page of the seats that have no capacity, in the order in which they get it. Those that are gone are left out.
pub(crate) async fn queue(
    tx: &mut Tx,
    pool: &PoolId,
    page: &PageRequest,
    now: Timestamp,
) -> Result<Page<(Seat, Vec<Path>)>, Refused> {
    let seats = store::list_queue(tx, pool, queue_place(page), page.fetch()).await?;
    let Page { items, next_cursor } = Page::cut(seats, page, queue_key);
    let mut rows = Vec::with_capacity(items.len());
    for seat in items.into_iter().filter(|seat| seat.standing(now).is_some()) {
        let paths = store::list_open_paths(tx, &seat.pool_id, &seat.user_id).await?;
        rows.push((seat, paths));
    }
    Ok(Page { items: rows, next_cursor })
}

/// The sort key of a seat in the queue: time, user, and what it is.
fn queue_key(seat: &Seat) -> Vec<u8> {
    let (since, state) = (seat.since.micros().to_be_bytes(), seat.state.as_str().as_bytes());
    [since.as_slice(), seat.user_id.as_bytes(), state].concat()
}

/// The same read back; before everybody where there is none.
fn queue_place(page: &PageRequest) -> (&str, i64, [u8; 16]) {
    let read = |key: &'_ [u8]| -> Option<(i64, [u8; 16])> {
        let (since, user) = (key.get(..8)?.try_into().ok()?, key.get(8..24)?.try_into().ok()?);
        Some((i64::from_be_bytes(since), user))
    };
    let key = page.after.as_deref().unwrap_or_default();
    let state = key.get(24..).and_then(|state| std::str::from_utf8(state).ok()).unwrap_or_default();
    let (since, user) = read(key).unwrap_or_default();
    (state, since, user)
}

/// The place of a seat in the queue, from 1; `None` for one that is active.
pub(crate) async fn position(tx: &mut Tx, seat: &Seat, now: Timestamp) -> Result<Option<i64>, DbError> {
    match seat.state {
        SeatState::Active => Ok(None),
        SeatState::Over | SeatState::Waiting => store::find_position(tx, seat, now).await.map(Some),
    }
}

/// ASG-09: every path that led or leads to a user's seat.
pub(crate) async fn history(tx: &mut Tx, pool: &PoolId, user: &UserId) -> Result<Vec<Path>, DbError> {
    store::list_paths(tx, pool, user).await
}

/// Those of the users who have a seat now, and whether it is one that waits.
pub(crate) async fn seated_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<(UserId, SeatState)>, DbError> {
    let rows = store::seated_among(tx, pool, users).await?;
    let here = rows.into_iter().filter(|row| !row.is_gone(now));
    let mut here: Vec<_> = here.map(|row| (row.user_id, row.state)).collect();
    here.sort_unstable_by_key(|(user, _)| *user);
    Ok(here)
}

/// The seats of a user; those that are gone are left out.
pub(crate) async fn seats_of_user(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<Seat>, DbError> {
    let mut seats = tenant_store::list_seats_of_user(tx, tenant, user).await?;
    seats.retain(|seat| seat.standing(now).is_some());
    Ok(seats)
}

/// The seat of a user of one service, unless it is gone.
pub(crate) async fn seat_of(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    service: &ServiceId,
    now: Timestamp,
) -> Result<Option<Seat>, DbError> {
    let seats = seats_of_user(tx, tenant, user, now).await?;
    Ok(seats.into_iter().find(|seat| seat.service_id == *service))
}

/// Who has an active seat of a service.
pub(crate) async fn active(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Vec<UserId>, DbError> {
    tenant_store::list_active(tx, tenant, service).await
}

/// Every seat of a tenant that is over or waits, whatever it is by now.
pub(crate) async fn seats_beyond(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Seat>, DbError> {
    tenant_store::list_beyond(tx, tenant).await
}

/// The seats of these users, whatever they are by now.
pub(crate) async fn seats_of_users(
    tx: &mut Tx,
    tenant: &TenantId,
    users: &[UserId],
) -> Result<Vec<Seat>, DbError> {
    tenant_store::list_seats_of_users(tx, tenant, users).await
}

/// Who has a seat, or waits for one, through a group; sorted.
pub(crate) async fn users_of_group(
    tx: &mut Tx,
    pool: &PoolId,
    group: GroupId,
) -> Result<Vec<UserId>, DbError> {
    store::list_open_of_group(tx, pool, group).await
}

/// Why each of these users has a seat or waits for one: user and source.
pub(crate) async fn sources_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<(UserId, String)>, DbError> {
    let open = store::open_among(tx, pool, users).await?;
    Ok(open.into_iter().map(|path| (path.user_id, path.source)).collect())
}

/// The open paths of these users.
pub(crate) async fn open_paths_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<OpenPath>, DbError> {
    store::open_among(tx, pool, users).await
}

/// When users were last unassigned, by user.
pub(crate) async fn unassigned_at(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<HashMap<UserId, Timestamp>, DbError> {
    let ended = store::last_ended_among(tx, pool, users).await?;
    Ok(ended.into_iter().map(|path| (path.user_id, path.ended_at)).collect())
}
