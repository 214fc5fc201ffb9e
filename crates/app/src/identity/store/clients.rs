//! API clients, and the keys that sign their access tokens.

use db::{DbError, Tx};
use types::{ApiClientId, PageRequest, TenantId, Timestamp};

use crate::identity::keys::SigningKey;
use crate::identity::operations::api_client::ApiClient;

db::statements! {
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

/// The first key has the nil id, so that of two nodes that start at once one makes it.
pub(in crate::identity) async fn insert_first_signing_key(
    tx: &mut Tx,
    key: &SigningKey,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(INSERT_SIGNING_KEY, &[&key.id, &key.private_key, &key.public_key, &now]).await.map(|_| ())
}

pub(in crate::identity) async fn list_signing_keys(tx: &mut Tx) -> Result<Vec<SigningKey>, DbError> {
    tx.list(LIST_SIGNING_KEYS, &[]).await
}
