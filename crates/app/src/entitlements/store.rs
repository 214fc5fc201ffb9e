//! Every SQL statement of entitlements; none is on the path of a check.

use db::{DbError, Tx};
use entitlement::notes::LetIn;
use types::{PageRequest, TenantId, Timestamp};

use super::waived::Waived;

db::statements! {
    UPSERT_WAIVED = "INSERT INTO waived_checks
            (tenant_id, user_id, service_id, component, reason, first_at, last_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        ON CONFLICT (tenant_id, user_id, service_id, component) DO UPDATE SET reason = excluded.reason,
            last_at = excluded.last_at";
    LIST_WAIVED = "SELECT user_id, service_id, component, reason, first_at, last_at FROM waived_checks
        WHERE tenant_id = $1 AND (user_id, service_id, component) > ($2, $3, $4)
        ORDER BY user_id, service_id, component LIMIT $5";
    LIST_WAIVED_SINCE = "SELECT user_id, service_id, component, reason, first_at, last_at FROM waived_checks
        WHERE tenant_id = $1 AND last_at >= $2 ORDER BY user_id, service_id, component";
}

pub(super) async fn upsert_waived(
    tx: &mut Tx,
    let_in: &LetIn,
    reason: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    let LetIn { tenant, user, service, component } = let_in;
    tx.execute_one(UPSERT_WAIVED, &[tenant, user, service, component, &reason, &at]).await
}

/// Where a row is in the list: the user's sixteen bytes, then both texts with a zero between.
pub(super) fn waived_cursor(row: &Waived) -> Vec<u8> {
    let mut key = row.user_id.as_bytes().to_vec();
    key.extend_from_slice(row.service_id.as_str().as_bytes());
    key.push(0);
    key.extend_from_slice(row.component.as_bytes());
    key
}

pub(super) async fn list_waived(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Waived>, DbError> {
    let after = page.after.as_deref().unwrap_or_default();
    let user: [u8; 16] = after.get(..16).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
    let texts = String::from_utf8_lossy(after.get(16..).unwrap_or_default()).into_owned();
    let (service, component) = texts.split_once('\0').unwrap_or_default();
    tx.list(LIST_WAIVED, &[tenant, &user, &service, &component, &page.fetch()]).await
}

pub(super) async fn list_waived_since(
    tx: &mut Tx,
    tenant: &TenantId,
    since: Timestamp,
) -> Result<Vec<Waived>, DbError> {
    tx.list(LIST_WAIVED_SINCE, &[tenant, &since]).await
}
