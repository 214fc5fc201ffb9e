//! Every SQL statement of jobs.

use db::{DbError, Tx};
use types::{JobId, PageRequest, Timestamp};

use super::job::Claimed;
use super::{JobState, StoredJob};

db::statements! {
    // Takes the row that stands for the same, so that whoever claims it sees what this unit wrote.
    INSERT_JOB = "INSERT INTO jobs (id, kind, key, payload, state, due_at, attempts, attempts_max, lease_seconds,
            lease_until, node, error, created_at, finished_at)
        VALUES ($1, $2, $3, $4, 'queued', $5, 0, $6, $7, NULL, NULL, NULL, $8, NULL)
        ON CONFLICT (kind, key) WHERE state = 'queued' AND attempts = 0
        DO UPDATE SET due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END";
    FIND_DUE = "SELECT kind FROM jobs WHERE kind = $2
            AND ((state = 'queued' AND due_at <= $1) OR (state = 'running' AND lease_until <= $1)) LIMIT 1";
    // The states are named apart, as the index by key has them: else the whole backlog is read for each job.
    CLAIM = {
        sqlite: "UPDATE jobs SET state = 'running', attempts = attempts + 1, node = $2,
                lease_until = $1 + lease_seconds * 1000000
            WHERE id IN (SELECT j.id FROM jobs j
                WHERE ((j.state = 'queued' AND j.due_at <= $1) OR (j.state = 'running' AND j.lease_until <= $1))
                AND j.kind = $4
                AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.key = j.key AND o.id <> j.id
                    AND (o.state = 'running' OR o.state = 'queued')
                    AND (o.state = 'running' OR (o.due_at <= $1 AND o.id < j.id)))
                ORDER BY j.due_at, j.id LIMIT $3)
            RETURNING id, kind, payload, attempts, attempts_max",
        postgres: "WITH due AS MATERIALIZED (SELECT j.id FROM jobs j
                WHERE ((j.state = 'queued' AND j.due_at <= $1) OR (j.state = 'running' AND j.lease_until <= $1))
                AND j.kind = $4
                AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.kind = j.kind AND o.key = j.key AND o.id <> j.id
                    AND (o.state = 'running' OR o.state = 'queued')
                    AND (o.state = 'running' OR (o.due_at <= $1 AND o.id < j.id)))
                ORDER BY j.due_at, j.id LIMIT $3 FOR UPDATE OF j SKIP LOCKED)
            UPDATE jobs SET state = 'running', attempts = attempts + 1, node = $2,
                lease_until = $1 + lease_seconds * 1000000
            FROM due WHERE jobs.id = due.id
            RETURNING jobs.id, jobs.kind, jobs.payload, jobs.attempts, jobs.attempts_max"
    };
    // Only who holds the lease ends a job: a later claim has counted another attempt.
    END_JOB = "UPDATE jobs SET state = $3, due_at = $4, error = $5, finished_at = $6, lease_until = NULL
        WHERE id = $1 AND state = 'running' AND attempts = $2";
    RETRY_JOB = "UPDATE jobs SET state = 'queued', due_at = $2, attempts_max = attempts + $3, finished_at = NULL
        WHERE id = $1 AND (state = 'dead' OR state = 'queued')";
    FIND_JOB = "SELECT id, kind, key, state, due_at, attempts, attempts_max, lease_until, node, error, created_at,
            finished_at
        FROM jobs WHERE id = $1";
    LIST_JOBS = "SELECT id, kind, key, state, due_at, attempts, attempts_max, lease_until, node, error, created_at,
            finished_at
        FROM jobs WHERE id < $1 AND ($2 = '' OR state = $2) AND ($3 = '' OR kind = $3)
        ORDER BY id DESC LIMIT $4";
    COUNT_JOBS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM jobs WHERE state = $1";
    DELETE_DONE = "DELETE FROM jobs WHERE id IN
        (SELECT id FROM jobs WHERE state = 'done' AND finished_at < $1 LIMIT 1000)";
    UPSERT_RECONCILER = "INSERT INTO reconcilers (name, ran_at, duration, failed, error, node)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at, duration = excluded.duration,
            failed = excluded.failed, error = excluded.error, node = excluded.node";
    LIST_RECONCILERS = "SELECT name, ran_at, duration, failed, error, node FROM reconcilers ORDER BY name";
}

