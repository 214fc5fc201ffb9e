//! Capacity: what is granted, what of it is taken, and who goes or comes when it changes (LIC-06, LIC-07).

use std::collections::BTreeMap;

use db::{Place, Together, Tx};
use entitlement::Grace;
use types::{PlanId, PoolId, ServiceId, TenantId, Timestamp, UserId};

use super::{holds, tell};
use crate::access::{Permission, Right};
use crate::kit::Refused;
use crate::seats::events::PolicyChanged;
use crate::seats::{Policy, Pool, Taken, pool_store, store};

/// Makes the pool of a customer and a plan, unless it is there.
pub(crate) async fn make<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    tenant: &TenantId,
    plan: &PlanId,
    service: &ServiceId,
) -> Result<(), Refused> {
    Ok(pool_store::insert_pool(tx, right.new_id(), tenant, plan, service).await?)
}

/// A pool, held until the end of the unit: what is counted then is still so when it is written. A license
/// may have ended that it does not know of: see the lock of `licenses`.
pub(crate) async fn lock(tx: &mut Tx, tenant: &TenantId, service: &ServiceId) -> Result<Pool, Refused> {
    pool_store::lock_pool(tx, tenant, service).await?.ok_or_else(|| Refused::not_found("license"))
}

/// Every pool of a tenant, held in one order.
pub(crate) async fn lock_all(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, Refused> {
    Ok(pool_store::lock_pools(tx, tenant).await?)
}

/// Takes seats if there are as many; `None` if there are not, and nothing has changed.
pub(super) async fn take(tx: &mut Tx, pool: &PoolId, count: usize) -> Result<Option<Pool>, Refused> {
    let count = i64::try_from(count).map_err(Refused::internal)?;
    Ok(pool_store::take_seats(tx, pool, count).await?)
}

/// The same for one seat of this user, among statements that travel together. None, too, if the pool is to be settled.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the statement borrows it until it is sent")]
pub(crate) fn take_one_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    service: &'a ServiceId,
    user: &'a UserId,
    now: &'a Timestamp,
) -> Place<Taken> {
    pool_store::take_one_in(together, tenant, service, user, now)
}

/// Gives seats back that were taken in the same unit, or whose users lost them; then [`fill`].
pub(crate) async fn free(tx: &mut Tx, pool: &PoolId, count: usize) -> Result<Pool, Refused> {
    let count = i64::try_from(count).map_err(Refused::internal)?;
    let freed = pool_store::free_seats(tx, pool, count).await?;
    freed.ok_or_else(|| Refused::internal("more seats were freed than were in use"))
}

/// LIC-07: sets what is granted, and when a license ends next. Active seats beyond it are over, with this
/// grace, chosen by the pool's policy; where seats are added, those who wait get them. The pool must be held.
/// How many seats went over.
pub(crate) async fn set_granted<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    granted: i64,
    settle_at: Option<Timestamp>,
    grace: Grace,
) -> Result<(Pool, i64), Refused> {
    let set = pool_store::set_granted(tx, &pool.id, granted, settle_at).await?;
    let mut set = set.ok_or_else(|| Refused::internal("a pool that is held is not there"))?;
    let (excess, mut over) = (pool.in_use - set.in_use, 0);
    if excess > 0 {
        let users = store::push_over(tx, &set, excess, grace).await?;
        over = i64::try_from(users.len()).map_err(Refused::internal)?;
        tell::over(tx, right, &set, &users, grace)?;
        if over < excess {
            set = holds::cut(tx, right, &set, excess - over).await?;
        }
    }
    if granted == 0 && pool.granted > 0 {
        shorten(tx, right, &set, grace).await?;
    }
    Ok((fill(tx, right, set).await?, over))
}

/// Nothing is left: what was over before lasts no longer than what is over now.
async fn shorten<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    grace: Grace,
) -> Result<(), Refused> {
    let mut by_grace: BTreeMap<(Timestamp, Option<Timestamp>), Vec<UserId>> = BTreeMap::new();
    for row in store::shorten(tx, &pool.id, grace, right.now()).await? {
        let usable_until = row.usable_until.unwrap_or(grace.usable_until);
        by_grace.entry((usable_until, row.kept_until)).or_default().push(row.user_id);
    }
    for ((usable_until, kept_until), mut users) in by_grace {
        users.sort_unstable();
        tell::over(tx, right, pool, &users, Grace { usable_until, kept_until })?;
    }
    Ok(())
}

/// Gives free seats to those who wait for one, in order: first who had one, then who never did. The pool
/// must be held.
pub(crate) async fn fill<P: Permission>(tx: &mut Tx, right: &Right<P>, pool: Pool) -> Result<Pool, Refused> {
    let available = pool.available();
    if available == 0 {
        return Ok(pool);
    }
    let restored = store::restore(tx, &pool.id, available, right.now()).await?;
    let left = available - i64::try_from(restored.len()).map_err(Refused::internal)?;
    let admitted = if left > 0 { store::admit(tx, &pool.id, left).await? } else { Vec::new() };
    let count = restored.len() + admitted.len();
    if count == 0 {
        return Ok(pool);
    }
    tell::restored(tx, right, &pool, &restored)?;
    tell::taken(tx, right, &pool, &admitted)?;
    let filled = take(tx, &pool.id, count).await?;
    filled.ok_or_else(|| Refused::internal("seats that were free are not"))
}

/// Which seats go first when there are too few, from now on.
pub(crate) async fn set_policy<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: Pool,
    policy: Policy,
) -> Result<Pool, Refused> {
    if pool.policy == policy {
        return Ok(pool);
    }
    pool_store::set_policy(tx, &pool.id, policy).await?;
    right.record(tx, &PolicyChanged { pool: pool.id, service_id: pool.service_id.clone(), policy })?;
    Ok(Pool { policy, ..pool })
}
