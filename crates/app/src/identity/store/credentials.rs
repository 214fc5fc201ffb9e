//! What people prove who they are by: passwords, sessions, personal access tokens.

use db::{DbError, Tx};
use types::{Email, PageRequest, PersonalAccessTokenId, PublisherId, SessionId, TenantId, Timestamp, UserId};

use crate::identity::operations::personal_access_token::PersonalAccessToken;
use crate::identity::user::RoleList;
use crate::kit::Language;

db::statements! {
    FIND_PASSWORD_HASH = "SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2";
    UPDATE_PASSWORD = "UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2";
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
    FIND_VISITOR = "SELECT u.id, u.tenant_id, t.publisher_id, u.name, u.email, u.language, t.name AS tenant_name,
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
}

db::rows! {
    /// Somebody recognised by a session or a personal access token.
    pub(in crate::identity) struct KnownUser in "users" {
        pub(in crate::identity) id: UserId,
        pub(in crate::identity) tenant_id: TenantId,
        pub(in crate::identity) publisher_id: Option<PublisherId>,
        pub(in crate::identity) roles: RoleList,
    }
}

db::rows! {
    /// Somebody recognised by a session, with what pages show of them.
    pub(in crate::identity) struct KnownVisitor in "users" {
        pub(in crate::identity) id: UserId,
        pub(in crate::identity) tenant_id: TenantId,
        pub(in crate::identity) publisher_id: Option<PublisherId>,
        pub(in crate::identity) name: String,
        pub(in crate::identity) email: Email,
        pub(in crate::identity) language: Option<Language>,
        pub(in crate::identity) tenant_name: String,
        pub(in crate::identity) roles: RoleList,
    }
}

db::rows! {
    /// Somebody whose password is to be verified.
    pub(in crate::identity) struct SignIn in "users" {
        pub(in crate::identity) id: UserId,
        pub(in crate::identity) tenant_id: TenantId,
        pub(in crate::identity) password_hash: Option<String>,
        pub(in crate::identity) slug: String,
    }
}

db::rows! {
    struct PasswordHash in "users" { password_hash: Option<String> }
}

pub(in crate::identity) async fn find_password_hash(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<String>, DbError> {
    let found: Option<PasswordHash> = tx.find(FIND_PASSWORD_HASH, &[tenant, user]).await?;
    Ok(found.and_then(|found| found.password_hash))
}

pub(in crate::identity) async fn update_password(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    hash: &str,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_PASSWORD, &[tenant, user, &hash]).await
}

pub(in crate::identity) async fn list_sign_ins(
    tx: &mut Tx,
    email: &Email,
    tenant: &str,
) -> Result<Vec<SignIn>, DbError> {
    tx.list(LIST_SIGN_INS, &[email, &tenant]).await
}

pub(in crate::identity) async fn insert_session(
    tx: &mut Tx,
    id: SessionId,
    user: UserId,
    token_hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(INSERT_SESSION, &[&id, &user, &token_hash, &now, &expires_at]).await
}

pub(in crate::identity) async fn delete_session(
    tx: &mut Tx,
    token_hash: &[u8],
    user: &UserId,
) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_SESSION, &[&token_hash, user]).await? == 1)
}

/// Ends every session and personal access token of a user, and a link to a new password.
pub(in crate::identity) async fn delete_credentials(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    tx.execute(DELETE_SESSIONS_OF, &[user]).await?;
    tx.execute(DELETE_TOKENS_OF, &[user]).await?;
    super::delete_reset_of(tx, user).await
}

pub(in crate::identity) async fn find_session_user(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<KnownUser>, DbError> {
    tx.find(FIND_SESSION_USER, &[&token_hash, &now]).await
}

pub(in crate::identity) async fn find_visitor(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<KnownVisitor>, DbError> {
    tx.find(FIND_VISITOR, &[&token_hash, &now]).await
}

pub(in crate::identity) async fn find_token_user(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<KnownUser>, DbError> {
    tx.find(FIND_TOKEN_USER, &[&token_hash, &now]).await
}

pub(in crate::identity) async fn insert_personal_token(
    tx: &mut Tx,
    user: &UserId,
    token: &PersonalAccessToken,
    token_hash: &[u8],
) -> Result<(), DbError> {
    let PersonalAccessToken { id, name, created_at, expires_at } = token;
    tx.execute_one(INSERT_PERSONAL_TOKEN, &[id, user, name, &token_hash, created_at, expires_at]).await
}

pub(in crate::identity) async fn list_personal_tokens(
    tx: &mut Tx,
    user: &UserId,
    page: &PageRequest,
) -> Result<Vec<PersonalAccessToken>, DbError> {
    tx.list(LIST_PERSONAL_TOKENS, &[user, &page.after_id(), &page.fetch()]).await
}

pub(in crate::identity) async fn delete_personal_token(
    tx: &mut Tx,
    user: &UserId,
    id: &PersonalAccessTokenId,
) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_PERSONAL_TOKEN, &[user, id]).await? == 1)
}
