//! PostgreSQL: a pool, a task for each unit of work, hints between nodes.

mod connection;
mod hints;
mod messages;
mod pool;
mod session;
mod socket;
mod values;
mod wire;

use std::sync::Arc;

pub(crate) use connection::Connection;
use connection::Mode;
use pool::Sessions;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};
pub(crate) use values::{Bound, owned};

use crate::log::Appended;
use crate::migrations::{self, CREATE_HISTORY, INSERT_HISTORY, LIST_HISTORY, Migration};
use crate::tx::Again;
use crate::unit::{Ended, Unit, Verdict, attempt};
use crate::{DbError, Heads, Tx, tx};

/// How often a unit is run before a conflict is its answer.
const CONFLICTS: usize = 10;
/// How often before a lost connection is: after a restart of the server many in the pool are dead.
const LOSSES: usize = 3;
/// More than can wait at once; closing takes them all, and so waits for every unit.
const UNITS: u32 = 1 << 20;
/// One number for everybody who migrates: they take turns.
const MIGRATION_LOCK: i64 = 0x5ea7_11fe;
/// What every session needs: durable commits, and no transaction that is forgotten with its locks.
/// Statements are few and prepared, and each has an index to go by: planned once, not for every execution,
/// and never for the few rows that there were then.
const SESSION: &str = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=60000 \
    -c client_min_messages=warning -c default_transaction_isolation=read\\ committed \
    -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

pub(crate) struct Postgres {
    sessions: Arc<Sessions>,
    heads: Arc<Heads>,
    running: Arc<Semaphore>,
    _hints: hints::Hints,
}

impl Postgres {
    pub(crate) async fn open(url: &str, connections: usize, heads: &Arc<Heads>) -> Result<Self, DbError> {
        let config = session(url)?;
        migrate(&config).await?;
        let hints = hints::start(&config, heads);
        let sessions = Sessions::new(config, connections);
        let running = Arc::new(Semaphore::new(UNITS as usize));
        Ok(Self { sessions, heads: Arc::clone(heads), running, _hints: hints })
    }

    /// Runs the unit in a task, which ends whether or not somebody still waits for it.
    #[expect(clippy::disallowed_methods, reason = "this is the executor: the task outlives whoever asked")]
    pub(crate) async fn write(self: Arc<Self>, unit: Box<dyn Unit>) -> Ended {
        let Ok(permit) = self.permit().await else { return Ended::Failed(DbError::closed("PostgreSQL")) };
        let task = tokio::spawn(async move {
            let ended = self.run_write(unit).await;
            drop(permit);
            ended
        });
        joined(task.await)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a read that loses its client still hands back its connection"
    )]
    pub(crate) async fn read(self: Arc<Self>, unit: Box<dyn Unit>) -> Ended {
        let Ok(permit) = self.permit().await else { return Ended::Failed(DbError::closed("PostgreSQL")) };
        let task = tokio::spawn(async move {
            let ended = self.run_read(unit).await;
            drop(permit);
            ended
        });
        joined(task.await)
    }

    /// Waits for the units that run; those that come later are refused.
    pub(crate) async fn close(&self) {
        // An error means that somebody else has closed it.
        let _all = self.running.acquire_many(UNITS).await;
        self.running.close();
        self.sessions.close();
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, tokio::sync::AcquireError> {
        Arc::clone(&self.running).acquire_owned().await
    }

    async fn run_write(&self, mut unit: Box<dyn Unit>) -> Ended {
        let mut attempts = 0;
        loop {
            let mut tx = match self.begin(Mode::Write).await {
                Ok(tx) => tx,
                Err(error) => return Ended::Failed(error),
            };
            attempts += 1;
            let ended = match attempt(&mut *unit, &mut tx).await {
                Ok(Verdict::Keep(value)) => match tx.finish().await {
                    Ok(appended) => Ended::Committed(value, appended),
                    Err(error) => Ended::Failed(error),
                },
                Ok(Verdict::RollBack(error)) => Ended::RolledBack(error),
                Err(panicked) => Ended::Failed(panicked),
            };
            if let Ended::Committed(_, appended) = &ended {
                self.heads.committed(appended);
                return ended;
            }
            let again = tx.again();
            roll_back(tx).await;
            match again {
                Some(Again::Conflict) if attempts < CONFLICTS => {}
                Some(Again::Lost) if attempts < LOSSES => {}
                _ => return ended,
            }
            tracing::debug!(db.again = ?again, db.attempts = attempts, "a unit of work is run again");
        }
    }

    async fn run_read(&self, mut unit: Box<dyn Unit>) -> Ended {
        let mut tx = match self.begin(Mode::Read).await {
            Ok(tx) => tx,
            Err(error) => return Ended::Failed(error),
        };
        let verdict = attempt(&mut *unit, &mut tx).await;
        let wrote = !tx.staged.is_empty() || !tx.later.is_empty();
        if let tx::Connection::Postgres(connection) = &mut tx.connection {
            connection.end_read().await;
        }
        match verdict {
            Ok(Verdict::Keep(_)) if wrote => Ended::Failed(DbError::appended_in_read()),
            Ok(Verdict::Keep(value)) => Ended::Committed(value, Appended::default()),
            Ok(Verdict::RollBack(error)) => Ended::RolledBack(error),
            Err(panicked) => Ended::Failed(panicked),
        }
    }

    async fn begin(&self, mode: Mode) -> Result<Tx, DbError> {
        let pooled = self.sessions.take().await?;
        Ok(Tx::new(tx::Connection::Postgres(Connection::new(pooled, mode))))
    }
}

