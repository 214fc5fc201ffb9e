//! Queue jobs: what can be enqueued, and what is kept of it.

use db::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use types::{JobId, Timestamp};

use crate::App;
use crate::kit::{Refused, text_enum};

text_enum! {
    JobState {
        /// Waits until it is due.
        Queued = "queued",
        Running = "running",
        Done = "done",
        /// Failed for good.
        Dead = "dead",
    }
}

/// Work with an input. What it does twice must be the same as once.
pub(crate) trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Stored, so it never changes: `webhook.deliver`.
    const KIND: &'static str;
    /// After the last of these it is dead.
    const ATTEMPTS: i64 = 10;
    /// Seconds an attempt may take; then it has failed.
    const SECONDS: i64 = 120;

    fn run(self, app: App, attempt: Attempt) -> BoxFuture<'static, Result<(), Failed>>;
}

/// Which attempt this is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// From 1.
    pub number: i64,
}

/// Why an attempt did not succeed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub error: String,
    /// No further attempt can succeed.
    pub for_good: bool,
}

impl Failed {
    pub(crate) fn for_good(error: impl Into<String>) -> Self {
        Self { error: error.into(), for_good: true }
    }

    pub(crate) fn for_now(error: impl Into<String>) -> Self {
        Self { error: error.into(), for_good: false }
    }
}

impl From<Refused> for Failed {
    fn from(refused: Refused) -> Self {
        Self::for_now(refused.cause())
    }
}

impl From<db::DbError> for Failed {
    fn from(error: db::DbError) -> Self {
        Refused::from(error).into()
    }
}

/// A kind of job with its type taken off.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub name: &'static str,
    pub seconds: i64,
    pub run: fn(App, String, Attempt) -> BoxFuture<'static, Result<(), Failed>>,
}

impl Kind {
    pub(crate) const fn of<J: Job>() -> Self {
        Self { name: J::KIND, seconds: J::SECONDS, run: run::<J> }
    }
}

fn run<J: Job>(app: App, payload: String, attempt: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
    match serde_json::from_str::<J>(&payload) {
        Ok(job) => job.run(app, attempt),
        Err(error) => {
            let failed = Failed::for_good(format!("its input does not read: {error}"));
            Box::pin(async move { Err(failed) })
        }
    }
}

db::rows! {
    /// A job as it is kept; its input is for the runner alone.
    pub(crate) struct StoredJob in "jobs" {
        pub id: JobId,
        pub kind: String,
        pub key: Option<String>,
        pub state: JobState,
        pub due_at: Timestamp,
        pub attempts: i64,
        pub attempts_max: i64,
        pub lease_until: Option<Timestamp>,
        pub node: Option<String>,
        pub error: Option<String>,
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
    }
}

db::rows! {
    /// A job that this node holds the lease of.
    pub(crate) struct Claimed in "jobs" {
        pub id: JobId,
        pub kind: String,
        pub payload: String,
        pub attempts: i64,
        pub attempts_max: i64,
    }
}
