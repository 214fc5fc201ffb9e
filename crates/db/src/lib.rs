//! The database kit: one SQL text, two databases, two drivers.
//!
//! - [`Db::write`] runs a unit of work to its end, whatever becomes of the request that asked for it.
//!   On SQLite one writer thread owns the connection and the units that wait share one commit, each in
//!   its savepoint; on PostgreSQL each unit is a task with a transaction, run again after a deadlock.
//! - [`Db::read`] is a snapshot.
//! - [`Tx`] runs [`statements!`]: nothing else is SQL. Inside a unit only `tx` is awaited.
//! - [`Tx::append`] stages entries of a log; they are written just before the commit, so that a log's
//!   positions have no gaps and commit in order (the tables `log_heads` and `log_entries`).
//! - [`rows!`] declares what rows are read as; a row that does not read names table, column and key.
//!
//! Migrations are in `migrations/sqlite` and `migrations/postgres`, the same files in both, and run
//! before the database opens.

pub mod chain;
mod dialect;
mod error;
mod heads;
mod log;
mod migrations;
mod postgres;
mod row;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod together;
mod transfer;
mod tx;
mod unit;
mod value;
mod vocabulary;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

pub use chain::ChainEntry;
pub use dialect::Dialect;
pub use error::DbError;
pub use heads::{Heads, Listener};
pub use log::{Entry, LogEntry, LogHead, LogId, Mark};
pub use row::{ColumnError, FromRow, Row};
pub use sql::Sql;
#[doc(hidden)]
pub use sql::joined;
pub use together::{Answers, Place, Together};
pub use transfer::{MovedTable, transfer};
pub use tx::Tx;
use unit::{Ended, Unit};
pub use value::{FromValue, ToValue, Value};

/// How much later than it says (microseconds) a change may be seen by another node: longer than a
/// transaction is left open, and than clocks that are kept at all differ.
const OVERLAP: i64 = 2 * 60 * 1_000_000;

/// The statements of the kit itself.
pub const STATEMENTS: &[Sql] = log::STATEMENTS;

/// Rows whose reading others should not wait for.
const LONG: usize = 2000;

/// Goes through about so many rows. Where these are many, a thread of the runtime gives away first what else it has to do.
pub fn at_length<T>(rows: usize, work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    if rows <= LONG {
        return work();
    }
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Writes a consistent copy of an embedded database to `to`, which must not exist, while it is being written.
pub fn backup(from: &std::path::Path, to: &std::path::Path) -> Result<(), DbError> {
    sqlite::backup::backup(from, to)
}

/// Whether there is a database of ours: nothing is made there.
pub async fn is_there(config: &Config) -> Result<bool, DbError> {
    match config {
        Config::Sqlite { path, .. } => Ok(path.exists()),
        Config::Postgres { url, .. } => postgres::is_there(url).await,
    }
}

/// Whether another process has an embedded database open.
pub fn is_in_use(file: &std::path::Path) -> Result<bool, DbError> {
    sqlite::backup::is_in_use(file)
}

/// Whether a file is an embedded database that is whole.
pub fn examine(file: &std::path::Path) -> Result<(), DbError> {
    sqlite::backup::examine(file)
}

/// Which database, and where.
#[derive(Debug, Clone)]
pub enum Config {
    Sqlite {
        /// The file; its folder must exist.
        path: PathBuf,
        /// Units that wait share a commit. Off, each has its own: for measuring what sharing is worth.
        group_commit: bool,
    },
    Postgres {
        url: String,
        connections: usize,
    },
}

impl Config {
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite { path: path.into(), group_commit: true }
    }
}

/// What a unit of work gave, and how far it moved which logs.
#[derive(Debug)]
pub struct Committed<T> {
    pub value: T,
    pub marks: Vec<Mark>,
}

/// A database that is open. Cheap to clone; closes when the last clone is gone.
#[derive(Clone)]
pub struct Db {
    driver: Driver,
    heads: Arc<Heads>,
    /// What a test's database must not outlive.
    #[cfg(feature = "testing")]
    keep: Option<Arc<testing::Keep>>,
}

#[derive(Clone)]
enum Driver {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Arc<postgres::Postgres>),
}

impl Db {
    /// Migrates the schema, then opens.
    pub async fn open(config: Config) -> Result<Self, DbError> {
        let heads = Arc::new(Heads::default());
        let driver = match config {
            Config::Sqlite { path, group_commit } => {
                let known = Arc::clone(&heads);
                let open = move || sqlite::Sqlite::open(&path, group_commit, &known);
                let opened = tokio::task::spawn_blocking(open).await;
                Driver::Sqlite(Arc::new(opened.map_err(|error| DbError::internal(error.to_string()))??))
            }
            Config::Postgres { url, connections } => {
                Driver::Postgres(Arc::new(postgres::Postgres::open(&url, connections, &heads).await?))
            }
        };
        Ok(Self {
            driver,
            heads,
            #[cfg(feature = "testing")]
            keep: None,
        })
    }

    pub fn dialect(&self) -> Dialect {
        match self.driver {
            Driver::Sqlite(_) => Dialect::Sqlite,
            Driver::Postgres(_) => Dialect::Postgres,
        }
    }

    /// How far the logs are known to have come on this node.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// Runs `unit` in a transaction, to its end: dropping the returned future does not stop it. An error
    /// of the unit rolls it back. The unit may run more than once (hence `Clone`), its last run counts.
    pub async fn write<T, E, F>(&self, unit: F) -> Result<Committed<T>, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        unit::given(self.run_write(unit::repeatable(unit)).await)
    }

    /// Runs `unit` over a snapshot.
    pub async fn read<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        unit::given(self.run_read(unit::once(unit)).await).map(|committed| committed.value)
    }

    async fn run_write(&self, unit: Box<dyn Unit>) -> Ended {
        match &self.driver {
            Driver::Sqlite(sqlite) => sqlite.write(unit).await,
            Driver::Postgres(postgres) => Arc::clone(postgres).write(unit).await,
        }
    }

    async fn run_read(&self, unit: Box<dyn Unit>) -> Ended {
        match &self.driver {
            Driver::Sqlite(sqlite) => sqlite.read(unit).await,
            Driver::Postgres(postgres) => Arc::clone(postgres).read(unit).await,
        }
    }

    /// Lets the units that run come to their end and closes the files or connections, for all clones.
    pub async fn close(self) {
        match self.driver {
            // A thread is waited for, which must not stop this one.
            Driver::Sqlite(sqlite) => drop(tokio::task::spawn_blocking(move || sqlite.close()).await),
            Driver::Postgres(postgres) => postgres.close().await,
        }
    }

    /// Learns of commits of other processes: the heads of logs that moved since (microseconds).
    /// Returns the latest change seen, to be given next time.
    ///
    /// A unit writes down when it began and is seen when it has committed, and clocks differ: so each
    /// look goes back some way behind the last.
    pub async fn reconcile_heads(&self, since: i64) -> Result<i64, DbError> {
        let from = since.saturating_sub(OVERLAP);
        let changed =
            self.read(move |tx| Box::pin(async move { tx.log_heads_changed_since(from).await })).await?;
        let latest = changed.iter().map(|head| head.changed_at).max().unwrap_or(since).max(since);
        let marks: Vec<Mark> =
            changed.iter().map(|head| Mark { log: head.log, position: head.head }).collect();
        self.heads.observe(&marks);
        Ok(latest)
    }
}
