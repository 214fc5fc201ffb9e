//! Every SQL statement over pools.

use db::{DbError, Place, Together, Tx};
use types::{PlanId, PoolId, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::pool::{CountedPool, IdleCount, Taken};
use super::{Holding, Policy, Pool};

db::statements! {
    INSERT_POOL = "INSERT INTO pools (id, tenant_id, plan_id, service_id, granted, in_use)
        VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT DO NOTHING";
    FIND_POOL = "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
        WHERE tenant_id = $1 AND service_id = $2";
    LIST_POOLS = "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
        WHERE tenant_id = $1 ORDER BY service_id";
    LIST_DUE_POOLS = "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
        WHERE settle_at <= $1
        UNION SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
        WHERE id IN (SELECT pool_id FROM seat_holds WHERE until <= $1) ORDER BY id LIMIT $2";
    LIST_GONE_POOLS = "SELECT DISTINCT p.id, p.tenant_id, p.plan_id, p.service_id, p.granted, p.in_use, p.policy, p.settle_at, p.held
        FROM seats s JOIN pools p ON p.id = s.pool_id WHERE s.kept_until <= $1 LIMIT $2";
    LOCK_POOL = {
        sqlite: "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
            WHERE tenant_id = $1 AND service_id = $2",
        postgres: "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
            WHERE tenant_id = $1 AND service_id = $2 FOR UPDATE"
    };
    LOCK_POOLS = {
        sqlite: "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
            WHERE tenant_id = $1 ORDER BY service_id",
        postgres: "SELECT id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held FROM pools
            WHERE tenant_id = $1 ORDER BY service_id FOR UPDATE"
    };
    // What is in use falls with what is granted, in one statement: LIC-06 holds at every instant.
    SET_GRANTED = "UPDATE pools SET granted = $2, in_use = CASE WHEN in_use > $2 THEN $2 ELSE in_use END, settle_at = $3
        WHERE id = $1 RETURNING id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held";
    // Counter and condition in one statement: whoever comes second sees what the first one left.
    TAKE_SEATS = "UPDATE pools SET in_use = in_use + $2 WHERE id = $1 AND in_use + $2 <= granted
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held";
    // Whether the user has a seat, whatever it is, is what was so before the pool was held: see `Taken`.
    TAKE_ONE = "UPDATE pools SET in_use = in_use + 1 WHERE tenant_id = $1 AND service_id = $2 AND in_use < granted
            AND (settle_at IS NULL OR settle_at > $4)
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held,
            (SELECT s.since FROM seats s WHERE s.pool_id = pools.id AND s.user_id = $3) AS seated_since";
    FREE_SEATS = "UPDATE pools SET in_use = in_use - $2 WHERE id = $1 AND in_use >= $2
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held";
    // A service id begins with the publisher's.
    LIST_HOLDINGS = "SELECT tenant_id, CAST(count(*) AS BIGINT) AS plans,
            CAST(sum(granted) AS BIGINT) AS granted, CAST(sum(in_use) AS BIGINT) AS assigned
        FROM pools WHERE granted > 0 AND substr(service_id, 1, length($1)) = $1 AND tenant_id IN ($many)
        GROUP BY tenant_id";
    COUNT_POOLS = "SELECT p.id, p.tenant_id, p.service_id, p.granted, p.in_use, p.settle_at, p.held,
            CAST((SELECT count(*) FROM seats s WHERE s.pool_id = p.id AND s.state = 'active') AS BIGINT) AS active,
            CAST((SELECT COALESCE(sum(h.held), 0) FROM seat_holds h WHERE h.pool_id = p.id) AS BIGINT) AS holds
        FROM pools p ORDER BY p.id";
    COUNT_IDLE = "SELECT p.service_id, CAST(count(*) AS BIGINT) AS n
        FROM pools p JOIN seats s ON s.pool_id = p.id AND s.state = 'active'
            AND s.since < $2 AND (s.last_used_on IS NULL OR s.last_used_on < $2)
        WHERE p.tenant_id = $1 GROUP BY p.service_id";
    COUNT_IDLE_AMONG = "SELECT p.service_id, CAST(count(*) AS BIGINT) AS n
        FROM pools p JOIN seats s ON s.pool_id = p.id AND s.state = 'active'
            AND s.since < $2 AND (s.last_used_on IS NULL OR s.last_used_on < $2) AND s.user_id IN ($many)
        WHERE p.tenant_id = $1 GROUP BY p.service_id";
    ADD_HELD = "UPDATE pools SET held = held + $2 WHERE id = $1
        RETURNING id, tenant_id, plan_id, service_id, granted, in_use, policy, settle_at, held";
    SET_POLICY = "UPDATE pools SET policy = $2 WHERE id = $1";
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

pub(super) async fn list_pools(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<Pool>, DbError> {
    tx.list(LIST_POOLS, &[tenant]).await
}

/// Pools of which a license has ended, or a hold is over, that they do not know of.
pub(super) async fn list_due_pools(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Pool>, DbError> {
    tx.list(LIST_DUE_POOLS, &[&now, &limit]).await
}

/// Pools that have seats which are gone.
pub(super) async fn list_gone_pools(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Pool>, DbError> {
    tx.list(LIST_GONE_POOLS, &[&now, &limit]).await
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

pub(super) async fn set_granted(
    tx: &mut Tx,
    pool: &PoolId,
    granted: i64,
    settle_at: Option<Timestamp>,
) -> Result<Option<Pool>, DbError> {
    tx.find(SET_GRANTED, &[pool, &granted, &settle_at]).await
}

/// LIC-06: nothing if there are fewer left.
pub(super) async fn take_seats(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, DbError> {
    tx.find(TAKE_SEATS, &[pool, &count]).await
}

/// The same for one seat of this user, among statements that travel together; nothing, too, if the pool is to be settled.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the statement borrows it until it is sent")]
pub(super) fn take_one_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    service: &'a ServiceId,
    user: &'a UserId,
    now: &'a Timestamp,
) -> Place<Taken> {
    together.add(TAKE_ONE, &[tenant, service, user, now])
}

pub(super) async fn free_seats(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Option<Pool>, DbError> {
    tx.find(FREE_SEATS, &[pool, &count]).await
}

/// So many more of the seats in use are held, or fewer.
pub(super) async fn add_held(tx: &mut Tx, pool: &PoolId, more: i64) -> Result<Option<Pool>, DbError> {
    tx.find(ADD_HELD, &[pool, &more]).await
}

pub(super) async fn set_policy(tx: &mut Tx, pool: &PoolId, policy: Policy) -> Result<(), DbError> {
    tx.execute_one(SET_POLICY, &[pool, &policy]).await
}

/// What these customers hold of a publisher; those that hold nothing are left out.
pub(super) async fn list_holdings(
    tx: &mut Tx,
    publisher: &PublisherId,
    customers: &[TenantId],
) -> Result<Vec<Holding>, DbError> {
    let prefix = format!("{publisher}.");
    tx.list_among(LIST_HOLDINGS, &[&prefix], customers).await
}

/// Every pool, with how many seats it really has in use.
pub(super) async fn count_pools(tx: &mut Tx) -> Result<Vec<CountedPool>, DbError> {
    tx.list(COUNT_POOLS, &[]).await
}

/// Active seats of a tenant, by service, that were assigned before this time and not used since.
pub(super) async fn count_idle(
    tx: &mut Tx,
    tenant: &TenantId,
    since: Timestamp,
) -> Result<Vec<IdleCount>, DbError> {
    tx.list(COUNT_IDLE, &[tenant, &since]).await
}

/// Those of these users.
pub(super) async fn count_idle_among(
    tx: &mut Tx,
    tenant: &TenantId,
    since: Timestamp,
    users: &[UserId],
) -> Result<Vec<IdleCount>, DbError> {
    tx.list_among(COUNT_IDLE_AMONG, &[tenant, &since], users).await
}
