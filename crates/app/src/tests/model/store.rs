//! What the tables say, in one obvious query that looks at everything: no counter, no index, no code of the product.

use db::{Db, DbError};
use types::{TenantId, Timestamp, UserId};

db::statements! {
    ANSWERS = "SELECT user_id, service_id, state, CASE
            WHEN state IN ('active', 'warning') THEN 'licensed'
            WHEN state IS NOT NULL THEN state
            WHEN granting > 0 THEN 'no_seat'
            ELSE 'no_license' END AS reason
        FROM (SELECT user_id, service_id, granting, CASE
                WHEN kind = 'active' AND granting > 0 THEN 'active'
                WHEN kind = 'waiting' THEN CASE WHEN granting > 0 THEN 'waiting' END
                WHEN kind IS NULL OR kept_until <= $2 THEN NULL
                WHEN $2 < usable_until THEN 'warning'
                WHEN kept_until IS NULL THEN 'waiting'
                ELSE 'suspended' END AS state
            FROM (SELECT u.id AS user_id, p.service_id, s.state AS kind,
                    (SELECT count(*) FROM licenses l
                        WHERE l.pool_id = p.id AND (l.ends_at IS NULL OR l.ends_at > $2)) AS granting,
                    CASE WHEN s.state = 'over' THEN s.usable_until
                        WHEN s.state = 'active' THEN (SELECT l.usable_until FROM licenses l
                            WHERE l.pool_id = p.id ORDER BY l.ends_at DESC LIMIT 1) END AS usable_until,
                    CASE WHEN s.state = 'over' THEN s.kept_until
                        WHEN s.state = 'active' THEN (SELECT l.kept_until FROM licenses l
                            WHERE l.pool_id = p.id AND l.ends_at <= $2 ORDER BY l.ends_at DESC LIMIT 1) END AS kept_until
                FROM users u JOIN pools p ON p.tenant_id = u.tenant_id
                    LEFT JOIN seats s ON s.pool_id = p.id AND s.user_id = u.id
                WHERE u.tenant_id = $1 AND u.status = 'active') AS seats) AS standing
        ORDER BY user_id, service_id";
}

db::rows! {
    /// What the tables say of an active user and a service of which there is a pool.
    pub(super) struct Said in "users" {
        pub(super) user_id: UserId,
        pub(super) service_id: String,
        pub(super) state: Option<String>,
        pub(super) reason: String,
    }
}

pub(super) async fn answers(db: &Db, tenant: TenantId, now: Timestamp) -> Result<Vec<Said>, DbError> {
    db.read(move |tx| Box::pin(async move { tx.list(ANSWERS, &[&tenant, &now]).await })).await
}
