//! Enqueue, in the unit of work that wants it done.

use db::{DbError, Tx};
use types::Timestamp;

use crate::jobs::job::Job;
use crate::jobs::store::{self, NewJob};
use crate::kit::Random;

/// Seconds that a lease is longer than an attempt may take: for saying how it ended.
const GRACE_SECONDS: i64 = 30;

/// When, and for which of the things that exclude each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When<'a> {
    pub now: Timestamp,
    pub due_at: Timestamp,
    /// Jobs of one kind and key never run at once, and one that waits untried stands for all.
    pub key: Option<&'a str>,
}

impl<'a> When<'a> {
    pub(crate) fn now(now: Timestamp) -> Self {
        Self { now, due_at: now, key: None }
    }

    pub(crate) fn key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }

    pub(crate) fn due_at(self, due_at: Timestamp) -> Self {
        Self { due_at, ..self }
    }
}

pub(crate) async fn enqueue<J: Job>(
    tx: &mut Tx,
    random: &Random,
    job: &J,
    when: When<'_>,
) -> Result<(), DbError> {
    let payload = serde_json::to_string(job).map_err(|error| DbError::internal(error.to_string()))?;
    let job = NewJob {
        id: random.id(when.now),
        kind: J::KIND,
        key: when.key,
        payload: &payload,
        due_at: when.due_at,
        attempts_max: J::ATTEMPTS,
        lease_seconds: J::SECONDS + GRACE_SECONDS,
        created_at: when.now,
    };
    store::insert_job(tx, &job).await
}
