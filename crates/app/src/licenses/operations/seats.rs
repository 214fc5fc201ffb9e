//! Take and free seats of a pool (LIC-06).

use db::Tx;
use types::{PoolId, ServiceId, TenantId};

use crate::kit::Refused;
use crate::licenses::{Pool, store};

/// A pool, held until the end of the unit: what is counted then is still so when it is written.
pub(crate) async fn lock(tx: &mut Tx, tenant: &TenantId, service: &ServiceId) -> Result<Pool, Refused> {
    store::lock_pool(tx, tenant, service).await?.ok_or_else(|| Refused::not_found("license"))
}

/// Takes seats if there are as many; `None` if there are not, and nothing has changed.
pub(crate) async fn take(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, Refused> {
    Ok(store::take_seats(tx, pool, count).await?)
}

pub(crate) async fn free(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Pool, Refused> {
    let freed = store::free_seats(tx, pool, count).await?;
    freed.ok_or_else(|| Refused::internal("more seats were freed than were in use"))
}
