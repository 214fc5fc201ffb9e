//! Hold a pool, brought up to the present: what has ended is settled first (DEA-05).

use db::Tx;
use entitlement::{Grace, GraceTimes};
use types::{ServiceId, TenantId, Timestamp};

use crate::access::{LicenseGrant, Permission, Right};
use crate::deals::operations::find as deals;
use crate::kit::Refused;
use crate::licenses::events::LicenseEnded;
use crate::licenses::license::{granted, last_end, next_end};
use crate::licenses::{License, store};
use crate::seats::Pool;
use crate::seats::operations::{capacity, gone, holds};

/// A pool of a customer, held until the end of the unit. What is gone of it has left.
pub(crate) async fn lock<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    customer: &TenantId,
    service: &ServiceId,
) -> Result<Pool, Refused> {
    let pool = lock_with_gone(tx, right, customer, service).await?;
    while !gone::remove(tx, right, &pool).await? {}
    // After who was gone and waits again: such a user, too, may get what is released.
    holds::release_over(tx, right, pool).await
}

/// The same where what is gone may still be there, and what was held for long enough is not released yet.
pub(crate) async fn lock_with_gone<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    customer: &TenantId,
    service: &ServiceId,
) -> Result<Pool, Refused> {
    let pool = capacity::lock(tx, customer, service).await?;
    settle(tx, right, pool).await
}

/// Every pool of a customer, held in one order.
pub(crate) async fn lock_all<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    customer: &TenantId,
) -> Result<Vec<Pool>, Refused> {
    let mut pools = capacity::lock_all(tx, customer).await?;
    for pool in &mut pools {
        *pool = settle(tx, right, pool.clone()).await?;
        while !gone::remove(tx, right, pool).await? {}
        *pool = holds::release_over(tx, right, pool.clone()).await?;
    }
    Ok(pools)
}

/// Brings a pool that is held up to the present. Whoever happens to do it, it is time that ended the
/// licenses.
async fn settle<P: Permission>(tx: &mut Tx, right: &Right<P>, mut pool: Pool) -> Result<Pool, Refused> {
    let is_due = |pool: &Pool| pool.settle_at.filter(|at| *at <= right.now());
    if is_due(&pool).is_none() {
        return Ok(pool);
    }
    let random = right.random().clone();
    let system = Right::<LicenseGrant>::of_the_machine(pool.tenant_id, None, right.now(), random);
    let licenses = store::list_of_pool(tx, &pool.id).await?;
    while let Some(at) = is_due(&pool) {
        pool = end(tx, &system, pool, &licenses, at).await?;
    }
    Ok(pool)
}

/// Ends the licenses of a pool that end at one moment.
async fn end(
    tx: &mut Tx,
    right: &Right<LicenseGrant>,
    pool: Pool,
    licenses: &[License],
    at: Timestamp,
) -> Result<Pool, Refused> {
    let ended: Vec<&License> = licenses.iter().filter(|license| license.ends_at == Some(at)).collect();
    let graces = ended.iter().filter_map(|license| license.end()).map(|end| end.grace);
    let grace = graces.reduce(Grace::and).unwrap_or_else(|| GraceTimes::default().ended(at));
    let (pool, over) =
        capacity::set_granted(tx, right, &pool, granted(licenses, at), next_end(licenses, at), grace).await?;
    for License { deal_id, plan_id, service_id, quantity, .. } in ended {
        let event = LicenseEnded {
            customer: pool.tenant_id,
            deal: *deal_id,
            plan: *plan_id,
            service_id: service_id.clone(),
            quantity: *quantity,
            ended_at: at,
            over,
            pool_granted: pool.granted,
            pool_end: last_end(licenses, at),
        };
        let publisher = deals::any_deal(tx, deal_id).await?.tenant_id;
        right.record_for(tx, &[publisher, pool.tenant_id], &event)?;
    }
    Ok(pool)
}

/// Grants a pool that is held what its licenses add up to now. How many seats went over; these have
/// this grace.
pub(super) async fn add_up<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    licenses: &[License],
    grace: Grace,
) -> Result<(Pool, i64), Refused> {
    let now = right.now();
    capacity::set_granted(tx, right, pool, granted(licenses, now), next_end(licenses, now), grace).await
}
