//! Seats that leases hold: they count as in use until a time, whoever has them meanwhile (CHK-08).
//!
//! As long as the user has the seat, it counts as that. When it is freed, it is held: nobody else gets it, for a copy
//! of the lease may be in use somewhere. The user who comes back has it again without taking another one. A block
//! is held as such. All of these want the pool held.

use std::collections::HashSet;

use db::Tx;
use types::{LeaseId, Timestamp, UserId};

use super::{capacity, tell};
use crate::access::{Permission, Right};
use crate::kit::Refused;
use crate::seats::hold_store::{self, Hold};
use crate::seats::{Pool, pool_store};

/// Whose seats are held, or which block's.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder {
    User(UserId),
    Block(LeaseId),
}

impl Holder {
    /// Ids of users and leases are of one shape and never the same.
    fn id(self) -> UserId {
        match self {
            Self::User(user) => user,
            Self::Block(lease) => UserId::from_bytes(*lease.as_bytes()),
        }
    }
}

/// Has a user's seat held until this time, should it be freed before.
pub(crate) async fn promise(tx: &mut Tx, pool: &Pool, user: UserId, until: Timestamp) -> Result<(), Refused> {
    Ok(hold_store::upsert_hold(tx, &pool.id, &Hold { holder_id: user, held: 0, until }).await?)
}

/// Takes seats for a block until this time; `None`, and nothing done, if there are not as many.
pub(crate) async fn take_block<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    (lease, seats): (LeaseId, u32),
    until: Timestamp,
) -> Result<Option<Pool>, Refused> {
    let count = usize::try_from(seats).map_err(Refused::internal)?;
    if capacity::take(tx, &pool.id, count).await?.is_none() {
        return Ok(None);
    }
    let hold = Hold { holder_id: Holder::Block(lease).id(), held: seats.into(), until };
    hold_store::upsert_hold(tx, &pool.id, &hold).await?;
    tell::held(tx, right, pool, hold.held)?;
    count_held(tx, pool, hold.held).await.map(Some)
}

/// Holds no longer than until this time; what is over by it goes to whoever waits.
pub(crate) async fn shorten<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: Pool,
    holder: Holder,
    until: Timestamp,
) -> Result<Pool, Refused> {
    hold_store::shorten_hold(tx, &pool.id, &holder.id(), until).await?;
    release_over(tx, right, pool).await
}

/// Frees what has been held for long enough.
pub(crate) async fn release_over<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: Pool,
) -> Result<Pool, Refused> {
    let over = hold_store::delete_over(tx, &pool.id, right.now()).await?;
    let seats: i64 = over.iter().map(|hold| hold.held).sum();
    if seats == 0 {
        return Ok(pool);
    }
    tell::released(tx, right, &pool, seats, Vec::new())?;
    count_held(tx, &pool, -seats).await?;
    let left = capacity::free(tx, &pool.id, usize::try_from(seats).map_err(Refused::internal)?).await?;
    capacity::fill(tx, right, left).await
}

/// Those of these users for whom a seat is held that counts.
pub(crate) async fn held_among(
    tx: &mut Tx,
    pool: &Pool,
    users: &[UserId],
) -> Result<HashSet<UserId>, Refused> {
    let held = hold_store::held_among(tx, &pool.id, users).await?;
    Ok(held.into_iter().map(|hold| hold.holder_id).collect())
}

/// So many more of a pool's seats are held, or fewer.
async fn count_held(tx: &mut Tx, pool: &Pool, more: i64) -> Result<Pool, Refused> {
    let left = pool_store::add_held(tx, &pool.id, more).await?;
    left.ok_or_else(|| Refused::internal("a pool that is held is not there"))
}

/// Holds the seats these users had and lost a moment ago, where that was promised; how many.
pub(super) async fn keep_freed<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    users: &[UserId],
) -> Result<(Pool, usize), Refused> {
    let held = hold_store::hold_freed(tx, &pool.id, users, right.now()).await?.len();
    if held == 0 {
        return Ok((pool.clone(), 0));
    }
    let seats = i64::try_from(held).map_err(Refused::internal)?;
    tell::held(tx, right, pool, seats)?;
    Ok((count_held(tx, pool, seats).await?, held))
}

/// Gives these users the seats that are held for them: they count as theirs now.
pub(super) async fn give_back<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: Pool,
    users: &HashSet<UserId>,
) -> Result<Pool, Refused> {
    if users.is_empty() {
        return Ok(pool);
    }
    let users: Vec<UserId> = users.iter().copied().collect();
    hold_store::let_go(tx, &pool.id, &users).await?;
    let seats = i64::try_from(users.len()).map_err(Refused::internal)?;
    tell::released(tx, right, &pool, seats, Vec::new())?;
    count_held(tx, &pool, -seats).await
}

/// What is granted went below what is held: as many are held no more.
pub(super) async fn cut<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    seats: i64,
) -> Result<Pool, Refused> {
    let (mut left, mut cut) = (seats, Vec::new());
    for hold in hold_store::list_held(tx, &pool.id).await? {
        let less = left.min(hold.held);
        if less > 0 {
            hold_store::set_held(tx, &pool.id, &hold.holder_id, hold.held - less).await?;
            cut.push(LeaseId::from_bytes(*hold.holder_id.as_bytes()));
            left -= less;
        }
    }
    if left > 0 {
        return Err(Refused::internal("more seats were in use than there are"));
    }
    tell::released(tx, right, pool, seats, cut)?;
    count_held(tx, pool, -seats).await
}
