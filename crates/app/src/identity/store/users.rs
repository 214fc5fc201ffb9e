//! Users and their roles.

use std::collections::HashSet;

use db::{DbError, Place, ToValue, Together, Tx};
use types::{Email, PageRequest, TenantId, UserId};

use crate::access::Role;
use crate::identity::operations::find::UserRef;
use crate::identity::{User, UserStatus};
use crate::kit::{Beginning, Search};

db::statements! {
    INSERT_USER = "INSERT INTO users (id, tenant_id, email, name, status, password_hash, created_at, name_key, rest_key,
            revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING";
    INSERT_USERS = ["INSERT INTO users (id, tenant_id, email, name, status, created_at, name_key, rest_key, revision)
        VALUES", ""];
    FIND_USER = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND u.status <> 'deleted'";
    FIND_USER_BY_EMAIL = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.email = $2 AND u.status <> 'deleted'";
    LIST_USERS = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.id > $2 AND u.status <> 'deleted'
            AND ($4 = '' OR u.email LIKE $4 ESCAPE '!' OR u.name_key LIKE $4 ESCAPE '!')
        ORDER BY u.id LIMIT $3";
    // Of each of three indexes a few rows, however many users there are.
    LIST_BEGINNING = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.id IN (
            SELECT id FROM (SELECT id FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND status <> $5
                AND name_key >= $2 AND name_key < $3 ORDER BY name_key LIMIT $4) AS by_name
            UNION SELECT id FROM (SELECT id FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND status <> $5
                AND rest_key >= $2 AND rest_key < $3 ORDER BY rest_key LIMIT $4) AS by_rest
            UNION SELECT id FROM (SELECT id FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND status <> $5
                AND email >= $2 AND email < $3 ORDER BY email LIMIT $4) AS by_email)
        ORDER BY u.name_key, u.id LIMIT $4";
    LIST_ACTIVE_USERS = "SELECT id FROM users WHERE tenant_id = $1 AND status = 'active' ORDER BY id";
    LIST_ACTIVE_AMONG = {
        sqlite: "SELECT id FROM users WHERE tenant_id = $1 AND status = 'active' AND id IN ($many)",
        postgres: "SELECT u.id
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS id) AS wanted,
                LATERAL (SELECT id FROM users
                    WHERE tenant_id = $1 AND status = 'active' AND id = wanted.id OFFSET 0) AS u"
    };
    FIND_MEMBER_BY_ID = "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND id = $2";
    FIND_MEMBER_BY_EMAIL =
        "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND email = $2";
    // On PostgreSQL key for key: before the statistics say how large a directory is, the planner takes reading all
    // of it for cheaper.
    FIND_MEMBERS_BY_ID = {
        sqlite: "SELECT id, email, status FROM users
            WHERE tenant_id = $1 AND status <> 'deleted' AND id IN ($many)",
        postgres: "SELECT u.id, u.email, u.status
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS id) AS wanted,
                LATERAL (SELECT id, email, status FROM users
                    WHERE tenant_id = $1 AND status <> 'deleted' AND id = wanted.id OFFSET 0) AS u"
    };
    FIND_MEMBERS_BY_EMAIL = {
        sqlite: "SELECT id, email, status FROM users
            WHERE tenant_id = $1 AND status <> 'deleted' AND email IN ($many)",
        postgres: "SELECT u.id, u.email, u.status
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::text[]) AS email) AS wanted,
                LATERAL (SELECT id, email, status FROM users
                    WHERE tenant_id = $1 AND status <> 'deleted' AND email = wanted.email OFFSET 0) AS u"
    };
    UPDATE_USER = "UPDATE users SET name = $3, status = $4, name_key = $5, rest_key = $6, revision = revision + 1
        WHERE tenant_id = $1 AND id = $2";
    DELETE_ROLES = "DELETE FROM user_roles WHERE user_id = $1";
    INSERT_ROLE = "INSERT INTO user_roles (tenant_id, user_id, role) VALUES ($1, $2, $3)";
    // Not for update: who takes a seat for the user refers to it, and may hold what the editor waits for.
    LOCK_USER = { sqlite: "SELECT id FROM users WHERE tenant_id = $1 AND id = $2",
        postgres: "SELECT id FROM users WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE" };
    // As with users: whatever is written for a tenant refers to it.
    LOCK_TENANT = { sqlite: "SELECT id FROM tenants WHERE id = $1",
        postgres: "SELECT id FROM tenants WHERE id = $1 FOR NO KEY UPDATE" };
    COUNT_ALL_USERS = "SELECT CAST(count(*) AS BIGINT) AS n FROM users";
    COUNT_HOLDERS = "SELECT CAST(count(*) AS BIGINT) AS n FROM user_roles r
        JOIN users u ON u.id = r.user_id AND u.status = 'active'
        WHERE r.tenant_id = $1 AND r.role = $2 AND r.user_id <> $3";
}

