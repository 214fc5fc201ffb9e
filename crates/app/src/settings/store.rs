//! Every SQL statement of settings.

use db::{DbError, Tx};
use types::TenantId;

use super::setting::Stored;

db::statements! {
    FIND_SETTINGS = "SELECT changes, revision FROM settings WHERE tenant_id = $1";
    UPSERT_SETTINGS = "INSERT INTO settings (tenant_id, changes, revision) VALUES ($1, $2, $3)
        ON CONFLICT (tenant_id) DO UPDATE SET changes = excluded.changes, revision = excluded.revision
        WHERE settings.revision = excluded.revision - 1";
}

pub(super) async fn find_settings(tx: &mut Tx, tenant: &TenantId) -> Result<Stored, DbError> {
    Ok(tx.find(FIND_SETTINGS, &[tenant]).await?.unwrap_or_else(Stored::nothing))
}

/// False if somebody else was faster: the revision before is not the one that is there.
pub(super) async fn upsert_settings(
    tx: &mut Tx,
    tenant: &TenantId,
    stored: &Stored,
) -> Result<bool, DbError> {
    let Stored { changes, revision } = stored;
    Ok(tx.execute(UPSERT_SETTINGS, &[tenant, changes, revision]).await? == 1)
}
