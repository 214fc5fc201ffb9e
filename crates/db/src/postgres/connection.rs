//! One connection to PostgreSQL, for one transaction.

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Statement};

use super::pipeline::{pipelined, sent};
use super::values::{Bound, Raw, collect, outcome};
use crate::log::Batch;
use crate::tx::{Call, Outcome};
use crate::{BoxFuture, DbError, Mark, at_length};

/// Advances a head and appends behind it in one statement, so that both can travel with the commit and
/// the head is locked for no longer than the commit takes.
const APPEND: &str = "WITH head AS (
        INSERT INTO log_heads (log, head, changed_at, link) VALUES ($1, $2, $3, log_link('', $8))
        ON CONFLICT (log) DO UPDATE SET head = log_heads.head + excluded.head, changed_at = excluded.changed_at,
            link = log_link(log_heads.link, $8)
        RETURNING head, link
    ), appended AS (
        INSERT INTO log_entries (log, position, id, kind, body, at, link)
        SELECT $1, head.head - $2 + entry.place, entry.id, entry.kind, entry.body, entry.at,
            CASE WHEN entry.place = $2 THEN head.link END
        FROM head, unnest($4::bytea[], $5::text[], $6::text[], $7::bigint[])
            WITH ORDINALITY AS entry (id, kind, body, at, place)
    )
    SELECT head FROM head";

/// The same for one entry, which is the rule.
const APPEND_ONE: &str = "WITH head AS (
        INSERT INTO log_heads (log, head, changed_at, link) VALUES ($1, 1, $2, log_link('', $3))
        ON CONFLICT (log) DO UPDATE SET head = log_heads.head + 1, changed_at = excluded.changed_at,
            link = log_link(log_heads.link, $3)
        RETURNING head, link
    )
    INSERT INTO log_entries (log, position, id, kind, body, at, link)
    SELECT $1, head.head, $4::bytea, $5::text, $6::text, $7::bigint, head.link FROM head
    RETURNING position";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            Self::Write => "BEGIN",
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent yet, or the transaction has ended.
    Idle,
    Open,
    /// Something was dropped in the middle.
    Broken,
}

/// A pooled connection; the transaction begins with its first statement, in the same round trip.
pub(crate) struct Connection {
    /// `None` only while it is being dropped.
    client: Option<Object>,
    mode: Mode,
    state: State,
}

impl Connection {
    pub(super) fn new(client: Object, mode: Mode) -> Self {
        Self { client: Some(client), mode, state: State::Idle }
    }

    fn client(&self) -> Result<&ClientWrapper, DbError> {
        self.client.as_deref().ok_or_else(|| DbError::internal("the connection is gone"))
    }

    /// Runs statements in this order, all sent at once.
    pub(crate) async fn run_all(&mut self, calls: &[Call<'_>]) -> Result<Vec<Outcome>, DbError> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let (state, mode) = (self.state, self.mode);
        // Until this has ended, nobody knows in which state the connection is.
        self.state = State::Broken;
        let client = self.client()?;
        let ran = run_from(client, (state == State::Idle).then_some(mode), calls).await;
        // Failed or not, the transaction is now there to be ended; if the connection is lost, that fails.
        self.state = State::Open;
        ran
    }

    /// Runs the last statements, appends to the logs and commits, all sent together: should one of them fail,
    /// then COMMIT ends the failed transaction by rolling it back.
    pub(crate) async fn commit(
        &mut self,
        last: &[Call<'_>],
        batches: &[Batch<'_>],
    ) -> Result<Vec<Mark>, DbError> {
        if self.state == State::Idle && last.is_empty() && batches.is_empty() {
            return Ok(Vec::new());
        }
        let begin = (self.state == State::Idle).then_some(self.mode);
        self.state = State::Broken;
        let client = self.client()?;
        let statements = prepared(client, last).await?;
        let mut appends: Vec<Statement> = Vec::with_capacity(batches.len());
        for batch in batches {
            let text = if batch.count() == 1 { APPEND_ONE } else { APPEND };
            appends.push(client.prepare_cached(text).await?);
        }
        let mut requests: Vec<BoxFuture<'_, Result<Option<Mark>, Error>>> =
            Vec::with_capacity(last.len() + batches.len() + 2);
        requests.extend(begin.map(|mode| control(client, mode.begin(), None)));
        for (call, statement) in last.iter().zip(&statements) {
            let params = bound(call);
            requests.push(Box::pin(async move { client.execute_raw(statement, params).await.map(|_| None) }));
        }
        for (batch, append) in batches.iter().zip(&appends) {
            requests.push(match batch.count() {
                1 => Box::pin(append_one_to(client, append, batch)),
                _ => Box::pin(append_to(client, append, batch)),
            });
        }
        requests.push(control(client, "COMMIT", None));
        let marks = pipelined(requests).await.map_err(|error| DbError::from(error).during_commit())?;
        self.state = State::Idle;
        Ok(marks.into_iter().flatten().collect())
    }

    pub(super) async fn roll_back(&mut self) {
        if self.state == State::Open
            && let Ok(client) = self.client()
            && client.batch_execute("ROLLBACK").await.is_ok()
        {
            self.state = State::Idle;
        }
    }

    /// Ends a read. Nobody needs to wait for that: whoever uses the connection next is behind it.
    pub(super) async fn end_read(&mut self) {
        if self.state == State::Open
            && let Ok(client) = self.client()
            && sent(control(client, "ROLLBACK", ())).await.is_ok()
        {
            self.state = State::Idle;
        }
    }

    /// How the server plans a statement, whatever its values, while there is nothing in its tables.
    #[cfg(feature = "testing")]
    pub(crate) async fn plan(&mut self, text: &str) -> Result<String, DbError> {
        let client = self.client()?;
        let values = vec!["NULL"; client.prepare(text).await?.params().len()].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        client.batch_execute(&format!("PREPARE planned AS {text}")).await?;
        let lines = client.query(&format!("EXPLAIN EXECUTE planned {values}"), &[]).await?;
        client.batch_execute("DEALLOCATE planned").await?;
        Ok(lines.iter().map(|line| line.get::<_, String>(0) + "\n").collect())
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), DbError> {
        self.run_all(&[Call::new("SELECT 1", Vec::new())]).await?;
        Ok(self.client()?.batch_execute(text).await?)
    }
}

/// A connection in an unknown state never goes back to the pool.
impl Drop for Connection {
    fn drop(&mut self) {
        if self.state != State::Idle
            && let Some(client) = self.client.take()
        {
            drop(Object::take(client));
        }
    }
}

/// A statement without parameters or rows; `then` is what it gives.
fn control<'a, T: Send + 'a>(
    client: &'a ClientWrapper,
    text: &'a str,
    then: T,
) -> BoxFuture<'a, Result<T, Error>> {
    Box::pin(async move { client.batch_execute(text).await.map(|()| then) })
}

/// How the next statements of this transaction are planned. A plan for a list that was made when there was
/// little reads all of it, user for user of the list, when there is much.
fn planned(by_list: bool) -> &'static str {
    if by_list {
        "SET LOCAL plan_cache_mode = force_custom_plan"
    } else {
        "SET LOCAL plan_cache_mode = force_generic_plan"
    }
}

async fn prepared(client: &ClientWrapper, calls: &[Call<'_>]) -> Result<Vec<Statement>, Error> {
    let mut statements = Vec::with_capacity(calls.len());
    for call in calls {
        statements.push(client.prepare_cached(call.text).await?);
    }
    Ok(statements)
}

fn bound<'a>(call: &Call<'a>) -> Vec<Bound<'a>> {
    let array = call.array.map(Bound::Array);
    call.params.iter().map(|value| Bound::One(value)).chain(array).collect()
}

