//! Every SQL statement of leaves.

use db::{DbError, Tx};
use types::{TenantId, Timestamp, UserId};

db::statements! {
    UPSERT_LEAVE = "INSERT INTO leaves (user_id, tenant_id, starts_at, ends_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at";
    DELETE_LEAVE = "DELETE FROM leaves WHERE user_id = $1";
    FIND_LEAVE = "SELECT starts_at, ends_at FROM leaves WHERE tenant_id = $1 AND user_id = $2";
    LIST_ON_LEAVE = "SELECT user_id FROM leaves
        WHERE tenant_id = $1 AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2)";
}

db::rows! {
    struct Away in "leaves" { user_id: UserId }
}

db::rows! {
    /// When a user is away.
    pub(crate) struct Leave in "leaves" {
        pub starts_at: Timestamp,
        /// Absent: until it is ended.
        pub ends_at: Option<Timestamp>,
    }
}

pub(super) async fn find_leave(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<Leave>, DbError> {
    tx.find(FIND_LEAVE, &[tenant, user]).await
}

pub(super) async fn upsert_leave(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.execute_one(UPSERT_LEAVE, &[user, tenant, &starts_at, &ends_at]).await
}

/// False if there was none.
pub(super) async fn delete_leave(tx: &mut Tx, user: &UserId) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_LEAVE, &[user]).await? == 1)
}

pub(super) async fn list_on_leave(
    tx: &mut Tx,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<Vec<UserId>, DbError> {
    let away: Vec<Away> = tx.list(LIST_ON_LEAVE, &[tenant, &now]).await?;
    Ok(away.into_iter().map(|away| away.user_id).collect())
}
