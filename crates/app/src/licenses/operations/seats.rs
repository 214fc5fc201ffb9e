//! Take and free seats of a pool (LIC-06).

use db::{Place, Together, Tx};
use types::{PoolId, ServiceId, TenantId};

use crate::kit::Refused;
use crate::licenses::{Pool, store};

/// A pool, held until the end of the unit: what is counted then is still so when it is written.
pub(crate) async fn lock(tx: &mut Tx, tenant: &TenantId, service: &ServiceId) -> Result<Pool, Refused> {
    store::lock_pool(tx, tenant, service).await?.ok_or_else(|| Refused::not_found("license"))
}

/// Every pool of a tenant, held in one order.
pub(crate) async fn lock_all(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, Refused> {
    Ok(store::lock_pools(tx, tenant).await?)
}

/// Takes seats if there are as many; `None` if there are not, and nothing has changed.
pub(crate) async fn take(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, Refused> {
    Ok(store::take_seats(tx, pool, count).await?)
}

/// The same for one seat, among statements that travel together.
pub(crate) fn take_one_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    service: &'a ServiceId,
) -> Place<Pool> {
    store::take_one_in(together, tenant, service)
}

pub(crate) async fn free(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Pool, Refused> {
    let freed = store::free_seats(tx, pool, count).await?;
    freed.ok_or_else(|| Refused::internal("more seats were freed than were in use"))
}
