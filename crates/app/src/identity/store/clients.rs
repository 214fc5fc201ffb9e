//! API clients, and the keys that sign their access tokens.

use db::{DbError, Tx};
use types::{ApiClientId, PageRequest, SigningKeyId, TenantId, Timestamp};

use crate::identity::keys::SigningKey;
use crate::identity::operations::api_client::ApiClient;

db::statements! {
    INSERT_API_CLIENT = "INSERT INTO api_clients (id, tenant_id, name, secret_hash, scopes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    LIST_API_CLIENTS = "SELECT id, tenant_id, name, secret_hash, scopes, created_at FROM api_clients
        WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    FIND_API_CLIENT = "SELECT id, tenant_id, name, secret_hash, scopes, created_at FROM api_clients WHERE id = $1";
    DELETE_API_CLIENT = "DELETE FROM api_clients WHERE tenant_id = $1 AND id = $2";
    INSERT_SIGNING_KEY = "INSERT INTO signing_keys (id, private_key, public_key, algorithm, signs_from, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    LIST_SIGNING_KEYS = "SELECT id, private_key, public_key, algorithm, signs_from, retires_at FROM signing_keys
        ORDER BY created_at, id";
    RETIRE_SIGNING_KEYS = "UPDATE signing_keys SET retires_at = $1 WHERE retires_at IS NULL";
    FIND_KEY_RETIREMENT = "SELECT retires_at FROM signing_keys WHERE id = $1";
    DELETE_RETIRED_SIGNING_KEYS = "DELETE FROM signing_keys WHERE retires_at <= $1 RETURNING id";
}

pub(in crate::identity) async fn insert_api_client(tx: &mut Tx, client: &ApiClient) -> Result<(), DbError> {
    let ApiClient { id, tenant_id, name, secret_hash, scopes, created_at } = client;
    tx.execute_one(INSERT_API_CLIENT, &[id, tenant_id, name, secret_hash, scopes, created_at]).await
}

pub(in crate::identity) async fn list_api_clients(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<ApiClient>, DbError> {
    tx.list(LIST_API_CLIENTS, &[tenant, &page.after_id(), &page.fetch()]).await
}

pub(in crate::identity) async fn find_api_client(
    tx: &mut Tx,
    id: &ApiClientId,
) -> Result<Option<ApiClient>, DbError> {
    tx.find(FIND_API_CLIENT, &[id]).await
}

pub(in crate::identity) async fn delete_api_client(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &ApiClientId,
) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_API_CLIENT, &[tenant, id]).await? == 1)
}

/// A key of this id that is there already stays as it is: the first keys have fixed ids, so that of two nodes that
/// start at once one makes them.
pub(in crate::identity) async fn insert_signing_key(
    tx: &mut Tx,
    key: &SigningKey,
    now: Timestamp,
) -> Result<(), DbError> {
    let SigningKey { id, private_key, public_key, algorithm, signs_from, .. } = key;
    tx.execute(INSERT_SIGNING_KEY, &[id, private_key, public_key, algorithm, signs_from, &now])
        .await
        .map(|_| ())
}

pub(in crate::identity) async fn list_signing_keys(tx: &mut Tx) -> Result<Vec<SigningKey>, DbError> {
    tx.list(LIST_SIGNING_KEYS, &[]).await
}

/// Those that have a successor already stay as they are.
pub(in crate::identity) async fn retire_signing_keys(tx: &mut Tx, at: Timestamp) -> Result<(), DbError> {
    tx.execute(RETIRE_SIGNING_KEYS, &[&at]).await.map(|_| ())
}

db::rows! {
    struct KeyId in "signing_keys" { id: SigningKeyId }
}

db::rows! {
    pub(in crate::identity) struct Retirement in "signing_keys" {
        pub(in crate::identity) retires_at: Option<Timestamp>,
    }
}

pub(in crate::identity) async fn find_key_retirement(
    tx: &mut Tx,
    id: &SigningKeyId,
) -> Result<Option<Retirement>, DbError> {
    tx.find(FIND_KEY_RETIREMENT, &[id]).await
}

pub(in crate::identity) async fn delete_retired_signing_keys(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<Vec<SigningKeyId>, DbError> {
    let gone: Vec<KeyId> = tx.list(DELETE_RETIRED_SIGNING_KEYS, &[&now]).await?;
    Ok(gone.into_iter().map(|key| key.id).collect())
}
