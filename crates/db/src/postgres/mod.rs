//! PostgreSQL: a pool, a task for each unit of work, hints between nodes.

mod connection;
mod hints;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use connection::Connection;
use connection::Mode;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio_postgres::NoTls;

use crate::unit::panic_message;
use crate::{BoxFuture, Committed, DbError, Heads, Tx, tx};

/// How often a unit is run before a conflict is its answer.
const ATTEMPTS: usize = 10;
/// One number for everybody who migrates: they take turns.
const MIGRATION_LOCK: i64 = 0x5ea7_11fe;

mod migrations {
    refinery::embed_migrations!("migrations/postgres");
}

pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) async fn open(url: &str, connections: usize, heads: &Arc<Heads>) -> Result<Self, DbError> {
        let mut config: tokio_postgres::Config = url
            .parse()
            .map_err(|error| DbError::unavailable("the address of PostgreSQL does not read", error))?;
        config.application_name("seatline");
        config.options(
            "-c synchronous_commit=on -c idle_in_transaction_session_timeout=60000 -c client_min_messages=warning",
        );
        migrate(&config).await?;
        hints::start(&config, heads);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(connections)
            .wait_timeout(Some(Duration::from_secs(30)))
            .create_timeout(Some(Duration::from_secs(10)))
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(|error| DbError::unavailable("the pool of PostgreSQL", error))?;
        Ok(Self { pool })
    }

    #[expect(clippy::disallowed_methods, reason = "this is the executor: the task outlives whoever asked")]
    pub(crate) async fn write<T, E, F>(self: Arc<Self>, unit: F, heads: Arc<Heads>) -> Result<Committed<T>, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let task = tokio::spawn(async move {
            let mut attempt = 1;
            loop {
                let mut tx = self.begin(Mode::Write).await?;
                let outcome = match (unit.clone())(&mut tx).await {
                    Ok(value) => tx.finish().await.map(|()| value).map_err(E::from),
                    Err(error) => Err(error),
                };
                let marks = std::mem::take(&mut tx.marks);
                match outcome {
                    Ok(value) => {
                        heads.committed(&marks);
                        return Ok(Committed { value, marks });
                    }
                    Err(_) if tx.conflicted && attempt < ATTEMPTS => {
                        rollback(tx).await;
                        attempt += 1;
                    }
                    Err(error) => {
                        rollback(tx).await;
                        return Err(error);
                    }
                }
            }
        });
        joined(task.await)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a read that loses its client still hands back its connection"
    )]
    pub(crate) async fn read<T, E, F>(self: Arc<Self>, unit: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let task = tokio::spawn(async move {
            let mut tx = self.begin(Mode::Read).await?;
            let outcome = unit(&mut tx).await;
            rollback(tx).await;
            outcome
        });
        joined(task.await)
    }

    async fn begin(&self, mode: Mode) -> Result<Tx, DbError> {
        let client = self.pool.get().await;
        let client = client.map_err(|error| DbError::unavailable("no connection to PostgreSQL", error))?;
        Ok(Tx::new(tx::Connection::Postgres(Connection::new(client, mode))))
    }
}

fn joined<T, E: From<DbError>>(task: Result<Result<T, E>, tokio::task::JoinError>) -> Result<T, E> {
    match task {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => {
            Err(E::from(DbError::UnitPanicked { message: panic_message(&*error.into_panic()) }))
        }
        Err(error) => Err(E::from(DbError::internal(error.to_string()))),
    }
}

async fn rollback(mut tx: Tx) {
    if let tx::Connection::Postgres(connection) = &mut tx.connection {
        connection.rollback().await;
    }
}

/// Nodes that start at once take turns.
async fn migrate(config: &tokio_postgres::Config) -> Result<(), DbError> {
    let (mut client, driver) = hints::connect(config).await?;
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK]).await?;
    let migrated = migrations::migrations::runner().run_async(&mut client).await.map_err(DbError::migration);
    drop(client);
    driver.abort();
    migrated.map(|_| ())
}
