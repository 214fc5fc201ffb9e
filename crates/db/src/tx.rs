//! A transaction: where statements run.

use crate::log::{Entry, LogId};
use crate::sql::{ARRAY, LIST};
use crate::{Answers, DbError, Dialect, FromRow, Row, Sql, ToValue, Together, Value, at_length};
use crate::{postgres, sqlite};

/// Rows of a statement that inserts many, written at once; few sizes, so that few statements are prepared.
const MANY: [usize; 4] = [500, 50, 5, 1];
/// Statements that are sent together.
const TOGETHER: usize = 500;

/// A transaction of one unit of work.
///
/// After a statement failed nothing of the unit can be kept, not even if the unit overlooks the error:
/// PostgreSQL has it so, and SQLite follows.
pub struct Tx {
    pub(crate) connection: Connection,
    pub(crate) staged: Vec<(LogId, Entry)>,
    /// What travels with the next statement, or with the commit.
    pub(crate) later: Vec<(Sql, Vec<Value<'static>>)>,
    /// A statement failed, or was dropped before it ended.
    failed: bool,
    /// What the database said when a statement failed.
    error: Option<DbError>,
    /// What failed may succeed when the unit is run again.
    again: Option<Again>,
}

/// Why a unit should be run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Another unit was in the way.
    Conflict,
    /// The connection broke before anything was committed.
    Lost,
}

pub(crate) enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

/// A statement and its parameters, on the way to a driver.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub text: &'a str,
    pub params: Vec<&'a Value<'a>>,
    /// The last parameter where it is an array, which PostgreSQL alone has.
    pub array: Option<&'a [Value<'a>]>,
    /// It looks for a list, and the best way to do so depends on how much there is now.
    pub by_list: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(text: &'a str, params: Vec<&'a Value<'a>>) -> Self {
        Self { text, params, array: None, by_list: false }
    }
}

/// What a statement gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub rows: Vec<Row>,
    pub affected: u64,
}

