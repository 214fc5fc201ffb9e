//! A request repeated under the same key is answered as the first time, and done once (LIC-03). Where the
//! first answer showed a secret, the secret is not kept: the repeated request is refused and told what
//! the first one made.

use db::{DbError, Tx};
use serde_json::{Value, json};
use types::{Freshness, TenantId, Timestamp};

use super::{KEY_REUSED, SECRET_SHOWN};
use crate::access::{Permission, Right};
use crate::events;
use crate::kit::Refused;

/// A key as one actor sent it, and what it was sent for.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey {
    pub(super) actor: String,
    pub(super) key: String,
    /// SHA-256 of method, address and body.
    pub(super) fingerprint: Vec<u8>,
    pub(super) keeps: Keeps,
}

/// What is kept under a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Keeps {
    Answer,
    /// The `id` in an answer that must not be kept.
    Id,
}

db::statements! {
    // Waits, on PostgreSQL, for a request of the same key that is still running.
    INSERT_KEY = "INSERT INTO idempotency_keys (actor, key, fingerprint, answer, logs, created_at)
        VALUES ($1, $2, $3, NULL, NULL, $4) ON CONFLICT DO NOTHING";
    INSERT_FORM = "INSERT INTO idempotency_keys (actor, key, fingerprint, answer, logs, created_at)
        VALUES ($1, $2, $3, 'null', NULL, $4) ON CONFLICT DO NOTHING";
    FIND_KEY = "SELECT fingerprint, answer, logs FROM idempotency_keys WHERE actor = $1 AND key = $2";
    UPDATE_KEY = "UPDATE idempotency_keys SET answer = $3, logs = $4 WHERE actor = $1 AND key = $2";
}

db::rows! {
    struct Stored in "idempotency_keys" {
        fingerprint: Vec<u8>,
        answer: Option<String>,
        logs: Option<String>,
    }
}

/// Takes the key, or gives the answer that was already made under it, as JSON.
pub(super) async fn begin(
    tx: &mut Tx,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<(String, Freshness)>, Refused> {
    if tx.execute(INSERT_KEY, &[&key.actor, &key.key, &key.fingerprint, &now]).await? == 1 {
        return Ok(None);
    }
    let stored: Option<Stored> = tx.find(FIND_KEY, &[&key.actor, &key.key]).await?;
    let Some(Stored { fingerprint, answer: Some(answer), logs }) = stored else {
        return Err(Refused::internal("an idempotency key without an answer"));
    };
    if fingerprint != key.fingerprint {
        return Err(KEY_REUSED.because("It was sent with another request before: use a new key."));
    }
    if let Keeps::Id = key.keeps {
        return Err(secret_shown(&answer));
    }
    let mut heads = Vec::new();
    for tenant in logs.unwrap_or_default().split(',').filter_map(|text| TenantId::parse(text).ok()) {
        heads.push((tenant, events::head(tx, &tenant).await?));
    }
    Ok(Some((answer, Freshness::at(heads))))
}

/// Keeps the answer, in the transaction of the change it tells of.
pub(super) async fn finish(tx: &mut Tx, key: &IdempotencyKey, mut answer: Value) -> Result<(), Refused> {
    if let Keeps::Id = key.keeps {
        answer = answer["id"].take();
    }
    let logs: Vec<String> =
        tx.staged_logs().into_iter().map(|log| TenantId::from_bytes(log.0).to_string()).collect();
    let kept: Result<(), DbError> =
        tx.execute_one(UPDATE_KEY, &[&key.actor, &key.key, &answer.to_string(), &logs.join(",")]).await;
    Ok(kept?)
}

/// Takes a form that may be sent once, by the token it was shown with; whether nobody had sent it before.
pub(super) async fn take_form<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    token: &str,
) -> Result<bool, Refused> {
    let (key, fingerprint) = (format!("form {token}"), Vec::new());
    Ok(tx.execute(INSERT_FORM, &[&actor(right)?, &key, &fingerprint, &right.now()]).await? == 1)
}

/// Whose keys are told apart.
pub(super) fn actor<P: Permission>(right: &Right<P>) -> Result<String, Refused> {
    serde_json::to_string(&(right.tenant(), right.actor())).map_err(Refused::internal)
}

/// `id` is JSON.
fn secret_shown(id: &str) -> Refused {
    let id: Value = serde_json::from_str(id).unwrap_or_default();
    let name = id.as_str().unwrap_or_default();
    let detail = format!(
        "The first request under this key was done: see {name}. If its secret did not arrive, end {name} and \
         repeat the request under a new key."
    );
    SECRET_SHOWN.because(detail).with_context(json!({ "id": id }))
}
