//! Links by which people choose a new password without the old one.

use db::{DbError, Tx};
use types::{Email, TenantId, Timestamp, UserId};

db::statements! {
    SAVE_RESET = "INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at";
    FIND_RESET = "SELECT u.id, u.tenant_id, u.email, t.name AS tenant_name FROM password_resets p
        JOIN users u ON u.id = p.user_id JOIN tenants t ON t.id = u.tenant_id
        WHERE p.token_hash = $1 AND p.expires_at > $2 AND u.status = 'active'";
    DELETE_RESET_OF = "DELETE FROM password_resets WHERE user_id = $1";
}

db::rows! {
    /// Whose password a link is for.
    pub(crate) struct Resettable in "users" {
        pub(crate) id: UserId,
        pub(crate) tenant_id: TenantId,
        pub(crate) email: Email,
        pub(crate) tenant_name: String,
    }
}

/// Takes the place of an earlier one.
pub(in crate::identity) async fn save_reset(
    tx: &mut Tx,
    user: &UserId,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(SAVE_RESET, &[user, &token_hash, &expires_at]).await
}

pub(in crate::identity) async fn find_reset(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Resettable>, DbError> {
    tx.find(FIND_RESET, &[&token_hash, &now]).await
}

pub(in crate::identity) async fn delete_reset_of(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    tx.execute(DELETE_RESET_OF, &[user]).await.map(drop)
}
