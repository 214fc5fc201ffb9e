//! One connection to PostgreSQL, for one transaction.

use std::sync::Arc;

use super::messages::{Request, Statement};
use super::pool::Pooled;
use super::session::{Ending, Session, Status};
use super::values::Bound;
use crate::log::Batch;
use crate::tx::{Call, Outcome};
use crate::{DbError, Mark, Value};

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

/// A pooled connection; the transaction begins with its first statement, in the same round trip.
pub(crate) struct Connection {
    /// `None` once it was handed on.
    pooled: Option<Pooled>,
    mode: Mode,
}

impl Connection {
    pub(super) fn new(pooled: Pooled, mode: Mode) -> Self {
        Self { pooled: Some(pooled), mode }
    }

    /// The session, and what begins a transaction where none is open.
    fn session(&mut self) -> Result<(&mut Session, Option<Request<'static>>), DbError> {
        let mode = self.mode;
        let session = self.pooled()?.session()?;
        let begin = match session.status() {
            Status::Idle => Some(Request::plain(mode.begin())),
            Status::Open => None,
            Status::Unknown => return Err(DbError::Aborted),
        };
        Ok((session, begin))
    }

    fn pooled(&mut self) -> Result<&mut Pooled, DbError> {
        self.pooled.as_mut().ok_or_else(|| DbError::internal("the connection is handed on"))
    }