db::rows! {
    struct Count in "users" { n: i64 }
}

db::rows! {
    struct UserKey in "users" { id: UserId }
}

/// What a user is found by: the name, and what follows its first word, which often is the one that is known.
fn name_keys(user: &User) -> (String, String) {
    let name = user.name.to_lowercase();
    let rest = name.split_once(' ').map_or_else(String::new, |(_, rest)| rest.to_owned());
    (name, rest)
}

/// False if the tenant has a user of this address.
pub(in crate::identity) async fn insert_user(
    tx: &mut Tx,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool, DbError> {
    let User { id, tenant_id, email, name, status, created_at, .. } = user;
    let password_hash = password_hash.map(str::to_owned);
    let (name_key, rest_key) = name_keys(user);
    let values: [&dyn ToValue; 9] =
        [id, tenant_id, email, name, status, &password_hash, created_at, &name_key, &rest_key];
    let inserted = tx.execute(INSERT_USER, &values).await?;
    Ok(inserted == 1)
}

pub(in crate::identity) async fn find_user(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &UserId,
) -> Result<Option<User>, DbError> {
    tx.find(FIND_USER, &[tenant, id]).await
}

/// A user, held until the end of the unit.
pub(in crate::identity) async fn lock_user(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &UserId,
) -> Result<Option<User>, DbError> {
    tx.query(LOCK_USER, &[tenant, id]).await?;
    find_user(tx, tenant, id).await
}

pub(in crate::identity) async fn find_user_by_email(
    tx: &mut Tx,
    tenant: &TenantId,
    email: &Email,
) -> Result<Option<User>, DbError> {
    tx.find(FIND_USER_BY_EMAIL, &[tenant, email]).await
}

pub(in crate::identity) async fn list_users(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
    search: &Search,
) -> Result<Vec<User>, DbError> {
    tx.list(LIST_USERS, &[tenant, &page.after_id(), &page.fetch(), search]).await
}

/// Those whose name, or what follows its first word, or address begins so, but for those of a status; by name.
pub(in crate::identity) async fn list_beginning(
    tx: &mut Tx,
    tenant: &TenantId,
    beginning: &Beginning,
    but: UserStatus,
    limit: i64,
) -> Result<Vec<User>, DbError> {
    let Beginning { from, below } = beginning;
    tx.list(LIST_BEGINNING, &[tenant, from, below, &limit, &but]).await
}

pub(in crate::identity) async fn list_active_users(
    tx: &mut Tx,
    tenant: &TenantId,
) -> Result<Vec<UserId>, DbError> {
    let keys: Vec<UserKey> = tx.list(LIST_ACTIVE_USERS, &[tenant]).await?;
    Ok(keys.into_iter().map(|key| key.id).collect())
}

pub(in crate::identity) async fn list_active_among(
    tx: &mut Tx,
    tenant: &TenantId,
    users: &[UserId],
) -> Result<HashSet<UserId>, DbError> {
    let keys: Vec<UserKey> = tx.list_among(LIST_ACTIVE_AMONG, &[tenant], users).await?;
    Ok(keys.into_iter().map(|key| key.id).collect())
}

pub(in crate::identity) async fn update_user(
    tx: &mut Tx,
    user: &User,
    status: UserStatus,
) -> Result<(), DbError> {
    let (name_key, rest_key) = name_keys(user);
    let values: [&dyn ToValue; 6] = [&user.tenant_id, &user.id, &user.name, &status, &name_key, &rest_key];
    tx.execute_one(UPDATE_USER, &values).await
}

pub(in crate::identity) async fn replace_roles(
    tx: &mut Tx,
    user: &User,
    roles: &[Role],
) -> Result<(), DbError> {
    tx.execute(DELETE_ROLES, &[&user.id]).await?;
    for role in roles {
        tx.execute_one(INSERT_ROLE, &[&user.tenant_id, &user.id, role]).await?;
    }
    Ok(())
}

/// Holds a tenant until the end of the unit; also whoever would add a row that belongs to it waits.
pub(in crate::identity) async fn lock_tenant(tx: &mut Tx, tenant: &TenantId) -> Result<(), DbError> {
    tx.query(LOCK_TENANT, &[tenant]).await.map(|_| ())
}

/// Of every tenant and in every state.
pub(in crate::identity) async fn count_all_users(tx: &mut Tx) -> Result<usize, DbError> {
    let count: Option<Count> = tx.find(COUNT_ALL_USERS, &[]).await?;
    Ok(count.and_then(|count| usize::try_from(count.n).ok()).unwrap_or_default())
}

/// The active users of a tenant who hold a role, besides one. The tenant must be held, so that of two neither
/// leaves because the other stays.
pub(in crate::identity) async fn count_other_holders(
    tx: &mut Tx,
    tenant: &TenantId,
    role: Role,
    besides: &UserId,
) -> Result<i64, DbError> {
    let count: Option<Count> = tx.find(COUNT_HOLDERS, &[tenant, &role, besides]).await?;
    Ok(count.map_or(0, |count| count.n))
}

db::rows! {
    /// As much of a user as is needed to give it a seat.
    pub(crate) struct Member in "users" {
        pub(crate) id: UserId,
        pub(crate) email: Email,
        pub(crate) status: UserStatus,
    }
}

/// Adds the look-up of one member to statements that travel together.
pub(in crate::identity) fn find_member_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    user: &'a UserRef,
) -> Place<Member> {
    match user {
        UserRef::Id(id) => together.add(FIND_MEMBER_BY_ID, &[tenant, id]),
        UserRef::Email(email) => together.add(FIND_MEMBER_BY_EMAIL, &[tenant, email]),
    }
}