impl Outcome {
    /// The one row there is, or none; several are an error.
    pub(crate) fn one<R: FromRow>(&self, statement: &'static str) -> Result<Option<R>, DbError> {
        match self.rows.as_slice() {
            [] => Ok(None),
            [row] => read_row(row).map(Some),
            rows => Err(DbError::NotExactlyOne { statement, found: rows.len() as u64 }),
        }
    }
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, staged: Vec::new(), later: Vec::new(), failed: false, error: None, again: None }
    }

    /// Forgets the unit before.
    pub(crate) fn reset(&mut self) {
        self.staged.clear();
        self.later.clear();
        (self.failed, self.error, self.again) = (false, None, None);
    }

    /// Why the transaction of this unit is gone as a whole.
    pub(crate) fn lost(&mut self) -> DbError {
        self.error.take().unwrap_or(DbError::Aborted)
    }

    pub(crate) fn again(&self) -> Option<Again> {
        self.again
    }

    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The number of rows that changed.
    pub async fn execute(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<u64, DbError> {
        Ok(self.run(sql, params).await?.affected)
    }

    /// For a statement that must concern exactly one row.
    pub async fn execute_one(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<(), DbError> {
        match self.execute(sql, params).await? {
            1 => Ok(()),
            found => Err(DbError::NotExactlyOne { statement: sql.name, found }),
        }
    }

    /// For an insert that holds or fails, whose answer nobody waits for: it is run before whatever comes next,
    /// on PostgreSQL in the same round trip. Where it violates a unique index, somebody was faster, and the unit is run again:
    /// so whether the row is there may be asked without holding anything.
    pub fn execute_later(&mut self, sql: Sql, params: &[&dyn ToValue]) {
        let values = params.iter().map(|param| param.to_value().into_owned()).collect();
        self.later.push((sql, values));
    }

    /// Runs statements that do not need each other's answers, in their order: on PostgreSQL they share one
    /// round trip.
    pub async fn run_together(&mut self, together: Together<'_>) -> Result<Answers, DbError> {
        let dialect = self.dialect();
        let outcomes = self.run_all(&calls(&together.statements, dialect)).await?;
        let names = together.statements.iter().map(|(sql, _)| sql.name);
        Ok(Answers(outcomes.into_iter().zip(names).collect()))
    }

    pub async fn query(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<Vec<Row>, DbError> {
        Ok(self.run(sql, params).await?.rows)
    }

    /// The one row there is, or none; several are an error.
    pub async fn find<R: FromRow>(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
    ) -> Result<Option<R>, DbError> {
        self.run(sql, params).await?.one(sql.name)
    }

    pub async fn list<R: FromRow>(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<Vec<R>, DbError> {
        self.query(sql, params).await?.iter().map(read_row).collect()
    }

    /// Inserts many rows; each has as many values as the statement has columns. The number inserted.
    pub async fn insert_many(&mut self, sql: Sql, rows: &[Vec<Value<'_>>]) -> Result<u64, DbError> {
        if rows.iter().any(|row| row.len() != sql.columns()) {
            return Err(DbError::internal(format!("{} got rows of another width", sql.name)));
        }
        let texts = MANY.map(|size| if size <= rows.len() { sql.with_rows(size) } else { String::new() });
        let (mut rest, mut calls) = (rows, Vec::new());
        for (size, text) in MANY.into_iter().zip(&texts) {
            while rest.len() >= size {
                let (chunk, after) = rest.split_at(size);
                calls.push(Call::new(text, chunk.iter().flatten().collect()));
                rest = after;
            }
        }
        let outcomes = self.run_all(&calls).await.map_err(|error| error.in_statement(sql.name))?;
        Ok(outcomes.iter().map(|outcome| outcome.affected).sum())
    }

    /// The rows of a statement that looks for a list, of any length, which stands after its other parameters.
    pub async fn list_among<R: FromRow>(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<Vec<R>, DbError> {
        let outcomes = self.run_among(sql, params, list).await?;
        at_length(list.len(), || outcomes.iter().flat_map(|outcome| &outcome.rows).map(read_row).collect())
    }

    /// The number of rows that such a statement changed.
    pub async fn execute_among(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<u64, DbError> {
        Ok(self.run_among(sql, params, list).await?.iter().map(|outcome| outcome.affected).sum())
    }

    /// Several statements where the list is long, sent together; on `SQLite` the last one's last value fills it up.
    async fn run_among(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<Vec<Outcome>, DbError> {
        let text = sql.with_list(self.dialect());
        let (first, list) = (values(params), list.iter().map(ToValue::to_value).collect::<Vec<_>>());
        let call = |params, array| Call { text: &text, params, array, by_list: sql.leaves_the_way_open() };
        let calls: Vec<Call<'_>> = match self.dialect() {
            Dialect::Postgres => {
                list.chunks(ARRAY).map(|chunk| call(first.iter().collect(), Some(chunk))).collect()
            }
            Dialect::Sqlite => list
                .chunks(LIST)
                .map(|chunk| {
                    let fill = chunk.last().into_iter().cycle();
                    call(first.iter().chain(chunk.iter().chain(fill).take(LIST)).collect(), None)
                })
                .collect(),
        };
        self.run_all(&calls).await.map_err(|error| error.in_statement(sql.name))
    }

    /// The rows of a statement that is run for each value of a list, which is its last parameter. Slower than one
    /// for the whole list, but how each is looked for does not depend on what the planner knows.
    pub async fn list_each<R: FromRow>(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<Vec<R>, DbError> {
        let outcomes = self.run_each(sql, params, list).await?;
        outcomes.iter().flat_map(|outcome| &outcome.rows).map(read_row).collect()
    }

    /// The number of rows that such a statement changed.
    pub async fn execute_each(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<u64, DbError> {
        Ok(self.run_each(sql, params, list).await?.iter().map(|outcome| outcome.affected).sum())
    }

    async fn run_each(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
        list: &[impl ToValue],
    ) -> Result<Vec<Outcome>, DbError> {
        let (text, first) = (sql.text(self.dialect()), values(params));
        let list: Vec<Value<'_>> = list.iter().map(ToValue::to_value).collect();
        let mut outcomes = Vec::with_capacity(list.len());
        for chunk in list.chunks(TOGETHER) {
            let call = |value| Call::new(text, first.iter().chain([value]).collect());
            let calls: Vec<Call<'_>> = chunk.iter().map(call).collect();
            outcomes.extend(self.run_all(&calls).await.map_err(|error| error.in_statement(sql.name))?);
        }
        Ok(outcomes)
    }

    async fn run(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<Outcome, DbError> {
        let values = values(params);
        let call = Call::new(sql.text(self.dialect()), values.iter().collect());
        let outcomes = self.run_all(&[call]).await.map_err(|error| error.in_statement(sql.name))?;
        Ok(outcomes.into_iter().next().unwrap_or_default())
    }

    pub(crate) async fn run_all(&mut self, calls: &[Call<'_>]) -> Result<Vec<Outcome>, DbError> {
        self.still_sound()?;
        let later = std::mem::take(&mut self.later);
        if later.is_empty() {
            return self.run_now(calls).await;
        }
        let mut all = self::calls(&later, self.dialect());
        all.extend_from_slice(calls);
        let outcomes = self.run_now(&all).await;
        let mut outcomes = outcomes.inspect_err(|error| self.overtaken(error))?;
        Ok(outcomes.split_off(later.len()))
    }

    async fn run_now(&mut self, calls: &[Call<'_>]) -> Result<Vec<Outcome>, DbError> {
        // Until it ends well: whoever drops this future does not know what became of the statements.
        self.failed = true;
        let outcomes = match &mut self.connection {
            Connection::Sqlite(connection) => connection.run_all(calls),
            Connection::Postgres(connection) => connection.run_all(calls).await,
        };
        match &outcomes {
            Ok(_) => self.failed = false,
            Err(error) => self.note(error),
        }
        outcomes
    }

    /// An error once a statement failed: nothing more can be done in this transaction.
    pub(crate) fn still_sound(&self) -> Result<(), DbError> {
        if self.failed { Err(DbError::Aborted) } else { Ok(()) }
    }

    /// Remembers whether it helps to run the unit again. A commit of which nobody knows what became has an error of
    /// its own.
    pub(crate) fn note(&mut self, error: &DbError) {
        self.error = Some(error.clone());
        if error.is_retryable() {
            self.again = Some(Again::Conflict);
        } else if matches!(error, DbError::Unavailable { .. }) {
            self.again = Some(Again::Lost);
        }
    }

    /// What nobody waited for has failed, or what traveled with it.
    pub(crate) fn overtaken(&mut self, error: &DbError) {
        if matches!(error, DbError::UniqueViolation { .. }) {
            self.again = Some(Again::Conflict);
        }
    }
}

pub(crate) fn calls<'a>(statements: &'a [(Sql, Vec<Value<'_>>)], dialect: Dialect) -> Vec<Call<'a>> {
    let call =
        |(sql, values): &'a (Sql, Vec<Value<'_>>)| Call::new(sql.text(dialect), values.iter().collect());
    statements.iter().map(call).collect()
}

fn values<'a>(params: &'a [&dyn ToValue]) -> Vec<Value<'a>> {
    params.iter().map(|param| param.to_value()).collect()
}

pub(crate) fn read_row<R: FromRow>(row: &Row) -> Result<R, DbError> {
    R::from_row(row).map_err(|error| DbError::Corrupt {
        table: R::TABLE,
        column: error.column,
        id: row.key(),
        detail: error.detail,
    })
}
