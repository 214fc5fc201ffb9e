//! Look up licenses and pools.

use db::{DbError, Tx};
use types::{DealId, ServiceId, TenantId};

use crate::access::{DealView, LicenseView, Permission, Right};
use crate::deals::Deal;
use crate::deals::operations::find as deals;
use crate::kit::Refused;
use crate::licenses::{License, Pool, store};

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

/// The pools of this right's tenant that still have seats.
pub(crate) async fn pools(tx: &mut Tx, right: &Right<LicenseView>) -> Result<Vec<Pool>, Refused> {
    let pools = store::list_pools(tx, &right.tenant()).await?;
    Ok(pools.into_iter().filter(|pool| pool.granted > 0).collect())
}

/// One pool of this right's tenant; a tenant that never had the plan has no pool.
pub(crate) async fn pool<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    service: &ServiceId,
) -> Result<Pool, Refused> {
    store::find_pool(tx, &right.tenant(), service).await?.ok_or_else(|| Refused::not_found("license"))
}

/// Whether a tenant has a seat of any plan of the offer at this address.
pub(crate) async fn holds_any_of(tx: &mut Tx, tenant: &TenantId, address: &str) -> Result<bool, DbError> {
    let of_the_offer = |pool: &Pool| {
        pool.service_id.as_str().strip_prefix(address).is_some_and(|plan| plan.starts_with('.'))
    };
    let pools = store::list_pools(tx, tenant).await?;
    Ok(pools.iter().any(|pool| pool.granted > 0 && of_the_offer(pool)))
}

/// Every pool of a tenant, for the entitlement index.
pub(crate) async fn pools_of(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, DbError> {
    store::list_pools(tx, tenant).await
}
