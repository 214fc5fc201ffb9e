//! Every SQL statement of leases.

use db::{DbError, Sql, ToValue, Tx};
use types::{LeaseId, PageRequest, PublisherId, TenantId, Timestamp, UserId};

use super::{LeaseRow, Scope};

db::statements! {
    INSERT_LEASE = "INSERT INTO leases (id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats,
            version, issued_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND_LEASE = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE id = $1";
    LIST_OF_TENANT = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LIST_OF_PAIR = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE publisher_tenant_id = $4 AND tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LIST_OF_USER = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE tenant_id = $1 AND user_id = $4 AND id > $2 ORDER BY id LIMIT $3";
    // Those that end after a time, the newest first.
    LATEST_OF_TENANT = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE tenant_id = $1 AND id < $2 AND expires_at > $4 ORDER BY id DESC LIMIT $3";
    LATEST_OF_PAIR = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE publisher_tenant_id = $5 AND tenant_id = $1 AND id < $2 AND expires_at > $4
        ORDER BY id DESC LIMIT $3";
    LATEST_OF_USER = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE tenant_id = $1 AND user_id = $5 AND id < $2 AND expires_at > $4
        ORDER BY id DESC LIMIT $3";
    // Which may be in use somewhere, also after they were revoked.
    LIST_OUT_OF_USERS = "SELECT id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, version, issued_at,
            expires_at, revoked_at, returned_at
        FROM leases WHERE tenant_id = $1 AND expires_at > $2 AND returned_at IS NULL AND user_id IN ($many)";
    LIST_PUBLISHERS = "SELECT DISTINCT publisher_id FROM leases WHERE tenant_id = $1 AND expires_at > $2";
    COUNT_OF_USER = "SELECT CAST(count(*) AS BIGINT) AS n FROM leases
        WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3";
    REVOKE = "UPDATE leases SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL AND returned_at IS NULL";
    RETURN = "UPDATE leases SET returned_at = $2 WHERE id = $1 AND returned_at IS NULL";
    ADVANCE_LIST = "INSERT INTO lease_lists (publisher_tenant_id, tenant_id, sequence) VALUES ($1, $2, 1)
        ON CONFLICT (publisher_tenant_id, tenant_id) DO UPDATE SET sequence = lease_lists.sequence + 1";
    FIND_SEQUENCE = "SELECT sequence FROM lease_lists WHERE publisher_tenant_id = $1 AND tenant_id = $2";
    LAST_END = "SELECT CAST(max(expires_at) AS BIGINT) AS at FROM leases";
    LIST_ENDED = "SELECT id FROM leases WHERE publisher_tenant_id = $1 AND tenant_id = $2 AND expires_at > $3
        AND (revoked_at IS NOT NULL OR returned_at IS NOT NULL)";
}

db::rows! {
    struct Sequence in "lease_lists" { sequence: i64 }
}

db::rows! {
    struct LeaseKey in "leases" { id: LeaseId }
}

db::rows! {
    struct End in "leases" { at: Option<Timestamp> }
}

db::rows! {
    struct Leasing in "leases" { publisher_id: PublisherId }
}

/// Whose apps have leases that end after a time.
pub(super) async fn list_publishers(
    tx: &mut Tx,
    tenant: &TenantId,
    ending_after: Timestamp,
) -> Result<Vec<PublisherId>, DbError> {
    let rows: Vec<Leasing> = tx.list(LIST_PUBLISHERS, &[tenant, &ending_after]).await?;
    Ok(rows.into_iter().map(|row| row.publisher_id).collect())
}

/// When the last of all leases ends.
pub(super) async fn last_end(tx: &mut Tx) -> Result<Option<Timestamp>, DbError> {
    let end: Option<End> = tx.find(LAST_END, &[]).await?;
    Ok(end.and_then(|end| end.at))
}

