//! One connection to a SQLite file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OpenFlags, ToSql};

use crate::tx::{Call, Outcome};
use crate::{DbError, Row, Value, chain};

/// Statements kept prepared.
const PREPARED: usize = 256;
/// How long to wait for another process that writes the same file.
pub(super) const BUSY: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A file that nobody else may read, unless it is there: passwords and keys are in it. What SQLite writes beside it has
/// the same rights.
pub(super) fn make_private(path: &Path) -> Result<(), DbError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(DbError::unavailable("the database's file", error))
        }
        _ => Ok(()),
    }
}

pub(super) fn open(path: &Path, access: Access) -> Result<rusqlite::Connection, DbError> {
    if access == Access::Write {
        make_private(path)?;
    }
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Else a statement with `LIMIT $1` is prepared again whenever it is run, as its plan could depend on the value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if access == Access::Write {
        use_write_ahead_log(&connection)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 8000)?;
    }
    add_functions(&connection)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// What PostgreSQL has from a migration.
fn add_functions(connection: &rusqlite::Connection) -> Result<(), DbError> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("log_link", 2, flags, |call| {
        let bytes =
            |at| call.get_raw(at).as_blob().map_err(|error| rusqlite::Error::UserFunctionError(error.into()));
        Ok(chain::next(bytes(0)?, bytes(1)?))
    })?;
    Ok(())
}

/// For this change alone SQLite does not wait while another process opens the same file, so this does: for
/// the lock of whoever writes, and then it tries again.
fn use_write_ahead_log(connection: &rusqlite::Connection) -> Result<(), DbError> {
    let started = Instant::now();
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && started.elapsed() < BUSY =>
            {
                connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
            }
            outcome => return Ok(outcome?),
        }
    }
}

/// A connection that runs our statements.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
    /// Our text with `$1` → SQLite's with `?1`: a `$1` is a *named* parameter there, numbered by appearance.
    texts: HashMap<String, Arc<str>>,
    /// The columns of each statement, so that rows share them.
    columns: HashMap<Arc<str>, Arc<[String]>>,
}

impl Connection {
    pub(super) fn new(connection: rusqlite::Connection) -> Self {
        Self { inner: connection, texts: HashMap::new(), columns: HashMap::new() }
    }

    pub(crate) fn run_all(&mut self, calls: &[Call<'_>]) -> Result<Vec<Outcome>, DbError> {
        calls.iter().map(|call| self.run(call)).collect()
    }

    fn run(&mut self, call: &Call<'_>) -> Result<Outcome, DbError> {
        let text = self.translated(call.text);
        let mut statement = self.inner.prepare_cached(&text)?;
        if statement.parameter_count() != call.params.len() {
            let (wanted, got) = (statement.parameter_count(), call.params.len());
            return Err(DbError::internal(format!("{got} parameters where {wanted} belong")));
        }
        for (at, param) in call.params.iter().enumerate() {
            statement.raw_bind_parameter(at + 1, Bound(param))?;
        }
        let columns = self
            .columns
            .entry(Arc::clone(&text))
            .or_insert_with(|| statement.column_names().map(str::to_owned).collect());
        let (columns, readonly) = (Arc::clone(columns), statement.readonly());
        let mut rows = Vec::new();
        let mut found = statement.raw_query();
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|at| row.get_ref(at).map_err(DbError::from).and_then(owned));
            rows.push(Row { columns: Arc::clone(&columns), values: values.collect::<Result<_, _>>()? });
        }
        drop(found);
        let affected = if readonly { rows.len() as u64 } else { self.inner.changes() };
        Ok(Outcome { rows, affected })
    }

    fn translated(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let translated: Arc<str> = numbered(text).into();
        self.texts.insert(text.to_owned(), Arc::clone(&translated));
        translated
    }

    /// Runs text of the kit itself: transaction control.
    pub(crate) fn control(&mut self, text: &str) -> Result<(), DbError> {
        self.inner.prepare_cached(text)?.raw_execute()?;
        Ok(())
    }

    /// Whether a transaction is open: an error inside one may have ended it.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }

    /// Moves what the write-ahead log holds into the file, so that the file alone is the database.
    pub(super) fn checkpoint(&self) -> Result<(), DbError> {
        Ok(self.inner.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?)
    }

    #[cfg(feature = "testing")]
    pub(crate) fn prepare(&self, text: &str) -> Result<(), DbError> {
        self.inner.prepare(&numbered(text))?;
        Ok(())
    }

    #[cfg(feature = "testing")]
    pub(crate) fn batch(&self, text: &str) -> Result<(), DbError> {
        Ok(self.inner.execute_batch(text)?)
    }
}

/// `$1` becomes `?1`, but not inside quotes.
fn numbered(text: &str) -> String {
    let mut quote = None;
    let mut translated = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
        let parameter =
            quote.is_none() && character == '$' && characters.peek().is_some_and(char::is_ascii_digit);
        translated.push(if parameter { '?' } else { character });
    }
    translated
}

struct Bound<'a>(&'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(int) => ValueRef::Integer(*int),
            Value::Bool(bool) => ValueRef::Integer(i64::from(*bool)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub(crate) fn owned(value: ValueRef<'_>) -> Result<Value<'static>, DbError> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(int) => Ok(Value::Int(int)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned().into())),
            Err(_) => Err(DbError::internal("text that is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec().into())),
        ValueRef::Real(_) => Err(DbError::internal("a column of floating point, which no table has")),
    }
}
