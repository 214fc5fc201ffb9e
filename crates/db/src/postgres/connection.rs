//! One connection to PostgreSQL, for one transaction.

use std::pin::pin;
use std::sync::Arc;

use deadpool_postgres::{ClientWrapper, Object};
use tokio_postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use tokio_postgres::{RowStream, Statement};

use crate::tx::Outcome;
use crate::{DbError, Row, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing was sent yet.
    Idle,
    Open,
    /// Something failed or was dropped in the middle.
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

    pub(crate) async fn run(&mut self, text: &str, params: &[Value<'_>]) -> Result<Outcome, DbError> {
        let (state, mode) = (self.state, self.mode);
        let statement = self.client()?.prepare_cached(text).await?;
        // Until this ends well, nobody knows in which state the connection is.
        self.state = State::Broken;
        let client = self.client()?;
        let outcome = if state == State::Idle {
            let begin = match mode {
                Mode::Write => "BEGIN",
                Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            };
            let (begun, outcome) =
                tokio::join!(biased; client.batch_execute(begin), query(client, &statement, params));
            begun?;
            outcome
        } else {
            query(client, &statement, params).await
        };
        self.state = State::Open;
        outcome
    }

    /// Commits; `last` is sent along and must succeed, or there is no commit.
    pub(crate) async fn commit(&mut self, last: Option<&str>, params: &[Value<'_>]) -> Result<(), DbError> {
        match (self.state, last) {
            (State::Idle, None) => return Ok(()),
            (State::Idle, Some(text)) => {
                self.run(text, params).await?;
                return Box::pin(self.commit(None, &[])).await;
            }
            _ => {}
        }
        let statement = match last {
            Some(text) => Some(self.client()?.prepare_cached(text).await?),
            None => None,
        };
        self.state = State::Broken;
        let client = self.client()?;
        if let Some(statement) = statement {
            // Should the insert fail, COMMIT ends the failed transaction by rolling it back.
            let (inserted, committed) =
                tokio::join!(biased; query(client, &statement, params), client.batch_execute("COMMIT"));
            inserted?;
            committed?;
        } else {
            client.batch_execute("COMMIT").await?;
        }
        self.state = State::Idle;
        Ok(())
    }

    pub(super) async fn rollback(&mut self) {
        if self.state == State::Open
            && let Ok(client) = self.client()
            && client.batch_execute("ROLLBACK").await.is_ok()
        {
            self.state = State::Idle;
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn prepare(&mut self, text: &str) -> Result<(), DbError> {
        self.client()?.prepare(text).await?;
        Ok(())
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn raw(&mut self, text: &str) -> Result<(), DbError> {
        self.run("SELECT 1", &[]).await?;
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

async fn query(
    client: &ClientWrapper,
    statement: &Statement,
    params: &[Value<'_>],
) -> Result<Outcome, DbError> {
    let stream = client.query_raw(statement, params.iter().map(Bound)).await?;
    collect(stream, statement).await
}

async fn collect(stream: RowStream, statement: &Statement) -> Result<Outcome, DbError> {
    let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let mut rows = Vec::new();
    let mut stream = pin!(stream);
    while let Some(row) = next(&mut stream).await {
        let row = row?;
        let values = (0..columns.len()).map(|at| owned(&row, at)).collect::<Result<_, _>>()?;
        rows.push(Row { columns: Arc::clone(&columns), values });
    }
    let affected = stream.rows_affected().unwrap_or_default();
    Ok(Outcome { rows, affected })
}

async fn next(
    stream: &mut std::pin::Pin<&mut RowStream>,
) -> Option<Result<tokio_postgres::Row, tokio_postgres::Error>> {
    use futures_core::Stream;
    std::future::poll_fn(|context| stream.as_mut().poll_next(context)).await
}

fn owned(row: &tokio_postgres::Row, at: usize) -> Result<Value<'static>, DbError> {
    let kind = row.columns()[at].type_();
    let value = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.map(Value::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(|int| Value::Int(i64::from(int))),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.map(Value::Bool),
        Type::TEXT | Type::VARCHAR => {
            row.try_get::<_, Option<String>>(at)?.map(|text| Value::Text(text.into()))
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.map(|bytes| Value::Bytes(bytes.into())),
        _ => return Err(DbError::internal(format!("a column of the type {kind}, which no table has"))),
    };
    Ok(value.unwrap_or(Value::Null))
}

#[derive(Debug)]
struct Bound<'a>(&'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self.0, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(int), &Type::INT4) => i32::try_from(*int)?.to_sql(kind, out),
            (Value::Int(int), &Type::INT8) => int.to_sql(kind, out),
            (Value::Bool(bool), &Type::BOOL) => bool.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.as_ref().to_sql(kind, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.as_ref().to_sql(kind, out),
            (value, kind) => Err(format!("{value:?} where the statement wants {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
