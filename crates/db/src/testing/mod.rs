//! For tests: a database of its own for each, on SQLite and on PostgreSQL.

mod cluster;
mod schema;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

pub use schema::{Schema, schema};
use tokio::sync::OnceCell;

pub use cluster::Cluster;

use crate::{Config, Db, DbError, Sql, Tx, tx};

/// The statements that only tests run.
pub const STATEMENTS: &[Sql] = schema::STATEMENTS;

/// A database that is gone when the last clone of its `db` is.
pub struct Database {
    pub db: Db,
    /// To open the same database once more: another node, or the same one after a restart.
    pub config: Config,
}

/// What must outlive a database. Every clone of the [`Db`] holds it: a closure that takes no more than
/// the `db` out of a [`Database`] drops the rest at once.
pub(crate) enum Keep {
    Folder { _folder: tempfile::TempDir },
    Cluster { _database: cluster::Scratch },
}

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// MiB that there must be in memory for what tests keep.
const ROOM: u64 = 2048;

/// Where what tests keep is: in memory, if there is room, since much of what they do is to make and remove files.
fn scratch() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let free = Command::new("df").args(["-P", "-m"]).arg(memory).output().ok();
        let free = free.and_then(|said| {
            String::from_utf8_lossy(&said.stdout)
                .lines()
                .nth(1)?
                .split_whitespace()
                .nth(3)?
                .parse::<u64>()
                .ok()
        });
        if free.is_some_and(|free| free >= ROOM) { memory.to_owned() } else { std::env::temp_dir() }
    })
}

/// An embedded database that is migrated, as its file: made once, because every test has one.
async fn migrated() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = TEMPLATE.get_or_init(|| async {
        let folder = tempfile::tempdir_in(scratch()).expect("a temporary folder");
        let file = folder.path().join("template.db");
        Db::open(Config::sqlite(&file)).await.expect("the template opens").close().await;
        std::fs::read(file).expect("the template is a file")
    });
    made.await
}

impl Database {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir_in(scratch()).expect("a temporary folder");
        let file = folder.path().join("test.db");
        std::fs::write(&file, migrated().await).expect("a copy of the template");
        Self::open(Config::sqlite(file), Keep::Folder { _folder: folder }).await
    }

    /// `None` where there is no PostgreSQL, which is said loudly; under CI that fails.
    pub async fn postgres() -> Option<Self> {
        let cluster = Cluster::shared()?;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("seatline_test_{}_{number}", std::process::id());
        let database = cluster.create_migrated(name).await.expect("a database in the test cluster");
        let config = Config::Postgres { url: cluster.url(&database.name), connections: 8 };
        Some(Self::open(config, Keep::Cluster { _database: database }).await)
    }

    async fn open(config: Config, keep: Keep) -> Self {
        let mut db = Db::open(config.clone()).await.expect("a test's database opens");
        db.keep = Some(Arc::new(keep));
        Self { db, config }
    }

    /// The same database, opened once more as `db`.
    #[must_use]
    pub fn shared(&self, mut db: Db) -> Self {
        db.keep.clone_from(&self.db.keep);
        Self { db, config: self.config.clone() }
    }
}

/// Runs the same test on both databases: `on_both!(a_sentence, |database| async move { … });`
#[macro_export]
macro_rules! on_both {
    ($(#[$meta:meta])* $name:ident, $test:expr) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                ($test)($crate::testing::Database::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::testing::Database::postgres().await {
                    ($test)(database).await;
                }
            }
        }
    };
}

/// Prepares every statement; the error names the first that the database does not accept, or plans badly.
pub async fn prepare_all(db: &Db, statements: &'static [Sql]) -> Result<(), String> {
    for sql in statements {
        let text = sql.sample(db.dialect());
        let prepared = db.read(move |tx| Box::pin(async move { prepare(tx, &text).await })).await;
        let plan = prepared.map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            format!("{}: {error} {cause}", sql.name)
        })?;
        // Plans are made once per connection, for whatever is in the tables later.
        if plan.contains("hashed SubPlan") {
            return Err(format!("{}: all rows are read for each that is looked for:\n{plan}", sql.name));
        }
    }
    Ok(())
}

/// How PostgreSQL plans it.
async fn prepare(tx: &mut Tx, text: &str) -> Result<String, DbError> {
    match &mut tx.connection {
        tx::Connection::Sqlite(connection) => connection.prepare(text).map(|()| String::new()),
        tx::Connection::Postgres(connection) => connection.plan(text).await,
    }
}

/// Runs text that is not a statement of a store: tables that only a test has.
pub async fn batch(tx: &mut Tx, text: &str) -> Result<(), DbError> {
    match &mut tx.connection {
        tx::Connection::Sqlite(connection) => connection.batch(text),
        tx::Connection::Postgres(connection) => connection.batch(text).await,
    }
}
