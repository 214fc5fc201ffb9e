//! Every SQL statement of notices.

use db::{DbError, Tx};
use types::{DealId, ServiceId, TenantId};

db::statements! {
    FIND_QUANTITY = "SELECT quantity FROM noticed_licenses
        WHERE tenant_id = $1 AND deal_id = $2 AND service_id = $3";
    UPSERT_QUANTITY = "INSERT INTO noticed_licenses (tenant_id, deal_id, service_id, quantity) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id, deal_id, service_id) DO UPDATE SET quantity = excluded.quantity";
}

db::rows! {
    struct Noticed in "noticed_licenses" { quantity: i64 }
}

/// What was told last; 0 if nothing was.
pub(super) async fn find_quantity(
    tx: &mut Tx,
    tenant: &TenantId,
    deal: &DealId,
    service: &ServiceId,
) -> Result<i64, DbError> {
    let found: Option<Noticed> = tx.find(FIND_QUANTITY, &[tenant, deal, service]).await?;
    Ok(found.map_or(0, |row| row.quantity))
}

pub(super) async fn upsert_quantity(
    tx: &mut Tx,
    tenant: &TenantId,
    deal: &DealId,
    service: &ServiceId,
    quantity: i64,
) -> Result<(), DbError> {
    tx.execute_one(UPSERT_QUANTITY, &[tenant, deal, service, &quantity]).await
}
