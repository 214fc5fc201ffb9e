//! Every SQL statement of identity.

use db::{DbError, Place, ToValue, Together, Tx};
use types::{
    ApiClientId, Email, PageRequest, PersonalAccessTokenId, PublisherId, SessionId, TenantId, Timestamp,
    UserId,
};

use super::keys::SigningKey;
use super::operations::api_client::ApiClient;
use super::operations::find::UserRef;
use super::operations::personal_access_token::PersonalAccessToken;
use super::user::RoleList;
use super::{Tenant, User, UserStatus};
use crate::access::Role;
use crate::kit::padded;

db::statements! {
    INSERT_TENANT = "INSERT INTO tenants (id, slug, name, country, publisher_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    FIND_TENANT = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE id = $1";
    FIND_TENANT_BY_SLUG = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE slug = $1";
    FIND_TENANT_BY_PUBLISHER =
        "SELECT id, slug, name, country, publisher_id, created_at FROM tenants WHERE publisher_id = $1";
    LIST_TENANTS = "SELECT id, slug, name, country, publisher_id, created_at FROM tenants
        WHERE id > $1 ORDER BY id LIMIT $2";

    INSERT_USER = "INSERT INTO users (id, tenant_id, email, name, status, password_hash, created_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT DO NOTHING";
    INSERT_USERS = ["INSERT INTO users (id, tenant_id, email, name, status, created_at, revision) VALUES", ""];
    FIND_USER = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND u.status <> 'deleted'";
    FIND_USER_BY_EMAIL = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.email = $2 AND u.status <> 'deleted'";
    LIST_USERS = "SELECT u.id, u.tenant_id, u.email, u.name, u.status, u.created_at, u.revision,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM users u WHERE u.tenant_id = $1 AND u.id > $2 AND u.status <> 'deleted'
            AND ($4 = '' OR u.email LIKE $4 ESCAPE '!' OR lower(u.name) LIKE $4 ESCAPE '!')
        ORDER BY u.id LIMIT $3";
    LIST_ACTIVE_USERS = "SELECT id FROM users WHERE tenant_id = $1 AND status = 'active' ORDER BY id";
    FIND_MEMBER_BY_ID = "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND id = $2";
    FIND_MEMBER_BY_EMAIL =
        "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND email = $2";
    FIND_MEMBERS_BY_ID = "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND id IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
            $43, $44, $45, $46, $47, $48, $49, $50, $51)";
    FIND_MEMBERS_BY_EMAIL = "SELECT id, email, status FROM users WHERE tenant_id = $1 AND status <> 'deleted' AND email IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
            $43, $44, $45, $46, $47, $48, $49, $50, $51)";
    UPDATE_USER = "UPDATE users SET name = $3, status = $4, revision = revision + 1
        WHERE tenant_id = $1 AND id = $2";
    FIND_PASSWORD_HASH = "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2";
    UPDATE_PASSWORD = "UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2";
    DELETE_ROLES = "DELETE FROM user_roles WHERE user_id = $1";
    INSERT_ROLE = "INSERT INTO user_roles (user_id, role) VALUES ($1, $2)";
    LOCK_TENANT = { sqlite: "SELECT id FROM tenants WHERE id = $1",
        postgres: "SELECT id FROM tenants WHERE id = $1 FOR UPDATE" };
    COUNT_GLOBAL_ADMINS = "SELECT CAST(count(*) AS BIGINT) AS n FROM users u
        JOIN user_roles r ON r.user_id = u.id AND r.role = 'global_admin'
        WHERE u.tenant_id = $1 AND u.status = 'active' AND u.id <> $2";

    LIST_SIGN_INS = "SELECT u.id, u.tenant_id, u.password_hash, t.slug FROM users u JOIN tenants t ON t.id = u.tenant_id
        WHERE u.email = $1 AND u.status = 'active' AND ($2 = '' OR t.slug = $2) ORDER BY u.id LIMIT 5";
    INSERT_SESSION = "INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    DELETE_SESSION = "DELETE FROM sessions WHERE token_hash = $1 AND user_id = $2";
    DELETE_SESSIONS_OF = "DELETE FROM sessions WHERE user_id = $1";
    DELETE_TOKENS_OF = "DELETE FROM personal_access_tokens WHERE user_id = $1";
    FIND_SESSION_USER = "SELECT u.id, u.tenant_id, t.publisher_id,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = u.tenant_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.status = 'active'";
    FIND_TOKEN_USER = "SELECT u.id, u.tenant_id, t.publisher_id,
            (SELECT string_agg(r.role, ',') FROM user_roles r WHERE r.user_id = u.id) AS roles
        FROM personal_access_tokens s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = u.tenant_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.status = 'active'";

    INSERT_PERSONAL_TOKEN = "INSERT INTO personal_access_tokens (id, user_id, name, token_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LIST_PERSONAL_TOKENS = "SELECT id, name, created_at, expires_at FROM personal_access_tokens
        WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    DELETE_PERSONAL_TOKEN = "DELETE FROM personal_access_tokens WHERE user_id = $1 AND id = $2";

    INSERT_API_CLIENT = "INSERT INTO api_clients (id, tenant_id, name, secret_hash, scopes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LIST_API_CLIENTS = "SELECT id, tenant_id, name, secret_hash, scopes, created_at FROM api_clients
        WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    FIND_API_CLIENT = "SELECT id, tenant_id, name, secret_hash, scopes, created_at FROM api_clients WHERE id = $1";
    DELETE_API_CLIENT = "DELETE FROM api_clients WHERE tenant_id = $1 AND id = $2";

    INSERT_SIGNING_KEY = "INSERT INTO signing_keys (id, private_key, public_key, created_at)
        VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    LIST_SIGNING_KEYS = "SELECT id, private_key, public_key FROM signing_keys ORDER BY created_at, id";
}