async fn run_from(
    client: &ClientWrapper,
    begin: Option<Mode>,
    calls: &[Call<'_>],
) -> Result<Vec<Outcome>, DbError> {
    let statements = prepared(client, calls).await?;
    let mut requests: Vec<BoxFuture<'_, Result<Option<Raw>, Error>>> = Vec::with_capacity(calls.len() + 3);
    requests.extend(begin.map(|mode| control(client, mode.begin(), None)));
    for (at, (call, statement)) in calls.iter().zip(&statements).enumerate() {
        if call.by_list != at.checked_sub(1).is_some_and(|before| calls[before].by_list) {
            requests.push(control(client, planned(call.by_list), None));
        }
        let params = bound(call);
        requests.push(Box::pin(async move {
            let stream = client.query_raw(statement, params).await?;
            collect(stream).await.map(Some)
        }));
    }
    if calls.last().is_some_and(|call| call.by_list) {
        requests.push(control(client, planned(false), None));
    }
    let answers = pipelined(requests).await?;
    let rows: usize = answers.iter().flatten().map(Raw::len).sum();
    at_length(rows, || {
        answers.iter().flatten().zip(&statements).map(|(raw, statement)| outcome(raw, statement)).collect()
    })
}

async fn append_to(
    client: &ClientWrapper,
    append: &Statement,
    batch: &Batch<'_>,
) -> Result<Option<Mark>, Error> {
    let log = batch.log();
    let ids: Vec<&[u8]> = batch.entries().map(|entry| entry.id.as_slice()).collect();
    let kinds: Vec<&str> = batch.entries().map(|entry| entry.kind).collect();
    let bodies: Vec<&str> = batch.entries().map(|entry| entry.body.as_str()).collect();
    let times: Vec<i64> = batch.entries().map(|entry| entry.at).collect();
    let (id, count, at, digests) = (log.0.as_slice(), batch.count(), batch.at(), batch.digests());
    let row = client.query_one(append, &[&id, &count, &at, &ids, &kinds, &bodies, &times, &digests]).await?;
    Ok(Some(Mark { log, position: row.try_get(0)? }))
}

async fn append_one_to(
    client: &ClientWrapper,
    append: &Statement,
    batch: &Batch<'_>,
) -> Result<Option<Mark>, Error> {
    let log = batch.log();
    let (changed, digests) = (batch.at(), batch.digests());
    let mut position = None;
    for entry in batch.entries() {
        let (id, id_of_log) = (entry.id.as_slice(), log.0.as_slice());
        let params: [&(dyn ToSql + Sync); 7] =
            [&id_of_log, &changed, &digests, &id, &entry.kind, &entry.body, &entry.at];
        position = Some(client.query_one(append, &params).await?.try_get(0)?);
    }
    Ok(position.map(|position| Mark { log, position }))
}
