//! Every SQL statement of webhooks.

use db::{DbError, ToValue, Tx};
use types::{DeliveryId, PageRequest, TenantId, Timestamp, WebhookId};

use super::delivery::{Delivery, DeliveryAttempt, DeliveryState};
use super::endpoint::Endpoint;

db::statements! {
    INSERT_ENDPOINT = "INSERT INTO webhook_endpoints (id, tenant_id, url, description, kinds, secret, previous_secret,
            previous_until, enabled, disabled_because, from_position, failures, failing_since, paused_until, created_at,
            revision)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, $7, NULL, $8, 0, NULL, NULL, $9, 1)";
    FIND_ENDPOINT = "SELECT id, tenant_id, url, description, kinds, secret, previous_secret, previous_until, enabled,
            disabled_because, from_position, failures, failing_since, paused_until, created_at, revision
        FROM webhook_endpoints WHERE id = $1";
    LIST_ENDPOINTS = "SELECT id, tenant_id, url, description, kinds, secret, previous_secret, previous_until, enabled,
            disabled_because, from_position, failures, failing_since, paused_until, created_at, revision
        FROM webhook_endpoints WHERE tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LOCK_ENDPOINT = {
        sqlite: "SELECT id, tenant_id, url, description, kinds, secret, previous_secret, previous_until, enabled,
                disabled_because, from_position, failures, failing_since, paused_until, created_at, revision
            FROM webhook_endpoints WHERE id = $1",
        postgres: "SELECT id, tenant_id, url, description, kinds, secret, previous_secret, previous_until, enabled,
                disabled_because, from_position, failures, failing_since, paused_until, created_at, revision
            FROM webhook_endpoints WHERE id = $1 FOR UPDATE"
    };
    UPDATE_ENDPOINT = "UPDATE webhook_endpoints SET url = $2, description = $3, kinds = $4, secret = $5,
            previous_secret = $6, previous_until = $7, enabled = $8, disabled_because = $9, from_position = $10,
            failures = $11, failing_since = $12, paused_until = $13, revision = $14
        WHERE id = $1";
    DELETE_ATTEMPTS = "DELETE FROM webhook_attempts WHERE delivery_id IN
        (SELECT id FROM webhook_deliveries WHERE endpoint_id = $1)";
    DELETE_DELIVERIES = "DELETE FROM webhook_deliveries WHERE endpoint_id = $1";
    DELETE_ENDPOINT = "DELETE FROM webhook_endpoints WHERE id = $1";
    INSERT_DELIVERIES = ["INSERT INTO webhook_deliveries (id, endpoint_id, event_id, kind, body, state, attempts, due_at,
            created_at) VALUES", ""];
    LIST_DUE = "SELECT id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at, finished_at
        FROM webhook_deliveries WHERE endpoint_id = $1 AND state = 'pending' AND due_at <= $2
        ORDER BY due_at, id LIMIT $3";
    NEXT_DUE = "SELECT CAST(min(due_at) AS BIGINT) AS due_at FROM webhook_deliveries
        WHERE endpoint_id = $1 AND state = 'pending'";
    UPDATE_DELIVERY = "UPDATE webhook_deliveries SET state = $2, attempts = $3, due_at = $4, finished_at = $5
        WHERE id = $1 AND state = 'pending'";
    INSERT_ATTEMPT = "INSERT INTO webhook_attempts (delivery_id, number, at, duration, status, error, response)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    FIND_DELIVERY = "SELECT id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at, finished_at
        FROM webhook_deliveries WHERE endpoint_id = $1 AND id = $2";
    FIND_DELIVERY_OF = "SELECT id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at, finished_at
        FROM webhook_deliveries
        WHERE id = $2 AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE tenant_id = $1)";
    LIST_DELIVERIES = "SELECT id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at, finished_at
        FROM webhook_deliveries WHERE endpoint_id = $1 AND id < $2 AND ($3 = '' OR state = $3)
        ORDER BY id DESC LIMIT $4";
    LIST_ATTEMPTS = "SELECT number, at, duration, status, error, response FROM webhook_attempts
        WHERE delivery_id = $1 ORDER BY number";
    DELETE_OLD_ATTEMPTS = "DELETE FROM webhook_attempts WHERE delivery_id IN
        (SELECT id FROM webhook_deliveries WHERE state <> 'pending' AND finished_at < $1 ORDER BY finished_at, id LIMIT 500)";
    DELETE_OLD_DELIVERIES = "DELETE FROM webhook_deliveries WHERE id IN
        (SELECT id FROM webhook_deliveries WHERE state <> 'pending' AND finished_at < $1 ORDER BY finished_at, id LIMIT 500)";
}

db::rows! {
    struct Next in "webhook_deliveries" { due_at: Option<Timestamp> }
}

pub(super) async fn insert_endpoint(tx: &mut Tx, endpoint: &Endpoint) -> Result<(), DbError> {
    let Endpoint { id, tenant_id, url, description, kinds, secret, .. } = endpoint;
    let Endpoint { enabled, from_position, created_at, .. } = endpoint;
    tx.execute_one(
        INSERT_ENDPOINT,
        &[id, tenant_id, url, description, kinds, secret, enabled, from_position, created_at],
    )
    .await
}

