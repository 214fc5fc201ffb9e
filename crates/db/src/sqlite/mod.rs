//! SQLite: one writer thread, a few readers, the write-ahead log.

mod connection;
mod writer;

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub(crate) use connection::Connection;

use crate::unit::{Unit, Work};
use crate::{BoxFuture, Committed, DbError, Heads, Tx, tx};

/// Readers beside each other: more than cores gain nothing, fewer let a long read block the short ones.
const READERS: usize = 4;

mod migrations {
    refinery::embed_migrations!("migrations/sqlite");
}

/// The threads of an open file.
pub(crate) struct Sqlite {
    writes: Sender<Box<dyn Unit>>,
    reads: Sender<Box<dyn Unit>>,
}

impl Sqlite {
    /// Migrates and starts the threads. They end when the queues close.
    pub(crate) fn open(path: &Path, group_commit: bool) -> Result<Self, DbError> {
        let mut connection = connection::open(path, connection::Access::Write)?;
        migrations::migrations::runner().run(&mut connection).map_err(DbError::migration)?;
        let (writes, queue) = mpsc::channel();
        let writer = Tx::new(tx::Connection::Sqlite(Connection::new(connection)));
        start("sqlite-writer", move || writer::run(writer, &queue, group_commit))?;
        let (reads, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..READERS {
            let connection = connection::open(path, connection::Access::Read)?;
            let reader = Tx::new(tx::Connection::Sqlite(Connection::new(connection)));
            let queue = Arc::clone(&queue);
            start("sqlite-reader", move || read_all(reader, &queue))?;
        }
        Ok(Self { writes, reads })
    }

    pub(crate) async fn write<T, E, F>(&self, unit: F, heads: Arc<Heads>) -> Result<Committed<T>, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        ask(&self.writes, unit, Some(heads)).await
    }

    pub(crate) async fn read<T, E, F>(&self, unit: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        ask(&self.reads, unit, None).await.map(|committed| committed.value)
    }
}

async fn ask<T, E, F>(
    queue: &Sender<Box<dyn Unit>>,
    unit: F,
    heads: Option<Arc<Heads>>,
) -> Result<Committed<T>, E>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let gone = || E::from(DbError::Unavailable { what: "SQLite is closed".to_owned(), source: None });
    let (work, answer) = Work::new(unit, heads);
    queue.send(Box::new(work)).map_err(|_| gone())?;
    answer.await.map_err(|_| gone())?
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(|_| ()).map_err(|error| DbError::unavailable("a thread could not be started", error))
}

fn read_all(mut tx: Tx, queue: &Mutex<Receiver<Box<dyn Unit>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut unit) = next else { return };
        let begun = writer::control(&mut tx, "BEGIN");
        if begun.is_ok() {
            unit.run(&mut tx);
            // Nothing was written: how a read ends changes nothing about its answer.
            let _ = writer::control(&mut tx, "ROLLBACK");
        }
        unit.answer(begun);
    }
}