pub(super) async fn insert_lease(tx: &mut Tx, lease: &LeaseRow) -> Result<(), DbError> {
    let LeaseRow { id, tenant_id, publisher_tenant_id, publisher_id, user_id, services, seats, .. } = lease;
    let values: [&dyn ToValue; 10] = [
        id,
        tenant_id,
        publisher_tenant_id,
        publisher_id,
        user_id,
        services,
        seats,
        &lease.version,
        &lease.issued_at,
        &lease.expires_at,
    ];
    tx.execute_one(INSERT_LEASE, &values).await
}

pub(super) async fn find_lease(
    tx: &mut Tx,
    scope: &Scope,
    id: &LeaseId,
) -> Result<Option<LeaseRow>, DbError> {
    let found: Option<LeaseRow> = tx.find(FIND_LEASE, &[id]).await?;
    Ok(found.filter(|lease| scope.sees(lease)))
}

pub(super) async fn list_leases(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Vec<LeaseRow>, DbError> {
    let (after, fetch) = (page.after_id(), page.fetch());
    let place: [&dyn ToValue; 3] = [&scope.tenant, &after, &fetch];
    match (&scope.publisher, &scope.user) {
        (Some(publisher), _) => tx.list(LIST_OF_PAIR, &[place[0], place[1], place[2], publisher]).await,
        (None, Some(user)) => tx.list(LIST_OF_USER, &[place[0], place[1], place[2], user]).await,
        (None, None) => tx.list(LIST_OF_TENANT, &place).await,
    }
}

/// The newest first, of those that end after this time.
pub(super) async fn list_latest(
    tx: &mut Tx,
    scope: &Scope,
    ending_after: Timestamp,
    page: &PageRequest,
) -> Result<Vec<LeaseRow>, DbError> {
    let (before, fetch) = (page.before_id(), page.fetch());
    let mut place: Vec<&dyn ToValue> = vec![&scope.tenant, &before, &fetch, &ending_after];
    let sql = match (&scope.publisher, &scope.user) {
        (Some(publisher), _) => {
            place.push(publisher);
            LATEST_OF_PAIR
        }
        (None, Some(user)) => {
            place.push(user);
            LATEST_OF_USER
        }
        (None, None) => LATEST_OF_TENANT,
    };
    tx.list(sql, &place).await
}

/// Leases of users that may be in use somewhere.
pub(super) async fn list_out_of_users(
    tx: &mut Tx,
    tenant: &TenantId,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<LeaseRow>, DbError> {
    tx.list_among(LIST_OUT_OF_USERS, &[tenant, &now], users).await
}

db::rows! {
    struct Count in "leases" { n: i64 }
}

/// How many leases of a user are not over, whether or not they ended before.
pub(super) async fn count_of_user(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    now: Timestamp,
) -> Result<i64, DbError> {
    let count: Option<Count> = tx.find(COUNT_OF_USER, &[tenant, user, &now]).await?;
    Ok(count.map_or(0, |count| count.n))
}

/// False if it had ended.
pub(super) async fn revoke(tx: &mut Tx, id: &LeaseId, at: Timestamp) -> Result<bool, DbError> {
    end(tx, REVOKE, id, at).await
}

/// False if it had been returned.
pub(super) async fn give_back(tx: &mut Tx, id: &LeaseId, at: Timestamp) -> Result<bool, DbError> {
    end(tx, RETURN, id, at).await
}

async fn end(tx: &mut Tx, sql: Sql, id: &LeaseId, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(sql, &[id, &at]).await? == 1)
}

/// The next list of a publisher and a customer is another one.
pub(super) async fn advance_list(
    tx: &mut Tx,
    publisher: &TenantId,
    tenant: &TenantId,
) -> Result<(), DbError> {
    tx.execute_one(ADVANCE_LIST, &[publisher, tenant]).await
}

/// The number of the list, and what is on it.
pub(super) async fn find_list(
    tx: &mut Tx,
    publisher: &TenantId,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<(i64, Vec<LeaseId>), DbError> {
    let found: Option<Sequence> = tx.find(FIND_SEQUENCE, &[publisher, tenant]).await?;
    let ended: Vec<LeaseKey> = tx.list(LIST_ENDED, &[publisher, tenant, &now]).await?;
    Ok((found.map_or(0, |found| found.sequence), ended.into_iter().map(|key| key.id).collect()))
}
