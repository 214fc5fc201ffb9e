//! Every SQL statement of licenses.

use db::{DbError, Tx};
use entitlement::End;
use types::{DealId, LicenseId, PoolId, Timestamp};

use super::License;

db::statements! {
    LIST_LICENSES = "SELECT id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until
        FROM licenses WHERE deal_id = $1 ORDER BY service_id";
    LIST_OF_POOL = "SELECT id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until
        FROM licenses WHERE pool_id = $1 ORDER BY id";
    UPSERT_LICENSE = "INSERT INTO licenses
            (id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (deal_id, plan_id) DO UPDATE SET quantity = excluded.quantity";
    SUM_BY_POOL = "SELECT pool_id, CAST(sum(quantity) AS BIGINT) AS quantity FROM licenses
        WHERE ends_at IS NULL OR ends_at > $1 GROUP BY pool_id";
    DELETE_LICENSE = "DELETE FROM licenses WHERE id = $1";
    SET_END = "UPDATE licenses SET ends_at = $2, usable_until = $3, kept_until = $4, told_at = NULL WHERE id = $1";
    LIST_TO_TELL = "SELECT id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until
        FROM licenses WHERE ends_at > $1 AND ends_at <= $2 AND told_at IS NULL ORDER BY ends_at, id LIMIT $3";
    MARK_TOLD = "UPDATE licenses SET told_at = $2 WHERE id = $1 AND told_at IS NULL AND ends_at = $3";
}

pub(super) async fn list_licenses(tx: &mut Tx, deal: &DealId) -> Result<Vec<License>, DbError> {
    tx.list(LIST_LICENSES, &[deal]).await
}

/// Also those that have ended.
pub(super) async fn list_of_pool(tx: &mut Tx, pool: &PoolId) -> Result<Vec<License>, DbError> {
    tx.list(LIST_OF_POOL, &[pool]).await
}

/// One that is there gets the quantity, and keeps its end.
pub(super) async fn upsert_license(tx: &mut Tx, license: &License) -> Result<(), DbError> {
    let License { id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until } =
        license;
    tx.execute_one(
        UPSERT_LICENSE,
        &[id, deal_id, plan_id, pool_id, service_id, quantity, ends_at, usable_until, kept_until],
    )
    .await
}

pub(super) async fn delete_license(tx: &mut Tx, id: &LicenseId) -> Result<(), DbError> {
    tx.execute_one(DELETE_LICENSE, &[id]).await
}

/// Sets when a license ends; both sides are told anew.
pub(super) async fn set_end(tx: &mut Tx, id: &LicenseId, end: Option<End>) -> Result<(), DbError> {
    let usable_until = end.map(|end| end.grace.usable_until);
    let kept_until = end.and_then(|end| end.grace.kept_until);
    tx.execute_one(SET_END, &[id, &end.map(|end| end.at), &usable_until, &kept_until]).await
}

/// Licenses that end by then and of which nobody was told.
pub(super) async fn list_to_tell(
    tx: &mut Tx,
    now: Timestamp,
    by: Timestamp,
    limit: i64,
) -> Result<Vec<License>, DbError> {
    tx.list(LIST_TO_TELL, &[&now, &by, &limit]).await
}

/// False if both sides were told meanwhile, or it ends at another time now.
pub(super) async fn mark_told(tx: &mut Tx, license: &License, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(MARK_TOLD, &[&license.id, &now, &license.ends_at]).await? == 1)
}

db::rows! {
    struct PoolSum in "licenses" { pool_id: PoolId, quantity: i64 }
}

/// What licenses that have not ended add up to, by pool.
pub(super) async fn sum_by_pool(tx: &mut Tx, now: Timestamp) -> Result<Vec<(PoolId, i64)>, DbError> {
    let sums: Vec<PoolSum> = tx.list(SUM_BY_POOL, &[&now]).await?;
    Ok(sums.into_iter().map(|sum| (sum.pool_id, sum.quantity)).collect())
}