db::rows! {
    /// Somebody recognised by a session or a personal access token.
    pub(super) struct KnownUser in "users" {
        pub(super) id: UserId,
        pub(super) tenant_id: TenantId,
        pub(super) publisher_id: Option<PublisherId>,
        pub(super) roles: RoleList,
    }
}

db::rows! {
    /// Somebody whose password is to be verified.
    pub(super) struct SignIn in "users" {
        pub(super) id: UserId,
        pub(super) tenant_id: TenantId,
        pub(super) password_hash: Option<String>,
        pub(super) slug: String,
    }
}

db::rows! {
    pub(super) struct Count in "users" { pub(super) n: i64 }
}

db::rows! {
    pub(super) struct UserKey in "users" { pub(super) id: UserId }
}

db::rows! {
    struct PasswordHash in "users" { password_hash: Option<String> }
}

pub(super) async fn find_password_hash(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<String>, DbError> {
    let found: Option<PasswordHash> = tx.find(FIND_PASSWORD_HASH, &[tenant, user]).await?;
    Ok(found.and_then(|found| found.password_hash))
}

/// False if the slug or the publisher id is taken.
pub(super) async fn insert_tenant(tx: &mut Tx, tenant: &Tenant) -> Result<bool, DbError> {
    let Tenant { id, slug, name, country, publisher_id, created_at } = tenant;
    Ok(tx.execute(INSERT_TENANT, &[id, slug, name, country, publisher_id, created_at]).await? == 1)
}

pub(super) async fn find_tenant(tx: &mut Tx, id: &TenantId) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT, &[id]).await
}

pub(super) async fn find_tenant_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT_BY_SLUG, &[&slug]).await
}

pub(super) async fn find_tenant_by_publisher(
    tx: &mut Tx,
    publisher: &PublisherId,
) -> Result<Option<Tenant>, DbError> {
    tx.find(FIND_TENANT_BY_PUBLISHER, &[publisher]).await
}

pub(super) async fn list_tenants(tx: &mut Tx, page: &PageRequest) -> Result<Vec<Tenant>, DbError> {
    tx.list(LIST_TENANTS, &[&page.after_id(), &page.fetch()]).await
}