pub(in crate::identity) async fn find_members_by_id(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &[UserId],
) -> Result<Vec<Member>, DbError> {
    tx.list_among(FIND_MEMBERS_BY_ID, &[tenant], ids).await
}

pub(in crate::identity) async fn find_members_by_email(
    tx: &mut Tx,
    tenant: &TenantId,
    emails: &[Email],
) -> Result<Vec<Member>, DbError> {
    tx.list_among(FIND_MEMBERS_BY_EMAIL, &[tenant], emails).await
}

#[cfg(feature = "measure")]
pub(in crate::identity) async fn insert_users(tx: &mut Tx, users: &[User]) -> Result<(), DbError> {
    let keys: Vec<(String, String)> = users.iter().map(name_keys).collect();
    let rows: Vec<Vec<db::Value<'_>>> = users
        .iter()
        .zip(&keys)
        .map(|(user, (name_key, rest_key))| {
            let User { id, tenant_id, email, name, status, created_at, revision, .. } = user;
            let values: [&dyn ToValue; 9] =
                [id, tenant_id, email, name, status, created_at, name_key, rest_key, revision];
            values.into_iter().map(ToValue::to_value).collect()
        })
        .collect();
    tx.insert_many(INSERT_USERS, &rows).await.map(|_| ())
}
