//! Sessions that are kept for whoever needs one next.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, QueueMode, RecycleError, RecycleResult};
use tokio_postgres::Config;

use super::session::Session;
use crate::DbError;

pub(super) type Pooled = Object<Sessions>;

pub(super) struct Sessions(Config);

impl Manager for Sessions {
    type Type = Session;
    type Error = DbError;

    async fn create(&self) -> Result<Session, DbError> {
        Session::open(&self.0).await
    }

    async fn recycle(&self, session: &mut Session, _: &Metrics) -> RecycleResult<DbError> {
        session.look().await.map_err(|error| {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(db.error = %why.unwrap_or_default(), "a connection to PostgreSQL ended");
            RecycleError::Backend(error)
        })
    }
}

pub(super) fn open(config: Config, connections: usize) -> Result<Pool<Sessions>, DbError> {
    Pool::builder(Sessions(config))
        .max_size(connections)
        // The one used last has the statements prepared, and its server process knows the tables.
        .queue_mode(QueueMode::Lifo)
        .wait_timeout(Some(Duration::from_secs(30)))
        .create_timeout(Some(Duration::from_secs(10)))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| DbError::unavailable("the pool of PostgreSQL", error))
}