/// False if the tenant has a user of this address.
pub(super) async fn insert_user(
    tx: &mut Tx,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool, DbError> {
    let User { id, tenant_id, email, name, status, created_at, .. } = user;
    let password_hash = password_hash.map(str::to_owned);
    let inserted =
        tx.execute(INSERT_USER, &[id, tenant_id, email, name, status, &password_hash, created_at]).await?;
    Ok(inserted == 1)
}

#[cfg(feature = "measure")]
pub(super) async fn insert_users(tx: &mut Tx, users: &[User]) -> Result<(), DbError> {
    let rows: Vec<Vec<db::Value<'_>>> = users
        .iter()
        .map(|User { id, tenant_id, email, name, status, created_at, revision, .. }| {
            let values: [&dyn ToValue; 7] = [id, tenant_id, email, name, status, created_at, revision];
            values.into_iter().map(ToValue::to_value).collect()
        })
        .collect();
    tx.insert_many(INSERT_USERS, &rows).await.map(|_| ())
}

pub(super) async fn find_user(tx: &mut Tx, tenant: &TenantId, id: &UserId) -> Result<Option<User>, DbError> {
    tx.find(FIND_USER, &[tenant, id]).await
}

pub(super) async fn find_user_by_email(
    tx: &mut Tx,
    tenant: &TenantId,
    email: &Email,
) -> Result<Option<User>, DbError> {
    tx.find(FIND_USER_BY_EMAIL, &[tenant, email]).await
}

/// `search` is a lower-cased LIKE pattern, empty for everybody.
pub(super) async fn list_users(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
    search: &str,
) -> Result<Vec<User>, DbError> {
    tx.list(LIST_USERS, &[tenant, &page.after_id(), &page.fetch(), &search]).await
}

pub(super) async fn list_active_users(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<UserId>, DbError> {
    let keys: Vec<UserKey> = tx.list(LIST_ACTIVE_USERS, &[tenant]).await?;
    Ok(keys.into_iter().map(|key| key.id).collect())
}

pub(super) async fn update_user(tx: &mut Tx, user: &User, status: UserStatus) -> Result<(), DbError> {
    tx.execute_one(UPDATE_USER, &[&user.tenant_id, &user.id, &user.name, &status]).await
}

pub(super) async fn update_password(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    hash: &str,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_PASSWORD, &[tenant, user, &hash]).await
}

pub(super) async fn replace_roles(tx: &mut Tx, user: &UserId, roles: &[Role]) -> Result<(), DbError> {
    tx.execute(DELETE_ROLES, &[user]).await?;
    for role in roles {
        tx.execute_one(INSERT_ROLE, &[user, role]).await?;
    }
    Ok(())
}

/// Holds a tenant until the end of the unit; also whoever would add a row that belongs to it waits.
pub(super) async fn lock_tenant(tx: &mut Tx, tenant: &TenantId) -> Result<(), DbError> {
    tx.query(LOCK_TENANT, &[tenant]).await.map(|_| ())
}

/// The active global admins of a tenant besides one user. The tenant must be held, so that two admins
/// cannot each leave because the other stays.
pub(super) async fn count_other_global_admins(
    tx: &mut Tx,
    tenant: &TenantId,
    besides: &UserId,
) -> Result<i64, DbError> {
    let count: Option<Count> = tx.find(COUNT_GLOBAL_ADMINS, &[tenant, besides]).await?;
    Ok(count.map_or(0, |count| count.n))
}

pub(super) async fn list_sign_ins(tx: &mut Tx, email: &Email, tenant: &str) -> Result<Vec<SignIn>, DbError> {
    tx.list(LIST_SIGN_INS, &[email, &tenant]).await
}

pub(super) async fn insert_session(
    tx: &mut Tx,
    id: SessionId,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(INSERT_SESSION, &[&id, &user, &token_hash, &now, &expires_at]).await
}

pub(super) async fn delete_session(tx: &mut Tx, token_hash: &[u8], user: &UserId) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_SESSION, &[&token_hash, user]).await? == 1)
}

/// Ends every session and personal access token of a user.
pub(super) async fn delete_credentials(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    tx.execute(DELETE_SESSIONS_OF, &[user]).await?;
    tx.execute(DELETE_TOKENS_OF, &[user]).await?;
    Ok(())
}

