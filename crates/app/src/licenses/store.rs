//! Every SQL statement of licenses.

use db::{DbError, Place, ToValue, Together, Tx};
use types::{DealId, LicenseId, PlanId, PoolId, PublisherId, ServiceId, TenantId};

use super::{Holding, License, Pool};
use crate::kit::padded;

/// Customers in one statement.
const MANY: usize = 50;

db::statements! {
    INSERT_POOL = "INSERT INTO pools (id, tenant_id, plan_id, service_id, granted, in_use)
        VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT DO NOTHING";
    FIND_POOL = "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
        WHERE tenant_id = $1 AND service_id = $2";
    LIST_POOLS = "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
        WHERE tenant_id = $1 ORDER BY service_id";
    // Counter and condition in one statement: whoever comes second sees what the first one left.
    ADD_GRANTED = "UPDATE pools SET granted = granted + $2 WHERE id = $1 AND in_use <= granted + $2
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use";
    TAKE_SEATS = "UPDATE pools SET in_use = in_use + $2 WHERE id = $1 AND in_use + $2 <= granted
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use";
    TAKE_ONE = "UPDATE pools SET in_use = in_use + 1 WHERE tenant_id = $1 AND service_id = $2 AND in_use < granted
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use";
    FREE_SEATS = "UPDATE pools SET in_use = in_use - $2 WHERE id = $1 AND in_use >= $2
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use";
    LOCK_POOL = {
        sqlite: "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
            WHERE tenant_id = $1 AND service_id = $2",
        postgres: "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
            WHERE tenant_id = $1 AND service_id = $2 FOR UPDATE"
    };
    LOCK_POOLS = {
        sqlite: "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
            WHERE tenant_id = $1 ORDER BY service_id",
        postgres: "SELECT id, tenant_id, plan_id, service_id, granted, in_use FROM pools
            WHERE tenant_id = $1 ORDER BY service_id FOR UPDATE"
    };
    // A service id begins with the publisher's.
    LIST_HOLDINGS = "SELECT tenant_id, CAST(count(*) AS BIGINT) AS plans,
            CAST(sum(granted) AS BIGINT) AS granted, CAST(sum(in_use) AS BIGINT) AS assigned
        FROM pools WHERE granted > 0 AND substr(service_id, 1, length($1)) = $1 AND tenant_id IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
            $43, $44, $45, $46, $47, $48, $49, $50, $51)
        GROUP BY tenant_id";
    LIST_LICENSES = "SELECT id, deal_id, plan_id, pool_id, service_id, quantity FROM licenses
        WHERE deal_id = $1 ORDER BY service_id";
    UPSERT_LICENSE = "INSERT INTO licenses (id, deal_id, plan_id, pool_id, service_id, quantity)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (deal_id, plan_id) DO UPDATE SET quantity = excluded.quantity";
    DELETE_LICENSE = "DELETE FROM licenses WHERE id = $1";
}

/// A pool that is there already stays as it is.
pub(super) async fn insert_pool(
    tx: &mut Tx,
    id: PoolId,
    tenant: &TenantId,
    plan: &PlanId,
    service: &ServiceId,
) -> Result<(), DbError> {
    tx.execute(INSERT_POOL, &[&id, tenant, plan, service]).await.map(|_| ())
}

pub(super) async fn find_pool(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Option<Pool>, DbError> {
    tx.find(FIND_POOL, &[tenant, service]).await
}

/// Holds the pool until the end of the unit.
pub(super) async fn lock_pool(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Option<Pool>, DbError> {
    tx.find(LOCK_POOL, &[tenant, service]).await
}

/// Holds every pool of a tenant until the end of the unit.
pub(super) async fn lock_pools(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, DbError> {
    tx.list(LOCK_POOLS, &[tenant]).await
}

pub(super) async fn list_pools(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, DbError> {
    tx.list(LIST_POOLS, &[tenant]).await
}

/// What these customers hold of a publisher; those that hold nothing are left out.
pub(super) async fn list_holdings(
    tx: &mut Tx,
    publisher: &PublisherId,
    customers: &[TenantId],
) -> Result<Vec<Holding>, DbError> {
    let prefix = format!("{publisher}.");
    let mut found = Vec::new();
    for chunk in customers.chunks(MANY) {
        let mut params: Vec<&dyn ToValue> = vec![&prefix];
        params.extend(padded(chunk, MANY).map(|customer| -> &dyn ToValue { customer }));
        found.extend(tx.list::<Holding>(LIST_HOLDINGS, &params).await?);
    }
    Ok(found)
}

/// Nothing if more are in use than would remain.
pub(super) async fn add_granted(tx: &mut Tx, pool: &PoolId, change: i64) -> Result<Option<Pool>, DbError> {
    tx.find(ADD_GRANTED, &[pool, &change]).await
}

/// LIC-06: nothing if there are fewer left.
pub(super) async fn take_seats(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, DbError> {
    tx.find(TAKE_SEATS, &[pool, &count]).await
}

/// The same for one seat, among statements that travel together.
pub(super) fn take_one_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    service: &'a ServiceId,
) -> Place<Pool> {
    together.add(TAKE_ONE, &[tenant, service])
}

pub(super) async fn free_seats(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, DbError> {
    tx.find(FREE_SEATS, &[pool, &count]).await
}

pub(super) async fn list_licenses(tx: &mut Tx, deal: &DealId) -> Result<Vec<License>, DbError> {
    tx.list(LIST_LICENSES, &[deal]).await
}

pub(super) async fn upsert_license(tx: &mut Tx, license: &License) -> Result<(), DbError> {
    let License { id, deal_id, plan_id, pool_id, service_id, quantity } = license;
    tx.execute_one(UPSERT_LICENSE, &[id, deal_id, plan_id, pool_id, service_id, quantity]).await
}

pub(super) async fn delete_license(tx: &mut Tx, id: &LicenseId) -> Result<(), DbError> {
    tx.execute_one(DELETE_LICENSE, &[id]).await
}
