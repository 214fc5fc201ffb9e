//! When seats were last used (ASG-10).

use std::collections::BTreeMap;

use db::Tx;
use types::{Page, PageRequest, PoolId, ServiceId, TenantId, Timestamp, UserId};

use crate::kit::Refused;
use crate::seats::seat::IdleSeat;
use crate::seats::{pool_store, store};

/// Notes that users used a service on a day. No event: it is an observation, nothing that anybody did.
pub(crate) async fn record(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    users: &[UserId],
    day: Timestamp,
) -> Result<(), Refused> {
    Ok(store::record_use(tx, tenant, service, users, day).await?)
}

/// Active seats that were assigned before this time and not used since.
pub(crate) async fn unused_since(
    tx: &mut Tx,
    pool: &PoolId,
    since: Timestamp,
    page: &PageRequest,
) -> Result<Page<IdleSeat>, Refused> {
    let seats = store::list_idle(tx, pool, since, page).await?;
    Ok(Page::cut(seats, page, |seat| seat.user_id.as_bytes().to_vec()))
}

/// How many of those each service has, without these users'.
pub(crate) async fn count_unused_since(
    tx: &mut Tx,
    tenant: &TenantId,
    since: Timestamp,
    without: &[UserId],
) -> Result<BTreeMap<ServiceId, i64>, Refused> {
    let all = pool_store::count_idle(tx, tenant, since).await?;
    let mut counts: BTreeMap<_, _> = all.into_iter().map(|count| (count.service_id, count.n)).collect();
    for count in pool_store::count_idle_among(tx, tenant, since, without).await? {
        *counts.entry(count.service_id).or_default() -= count.n;
    }
    Ok(counts)
}