pub(super) async fn find_session_user(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<KnownUser>, DbError> {
    tx.find(FIND_SESSION_USER, &[&token_hash, &now]).await
}

pub(super) async fn find_token_user(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<KnownUser>, DbError> {
    tx.find(FIND_TOKEN_USER, &[&token_hash, &now]).await
}

pub(super) async fn insert_personal_token(
    tx: &mut Tx,
    user: &UserId,
    token: &PersonalAccessToken,
    token_hash: &[u8],
) -> Result<(), DbError> {
    let PersonalAccessToken { id, name, created_at, expires_at } = token;
    tx.execute_one(INSERT_PERSONAL_TOKEN, &[id, user, name, &token_hash, created_at, expires_at]).await
}

pub(super) async fn list_personal_tokens(
    tx: &mut Tx,
    user: &UserId,
    page: &PageRequest,
) -> Result<Vec<PersonalAccessToken>, DbError> {
    tx.list(LIST_PERSONAL_TOKENS, &[user, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn delete_personal_token(
    tx: &mut Tx,
    user: &UserId,
    id: &PersonalAccessTokenId,
) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_PERSONAL_TOKEN, &[user, id]).await? == 1)
}

pub(super) async fn insert_api_client(tx: &mut Tx, client: &ApiClient) -> Result<(), DbError> {
    let ApiClient { id, tenant_id, name, secret_hash, scopes, created_at } = client;
    tx.execute_one(INSERT_API_CLIENT, &[id, tenant_id, name, secret_hash, scopes, created_at]).await
}

pub(super) async fn list_api_clients(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<ApiClient>, DbError> {
    tx.list(LIST_API_CLIENTS, &[tenant, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn find_api_client(tx: &mut Tx, id: &ApiClientId) -> Result<Option<ApiClient>, DbError> {
    tx.find(FIND_API_CLIENT, &[id]).await
}

pub(super) async fn delete_api_client(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &ApiClientId,
) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_API_CLIENT, &[tenant, id]).await? == 1)
}

/// The first key has the nil id, so that of two nodes that start at once one makes it.
pub(super) async fn insert_first_signing_key(
    tx: &mut Tx,
    key: &SigningKey,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(INSERT_SIGNING_KEY, &[&key.id, &key.private_key, &key.public_key, &now]).await.map(|_| ())
}

pub(super) async fn list_signing_keys(tx: &mut Tx) -> Result<Vec<SigningKey>, DbError> {
    tx.list(LIST_SIGNING_KEYS, &[]).await
}

db::rows! {
    /// As much of a user as is needed to give it a seat.
    pub(crate) struct Member in "users" {
        pub(crate) id: UserId,
        pub(crate) email: Email,
        pub(crate) status: UserStatus,
    }
}

/// Users in one statement.
const MANY: usize = 50;

/// Adds the look-up of one member to statements that travel together.
pub(super) fn find_member_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    user: &'a UserRef,
) -> Place<Member> {
    match user {
        UserRef::Id(id) => together.add(FIND_MEMBER_BY_ID, &[tenant, id]),
        UserRef::Email(email) => together.add(FIND_MEMBER_BY_EMAIL, &[tenant, email]),
    }
}

async fn find_members<T: ToValue>(
    tx: &mut Tx,
    sql: db::Sql,
    tenant: &TenantId,
    keys: &[T],
) -> Result<Vec<Member>, DbError> {
    let mut together = Together::default();
    let add = |chunk| {
        let mut params: Vec<&dyn ToValue> = vec![tenant];
        params.extend(padded(chunk, MANY).map(|key| -> &dyn ToValue { key }));
        together.add::<Member>(sql, &params)
    };
    let places: Vec<Place<Member>> = keys.chunks(MANY).map(add).collect();
    let answers = tx.run_together(together).await?;
    let mut found = Vec::new();
    for place in &places {
        found.extend(answers.list(place)?);
    }
    Ok(found)
}

pub(super) async fn find_members_by_id(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &[UserId],
) -> Result<Vec<Member>, DbError> {
    find_members(tx, FIND_MEMBERS_BY_ID, tenant, ids).await
}

pub(super) async fn find_members_by_email(
    tx: &mut Tx,
    tenant: &TenantId,
    emails: &[Email],
) -> Result<Vec<Member>, DbError> {
    find_members(tx, FIND_MEMBERS_BY_EMAIL, tenant, emails).await
}