    /// Runs statements in this order, all sent at once.
    pub(crate) async fn run_all(&mut self, calls: &[Call<'_>]) -> Result<Vec<Outcome>, DbError> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let (_, begin) = self.session()?;
        let mut requests = Vec::with_capacity(calls.len() + 3);
        let mut asked = Vec::with_capacity(calls.len());
        requests.extend(begin);
        let mut by_list = false;
        for call in calls {
            if call.by_list != by_list {
                by_list = call.by_list;
                requests.push(Request::plain(planned(by_list)));
            }
            asked.push(requests.len());
            requests.push(request(call));
        }
        if by_list {
            requests.push(Request::plain(planned(false)));
        }
        let mut outcomes = self.run(&requests).await?;
        Ok(asked.into_iter().map(|at| std::mem::take(&mut outcomes[at])).collect())
    }

    /// A connection that breaks in the commit of the unit before takes nothing along of a transaction that only begins:
    /// it does so on another one.
    async fn run(&mut self, requests: &[Request<'_>]) -> Ending {
        let pooled = self.pooled()?;
        let session = pooled.session()?;
        let is_behind = session.is_awaited();
        match session.run(requests).await {
            Err(error @ DbError::Unavailable { .. }) if is_behind && session.status() == Status::Unknown => {
                pooled.replace(&error).await?;
                pooled.session()?.run(requests).await
            }
            ending => ending,
        }
    }

    /// Runs the last statements, appends to the logs and commits, all sent together: behind one that fails nothing
    /// is run, and so nothing is committed.
    pub(crate) async fn commit(
        &mut self,
        last: &[Call<'_>],
        batches: &[Batch<'_>],
    ) -> Result<Vec<Mark>, DbError> {
        let (session, begin) = self.session()?;
        let is_open = begin.is_none();
        if !is_open {
            // A whole unit is not sent behind a commit: if the connection broke, nobody would know of either.
            session.settle().await?;
            if last.is_empty() && batches.is_empty() {
                return Ok(Vec::new());
            }
        }
        let mut requests = Vec::with_capacity(last.len() + batches.len() + 2);
        requests.extend(begin);
        requests.extend(last.iter().map(request));
        let first = requests.len();
        requests.extend(batches.iter().map(append));
        requests.push(Request::plain("COMMIT"));
        let statements = session.prepared(&requests).await?;
        let outcomes = if is_open {
            self.end(&requests, statements).await?
        } else {
            let ending = session.run_prepared(&requests, statements).await;
            ending.map_err(|error| unanswered(session, error))?
        };
        let mark = |(batch, outcome): (&Batch<'_>, &Outcome)| {
            let position = outcome.rows.first().and_then(|row| row.values.first());
            match position {
                Some(Value::Int(position)) => Ok(Mark { log: batch.log(), position: *position }),
                _ => Err(DbError::internal("a log that was appended to has no head")),
            }
        };
        batches.iter().zip(&outcomes[first..]).map(mark).collect()
    }

    /// Ends the transaction. Whoever waits for a session need not wait for what the server says to that: it is handed
    /// on, and they read it before what answers them.
    async fn end(&mut self, requests: &[Request<'_>], statements: Vec<Arc<Statement>>) -> Ending {
        let (session, _) = self.session()?;
        let sent = session.send_last(requests, statements).await;
        let ending = sent.map_err(|error| unanswered(session, error))?;
        self.pooled = self.pooled.take().and_then(Pooled::hand_on);
        if let Some(pooled) = &mut self.pooled {
            // What fails is told to whoever listens.
            let _ = pooled.session()?.settle().await;
        }
        ending.await.unwrap_or_else(|gone| Err(DbError::unavailable("PostgreSQL", gone).during_commit()))
    }

    pub(super) async fn roll_back(&mut self) {
        // A session that could not go back is not kept.
        let _ = match self.session() {
            Ok((session, None)) => session.roll_back().await,
            Ok((session, Some(_))) => session.settle().await,
            Err(error) => Err(error),
        };
    }

    /// Ends a read. Nobody needs to wait for that: whoever uses the connection next is behind it.
    pub(super) async fn end_read(&mut self) {
        let _ = match self.session() {
            Ok((session, None)) => session.leave().await,
            Ok((session, Some(_))) => session.settle().await,
            Err(error) => Err(error),
        };
    }

    /// How the server plans a statement, whatever its values, while there is nothing in its tables.
    #[cfg(feature = "testing")]
    pub(crate) async fn plan(&mut self, text: &str) -> Result<String, DbError> {
        let (session, _) = self.session()?;
        let values = vec!["NULL"; session.count_params(text).await?].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        session.script(&format!("PREPARE planned AS {text}")).await?;
        let lines = session.script(&format!("EXPLAIN EXECUTE planned {values}")).await?;
        session.script("DEALLOCATE planned").await?;
        Ok(lines.iter().map(|line| format!("{line}\n")).collect())
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn batch(&mut self, text: &str) -> Result<(), DbError> {
        self.run_all(&[Call::new("SELECT 1", Vec::new())]).await?;
        self.session()?.0.script(text).await.map(drop)
    }
}

/// An error of statements that commit: if the server has not answered to their end, nobody knows what became of them.
fn unanswered(session: &Session, error: DbError) -> DbError {
    if session.status() == Status::Unknown { error.during_commit() } else { error }
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

fn request<'a>(call: &Call<'a>) -> Request<'a> {
    let array = call.array.map(Bound::Array);
    let params = call.params.iter().map(|value| Bound::One(value)).chain(array).collect();
    Request { text: call.text, params }
}

fn append<'a>(batch: &Batch<'a>) -> Request<'a> {
    let int = |int| Bound::Own(Value::Int(int));
    let bytes = |bytes: &'a [u8]| Value::Bytes(bytes.into());
    let text = |text: &'a str| Value::Text(text.into());
    let (log, at) = (Bound::Own(Value::Bytes(batch.log().0.to_vec().into())), batch.at());
    let digests = Bound::Own(Value::Bytes(batch.digests().into()));
    let mut entries = batch.entries();
    if let (1, Some(entry)) = (batch.count(), entries.next()) {
        let (id, kind, body) = (bytes(&entry.id), text(entry.kind), text(&entry.body));
        let params =
            vec![log, int(at), digests, Bound::Own(id), Bound::Own(kind), Bound::Own(body), int(entry.at)];
        return Request { text: APPEND_ONE, params };
    }
    let ids = Bound::List(batch.entries().map(|entry| bytes(&entry.id)).collect());
    let kinds = Bound::List(batch.entries().map(|entry| text(entry.kind)).collect());
    let bodies = Bound::List(batch.entries().map(|entry| text(&entry.body)).collect());
    let times = Bound::List(batch.entries().map(|entry| Value::Int(entry.at)).collect());
    let params = vec![log, int(batch.count()), int(at), ids, kinds, bodies, times, digests];
    Request { text: APPEND, params }
}