db::rows! {
    struct Count in "jobs" { n: i64 }
}

db::rows! {
    /// How a reconciler ended last.
    pub(crate) struct LastRun in "reconcilers" {
        pub name: String,
        pub ran_at: Timestamp,
        /// Microseconds.
        pub duration: i64,
        pub failed: bool,
        pub error: Option<String>,
        pub node: String,
    }
}

/// What a new job is made of.
pub(super) struct NewJob<'a> {
    pub id: JobId,
    pub kind: &'static str,
    pub key: Option<&'a str>,
    pub payload: &'a str,
    pub due_at: Timestamp,
    pub attempts_max: i64,
    pub lease_seconds: i64,
    pub created_at: Timestamp,
}

pub(super) async fn insert_job(tx: &mut Tx, job: &NewJob<'_>) -> Result<(), DbError> {
    let NewJob { id, kind, key, payload, due_at, attempts_max, lease_seconds, created_at } = job;
    tx.execute_one(INSERT_JOB, &[id, kind, key, payload, due_at, attempts_max, lease_seconds, created_at])
        .await
}

db::rows! {
    struct DueKind in "jobs" { kind: String }
}

/// Those of the kinds of which there is something to do.
pub(super) async fn due_kinds(
    tx: &mut Tx,
    now: Timestamp,
    kinds: &[&'static str],
) -> Result<Vec<String>, DbError> {
    let due: Vec<DueKind> = tx.list_each(FIND_DUE, &[&now], kinds).await?;
    Ok(due.into_iter().map(|due| due.kind).collect())
}

/// Takes the lease of up to `limit` jobs of this kind.
pub(super) async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    node: &str,
    (kind, limit): (&str, i64),
) -> Result<Vec<Claimed>, DbError> {
    tx.list(CLAIM, &[&now, &node, &limit, &kind]).await
}

/// How an attempt ended: the job's next state, when it is due if that is to wait, and what went wrong.
pub(super) struct Ending<'a> {
    pub state: JobState,
    pub due_at: Timestamp,
    pub error: Option<&'a str>,
    pub finished_at: Option<Timestamp>,
}

/// False if the lease was over and somebody else has claimed the job since.
pub(super) async fn end_job(
    tx: &mut Tx,
    id: &JobId,
    attempt: i64,
    ending: &Ending<'_>,
) -> Result<bool, DbError> {
    let Ending { state, due_at, error, finished_at } = ending;
    Ok(tx.execute(END_JOB, &[id, &attempt, state, due_at, error, finished_at]).await? == 1)
}

/// False if the job neither waits nor is dead.
pub(super) async fn retry_job(
    tx: &mut Tx,
    id: &JobId,
    now: Timestamp,
    attempts: i64,
) -> Result<bool, DbError> {
    Ok(tx.execute(RETRY_JOB, &[id, &now, &attempts]).await? == 1)
}

pub(super) async fn find_job(tx: &mut Tx, id: &JobId) -> Result<Option<StoredJob>, DbError> {
    tx.find(FIND_JOB, &[id]).await
}

/// The newest first; an empty kind means all.
pub(super) async fn list_jobs(
    tx: &mut Tx,
    page: &PageRequest,
    state: Option<JobState>,
    kind: &str,
) -> Result<Vec<StoredJob>, DbError> {
    let state = state.map_or("", JobState::as_str);
    tx.list(LIST_JOBS, &[&page.before_id(), &state, &kind, &page.fetch()]).await
}

pub(super) async fn count_jobs(tx: &mut Tx, state: JobState) -> Result<i64, DbError> {
    let row: Option<Count> = tx.find(COUNT_JOBS, &[&state]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// The number deleted; there may be more.
pub(super) async fn delete_done(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(DELETE_DONE, &[&before]).await
}

pub(super) async fn upsert_reconciler(tx: &mut Tx, run: &LastRun) -> Result<(), DbError> {
    let LastRun { name, ran_at, duration, failed, error, node } = run;
    tx.execute_one(UPSERT_RECONCILER, &[name, ran_at, duration, failed, error, node]).await
}

pub(super) async fn list_reconcilers(tx: &mut Tx) -> Result<Vec<LastRun>, DbError> {
    tx.list(LIST_RECONCILERS, &[]).await
}
