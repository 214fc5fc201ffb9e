//! Every SQL statement over the seats of all of a tenant's pools.

use db::{DbError, Tx};
use types::{ServiceId, TenantId, UserId};

use super::seat::{BeyondCount, Seat};
use super::store::keys;

db::statements! {
    LIST_SEATS_OF_USERS = {
        sqlite: "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
            FROM pools p JOIN seats s ON s.pool_id = p.id
            WHERE p.tenant_id = $1 AND s.user_id IN ($many)",
        postgres: "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
            FROM pools p, (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS user_id) AS wanted,
                LATERAL (SELECT pool_id, user_id, since, state, usable_until, kept_until FROM seats
                    WHERE pool_id = p.id AND user_id = wanted.user_id OFFSET 0) AS s
            WHERE p.tenant_id = $1"
    };
    LIST_BEYOND = "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
        FROM pools p JOIN seats s ON s.pool_id = p.id AND s.state <> 'active' WHERE p.tenant_id = $1";
    LIST_ACTIVE = "SELECT s.user_id FROM pools p JOIN seats s ON s.pool_id = p.id AND s.state = 'active'
        WHERE p.tenant_id = $1 AND p.service_id = $2";
    LIST_SEATS_OF_USER = "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
        FROM pools p JOIN seats s ON s.pool_id = p.id
        WHERE p.tenant_id = $1 AND s.user_id = $2 ORDER BY p.service_id";
    COUNT_BEYOND = "SELECT p.service_id, s.state, s.usable_until, s.kept_until, CAST(count(*) AS BIGINT) AS n
        FROM pools p JOIN seats s ON s.pool_id = p.id AND s.state <> 'active' WHERE p.tenant_id = $1
        GROUP BY p.service_id, s.state, s.usable_until, s.kept_until";
}

pub(super) async fn list_seats_of_user(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_SEATS_OF_USER, &[tenant, user]).await
}

/// The seats of users.
pub(super) async fn list_seats_of_users(
    tx: &mut Tx,
    tenant: &TenantId,
    users: &[UserId],
) -> Result<Vec<Seat>, DbError> {
    tx.list_among(LIST_SEATS_OF_USERS, &[tenant], users).await
}

/// Those that are over or wait.
pub(super) async fn list_beyond(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_BEYOND, &[tenant]).await
}

/// Who has an active one of a service.
pub(super) async fn list_active(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
) -> Result<Vec<UserId>, DbError> {
    keys(tx, LIST_ACTIVE, &[tenant, service]).await
}

/// How many seats of which pools of a tenant are over or wait.
pub(super) async fn count_beyond(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<BeyondCount>, DbError> {
    tx.list(COUNT_BEYOND, &[tenant]).await
}
