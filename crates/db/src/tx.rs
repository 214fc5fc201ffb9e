//! A transaction: where statements run.

use crate::log::{Entry, LogId, Mark};
use crate::{DbError, Dialect, FromRow, Row, Sql, ToValue, Value, postgres, sqlite};

/// Rows of a statement that inserts many, written at once; few sizes, so that few statements are prepared.
pub(crate) const MANY: [usize; 4] = [500, 50, 5, 1];

/// A transaction of one unit of work.
pub struct Tx {
    pub(crate) connection: Connection,
    pub(crate) staged: Vec<(LogId, Entry)>,
    pub(crate) marks: Vec<Mark>,
    /// A statement failed in a way that running the unit again may mend.
    pub(crate) conflicted: bool,
}

pub(crate) enum Connection {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

/// What a statement gave.
pub(crate) struct Outcome {
    pub rows: Vec<Row>,
    pub affected: u64,
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection, staged: Vec::new(), marks: Vec::new(), conflicted: false }
    }

    pub fn dialect(&self) -> Dialect {
        match self.connection {
            Connection::Sqlite(_) => Dialect::Sqlite,
            Connection::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The number of rows that changed.
    pub async fn execute(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<u64, DbError> {
        let params: Vec<Value<'_>> = params.iter().map(|param| param.to_value()).collect();
        Ok(self.run(sql.text(self.dialect()), &params).await?.affected)
    }

    /// For a statement that must concern exactly one row.
    pub async fn execute_one(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<(), DbError> {
        match self.execute(sql, params).await? {
            1 => Ok(()),
            found => Err(DbError::NotExactlyOne { statement: sql.name, found }),
        }
    }

    pub async fn query(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<Vec<Row>, DbError> {
        let params: Vec<Value<'_>> = params.iter().map(|param| param.to_value()).collect();
        Ok(self.run(sql.text(self.dialect()), &params).await?.rows)
    }

    /// The one row there is, or none; several are an error.
    pub async fn find<R: FromRow>(
        &mut self,
        sql: Sql,
        params: &[&dyn ToValue],
    ) -> Result<Option<R>, DbError> {
        let rows = self.query(sql, params).await?;
        match rows.as_slice() {
            [] => Ok(None),
            [row] => read_row(row).map(Some),
            _ => Err(DbError::NotExactlyOne { statement: sql.name, found: rows.len() as u64 }),
        }
    }

    pub async fn list<R: FromRow>(&mut self, sql: Sql, params: &[&dyn ToValue]) -> Result<Vec<R>, DbError> {
        self.query(sql, params).await?.iter().map(read_row).collect()
    }

    /// Inserts many rows; each has as many values as the statement has columns. The number inserted.
    pub async fn insert_many(&mut self, sql: Sql, rows: &[Vec<Value<'_>>]) -> Result<u64, DbError> {
        let (mut rest, mut inserted) = (rows, 0);
        while !rest.is_empty() {
            let size = MANY.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
            let (chunk, after) = rest.split_at(size);
            let params: Vec<Value<'_>> = chunk.iter().flatten().cloned().collect();
            inserted += self.run_many(sql, size, &params).await?;
            rest = after;
        }
        Ok(inserted)
    }

    async fn run_many(&mut self, sql: Sql, rows: usize, params: &[Value<'_>]) -> Result<u64, DbError> {
        if params.len() != rows * sql.columns() {
            return Err(DbError::internal(format!("{} got rows of another width", sql.name)));
        }
        Ok(self.run(&sql.with_rows(rows), params).await?.affected)
    }

    pub(crate) async fn run(&mut self, text: &str, params: &[Value<'_>]) -> Result<Outcome, DbError> {
        let outcome = match &mut self.connection {
            Connection::Sqlite(connection) => connection.run(text, params),
            Connection::Postgres(connection) => connection.run(text, params).await,
        };
        if let Err(error) = &outcome {
            self.conflicted |= error.is_retryable();
        }
        outcome
    }
}

fn read_row<R: FromRow>(row: &Row) -> Result<R, DbError> {
    R::from_row(row).map_err(|error| DbError::Corrupt {
        table: R::TABLE,
        column: error.column,
        id: row.key(),
        detail: error.detail,
    })
}