pub(super) async fn find_endpoint(tx: &mut Tx, id: &WebhookId) -> Result<Option<Endpoint>, DbError> {
    tx.find(FIND_ENDPOINT, &[id]).await
}

pub(super) async fn list_endpoints(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Endpoint>, DbError> {
    tx.list(LIST_ENDPOINTS, &[tenant, &page.after_id(), &page.fetch()]).await
}

/// Held until the unit of work ends.
pub(super) async fn lock_endpoint(tx: &mut Tx, id: &WebhookId) -> Result<Option<Endpoint>, DbError> {
    tx.find(LOCK_ENDPOINT, &[id]).await
}

pub(super) async fn update_endpoint(tx: &mut Tx, endpoint: &Endpoint) -> Result<(), DbError> {
    let Endpoint { id, url, description, kinds, secret, previous_secret, previous_until, .. } = endpoint;
    let Endpoint { enabled, disabled_because, from_position, failures, failing_since, .. } = endpoint;
    let Endpoint { paused_until, revision, .. } = endpoint;
    let values: [&dyn ToValue; 14] = [
        id,
        url,
        description,
        kinds,
        secret,
        previous_secret,
        previous_until,
        enabled,
        disabled_because,
        from_position,
        failures,
        failing_since,
        paused_until,
        revision,
    ];
    tx.execute_one(UPDATE_ENDPOINT, &values).await
}

/// With everything that was sent or to be sent there.
pub(super) async fn delete_endpoint(tx: &mut Tx, id: &WebhookId) -> Result<(), DbError> {
    tx.execute(DELETE_ATTEMPTS, &[id]).await?;
    tx.execute(DELETE_DELIVERIES, &[id]).await?;
    tx.execute_one(DELETE_ENDPOINT, &[id]).await
}

pub(super) async fn insert_deliveries(tx: &mut Tx, deliveries: &[Delivery]) -> Result<(), DbError> {
    let rows: Vec<Vec<db::Value<'_>>> = deliveries
        .iter()
        .map(|delivery| {
            let Delivery {
                id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at, ..
            } = delivery;
            let values: [&dyn ToValue; 9] =
                [id, endpoint_id, event_id, kind, body, state, attempts, due_at, created_at];
            values.map(ToValue::to_value).to_vec()
        })
        .collect();
    tx.insert_many(INSERT_DELIVERIES, &rows).await.map(|_| ())
}

pub(super) async fn list_due(
    tx: &mut Tx,
    endpoint: &WebhookId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    tx.list(LIST_DUE, &[endpoint, &now, &limit]).await
}

/// When the next delivery to an endpoint is due, if any waits.
pub(super) async fn next_due(tx: &mut Tx, endpoint: &WebhookId) -> Result<Option<Timestamp>, DbError> {
    let next: Option<Next> = tx.find(NEXT_DUE, &[endpoint]).await?;
    Ok(next.and_then(|next| next.due_at))
}

/// False if it was ended or deleted meanwhile.
pub(super) async fn update_delivery(tx: &mut Tx, delivery: &Delivery) -> Result<bool, DbError> {
    let Delivery { id, state, attempts, due_at, finished_at, .. } = delivery;
    Ok(tx.execute(UPDATE_DELIVERY, &[id, state, attempts, due_at, finished_at]).await? == 1)
}

pub(super) async fn insert_attempt(
    tx: &mut Tx,
    delivery: &DeliveryId,
    attempt: &DeliveryAttempt,
) -> Result<(), DbError> {
    let DeliveryAttempt { number, at, duration, status, error, response } = attempt;
    tx.execute(INSERT_ATTEMPT, &[delivery, number, at, duration, status, error, response]).await.map(|_| ())
}

pub(super) async fn find_delivery(
    tx: &mut Tx,
    endpoint: &WebhookId,
    id: &DeliveryId,
) -> Result<Option<Delivery>, DbError> {
    tx.find(FIND_DELIVERY, &[endpoint, id]).await
}

pub(super) async fn find_delivery_of(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &DeliveryId,
) -> Result<Option<Delivery>, DbError> {
    tx.find(FIND_DELIVERY_OF, &[tenant, id]).await
}

/// The newest first.
pub(super) async fn list_deliveries(
    tx: &mut Tx,
    endpoint: &WebhookId,
    page: &PageRequest,
    state: Option<DeliveryState>,
) -> Result<Vec<Delivery>, DbError> {
    let state = state.map_or("", DeliveryState::as_str);
    tx.list(LIST_DELIVERIES, &[endpoint, &page.before_id(), &state, &page.fetch()]).await
}

pub(super) async fn list_attempts(
    tx: &mut Tx,
    delivery: &DeliveryId,
) -> Result<Vec<DeliveryAttempt>, DbError> {
    tx.list(LIST_ATTEMPTS, &[delivery]).await
}

/// The number of deliveries deleted; there may be more.
pub(super) async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(DELETE_OLD_ATTEMPTS, &[&before]).await?;
    tx.execute(DELETE_OLD_DELIVERIES, &[&before]).await
}