fn joined(task: Result<Ended, tokio::task::JoinError>) -> Ended {
    task.unwrap_or_else(|error| Ended::Failed(DbError::internal(error.to_string())))
}

async fn roll_back(mut tx: Tx) {
    if let tx::Connection::Postgres(connection) = &mut tx.connection {
        connection.roll_back().await;
    }
}

/// The address, with what every session needs added to the options it may have.
fn session(url: &str) -> Result<Config, DbError> {
    let mut config: Config = url
        .parse()
        .map_err(|error| DbError::unavailable("the address of PostgreSQL does not read", error))?;
    if config.get_application_name().is_none() {
        config.application_name("seatline");
    }
    let options =
        config.get_options().map_or_else(|| SESSION.to_owned(), |given| format!("{given} {SESSION}"));
    config.options(options);
    Ok(config)
}

/// Connects; the task drives the connection until the client is dropped.
#[expect(clippy::disallowed_methods, reason = "the driver of a connection is a task by design")]
pub(crate) async fn connect(config: &Config) -> Result<(Client, JoinHandle<()>), DbError> {
    let connected = config.connect(NoTls).await;
    let (client, connection) =
        connected.map_err(|error| DbError::unavailable("no connection to PostgreSQL", error))?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(db.error = %error, "a connection to PostgreSQL ended");
        }
    });
    Ok((client, driver))
}

/// Whether the database has been migrated, by whatever version.
pub(crate) async fn is_there(url: &str) -> Result<bool, DbError> {
    let (client, _driver) = connect(&session(url)?).await?;
    let row = client.query_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[]).await?;
    Ok(row.try_get(0)?)
}

/// A connection to a database whose schema is this version's.
pub(crate) async fn connect_migrated(url: &str) -> Result<(Client, JoinHandle<()>), DbError> {
    let config = session(url)?;
    migrate(&config).await?;
    connect(&config).await
}

/// All migrations that are missing, in one transaction.
async fn migrate(config: &Config) -> Result<(), DbError> {
    let (mut client, driver) = connect(config).await?;
    let migrated = apply_pending(&mut client).await;
    drop(client);
    // The server sees the goodbye: whoever copies this database next finds nobody in it.
    let _ = driver.await;
    migrated
}

async fn apply_pending(client: &mut Client) -> Result<(), DbError> {
    let transaction = client.transaction().await?;
    // Nodes that start at once take turns.
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).await?;
    transaction.batch_execute(CREATE_HISTORY).await?;
    let rows = transaction.query(LIST_HISTORY, &[]).await?;
    let applied: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for Migration { name, text } in migrations::pending(migrations::POSTGRES, &applied)? {
        transaction.batch_execute(text).await.map_err(|error| DbError::migration(name, error))?;
        transaction.execute(INSERT_HISTORY, &[name, text]).await?;
    }
    Ok(transaction.commit().await?)
}

/// Changes whenever a migration does.
#[cfg(feature = "testing")]
pub(crate) fn migrations_fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for Migration { name, text } in migrations::POSTGRES {
        (name, text).hash(&mut hasher);
    }
    hasher.finish()
}

/// Migrates a database that is to be copied.
#[cfg(feature = "testing")]
pub(crate) async fn migrate_template(url: &str) -> Result<(), DbError> {
    migrate(&session(url)?).await
}
