//! Look up licenses and pools.

use db::{DbError, Tx};
use entitlement::State;
use types::{DealId, PoolId, ServiceId, TenantId, Timestamp};

use crate::access::{DealView, LicenseView, Permission, Right};
use crate::deals::Deal;
use crate::deals::operations::find as deals;
use crate::kit::Refused;
use crate::licenses::license::last_end;
use crate::licenses::{License, store};
use crate::seats::operations::find as seats;
use crate::seats::{BeyondCount, Pool};

/// What a deal of this right's tenant grants.
pub(crate) async fn licenses_of_deal(
    tx: &mut Tx,
    right: &Right<DealView>,
    deal: &DealId,
) -> Result<(Deal, Vec<License>), Refused> {
    let deal = deals::deal(tx, right, deal).await?;
    let licenses = store::list_licenses(tx, &deal.id).await?;
    Ok((deal, licenses))
}

/// A pool, and how many of its seats are beyond what is granted, by what they are now.
#[derive(Debug, Clone)]
pub(crate) struct PoolStatus {
    pub pool: Pool,
    /// Usable for a while.
    pub warning: i64,
    pub suspended: i64,
    pub waiting: i64,
}

impl PoolStatus {
    fn has_seats(&self) -> bool {
        self.pool.granted + self.warning + self.suspended + self.waiting > 0
    }
}

/// The pools of this right's tenant that have seats, granted or kept.
pub(crate) async fn pools(tx: &mut Tx, right: &Right<LicenseView>) -> Result<Vec<PoolStatus>, Refused> {
    let pools = seats::pools(tx, &right.tenant()).await?;
    let beyond = seats::beyond(tx, &right.tenant()).await?;
    let pools = pools.into_iter().map(|pool| status(pool, &beyond, right.now()));
    Ok(pools.filter(PoolStatus::has_seats).collect())
}

/// One pool of this right's tenant; a tenant that never had the plan has no pool.
pub(crate) async fn pool_status<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    service: &ServiceId,
) -> Result<PoolStatus, Refused> {
    let pool = pool(tx, right, service).await?;
    let beyond = seats::beyond(tx, &right.tenant()).await?;
    Ok(status(pool, &beyond, right.now()))
}

/// Whether a tenant has a pool of this plan with seats, granted or kept.
pub(super) async fn has_seats(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let Some(pool) = seats::pool(tx, tenant, service).await? else { return Ok(false) };
    let beyond = seats::beyond(tx, tenant).await?;
    Ok(status(pool, &beyond, now).has_seats())
}

fn status(pool: Pool, beyond: &[BeyondCount], now: Timestamp) -> PoolStatus {
    let mut status = PoolStatus { pool, warning: 0, suspended: 0, waiting: 0 };
    for count in beyond.iter().filter(|count| count.service_id == status.pool.service_id) {
        match count.standing(now) {
            Some(State::Warning) => status.warning += count.n,
            Some(State::Suspended) => status.suspended += count.n,
            Some(State::Waiting) => status.waiting += count.n,
            Some(State::Active) | None => {}
        }
    }
    status
}

/// The pool alone.
pub(crate) async fn pool<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    service: &ServiceId,
) -> Result<Pool, Refused> {
    seats::pool(tx, &right.tenant(), service).await?.ok_or_else(|| Refused::not_found("license"))
}

/// Whether a tenant has a seat of any plan of the offer at this address.
pub(crate) async fn holds_any_of(tx: &mut Tx, tenant: &TenantId, address: &str) -> Result<bool, DbError> {
    let of_the_offer = |pool: &Pool| {
        pool.service_id.as_str().strip_prefix(address).is_some_and(|plan| plan.starts_with('.'))
    };
    let pools = seats::pools(tx, tenant).await?;
    Ok(pools.iter().any(|pool| pool.granted > 0 && of_the_offer(pool)))
}

/// The latest deal that grants seats of a pool.
pub(crate) async fn latest_deal(tx: &mut Tx, pool: &Pool) -> Result<Deal, Refused> {
    let licenses = store::list_of_pool(tx, &pool.id).await?;
    let latest = licenses.last().ok_or_else(|| Refused::not_found("license"))?;
    deals::any_deal(tx, &latest.deal_id).await
}

/// What every deal grants of a pool, also what has ended, oldest first.
pub(crate) async fn grants_of_pool(tx: &mut Tx, pool: &Pool) -> Result<Vec<(License, Deal)>, Refused> {
    let mut grants = Vec::new();
    for license in store::list_of_pool(tx, &pool.id).await? {
        let deal = deals::any_deal(tx, &license.deal_id).await?;
        grants.push((license, deal));
    }
    Ok(grants)
}

/// Every pool of a tenant with when all it grants ends, for the entitlement index. What was granted and has
/// ended is told by its end, too, whether or not the pool knows.
pub(crate) async fn pools_of(
    tx: &mut Tx,
    tenant: &TenantId,
) -> Result<Vec<(ServiceId, Option<entitlement::License>)>, DbError> {
    let mut found = Vec::new();
    for pool in seats::pools(tx, tenant).await? {
        let license = match pool.settle_at {
            Some(_) => licensed_by(&pool, &store::list_of_pool(tx, &pool.id).await?),
            None => licensed_by(&pool, &[]),
        };
        found.push((pool.service_id, license));
    }
    Ok(found)
}

/// What a pool is licensed to, as the index knows it: of a pool that is to be settled, by its licenses.
pub(crate) fn licensed_by(pool: &Pool, licenses: &[License]) -> Option<entitlement::License> {
    // At the moment just before that, everything counts which the pool knows of.
    let end = pool.settle_at.and_then(|at| last_end(licenses, Timestamp::from_micros(at.micros() - 1)));
    (pool.granted > 0).then_some(entitlement::License { end })
}

/// What licenses that have not ended add up to, by pool: for the doctor.
pub(crate) async fn granted_by_pool(tx: &mut Tx, now: Timestamp) -> Result<Vec<(PoolId, i64)>, DbError> {
    store::sum_by_pool(tx, now).await
}
