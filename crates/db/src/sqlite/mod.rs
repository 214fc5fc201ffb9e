//! SQLite: one writer thread, a few readers, the write-ahead log.

pub(crate) mod backup;
mod checkpointer;
mod connection;
mod reader;
mod writer;

use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use checkpointer::Checkpointer;
pub(crate) use connection::{Connection, owned};
use rusqlite::TransactionBehavior;
use tokio::sync::oneshot;

use crate::migrations::{self, CREATE_HISTORY, INSERT_HISTORY, LIST_HISTORY, Migration};
use crate::unit::{Ended, Unit};
use crate::{DbError, Heads, Tx, tx};

/// Readers beside each other: more than cores gain nothing, fewer let a long read block the short ones.
const READERS: usize = 4;

/// What a thread finds in its queue.
enum Message {
    Run(Job),
    /// Close: nothing behind this in the queue is run.
    Stop,
}

/// A unit, and who waits for it.
struct Job {
    unit: Box<dyn Unit>,
    reply: oneshot::Sender<Ended>,
}

/// The threads of an open file.
pub(crate) struct Sqlite {
    writes: Sender<Message>,
    reads: Sender<Message>,
    writer: Mutex<Option<JoinHandle<()>>>,
    readers: Mutex<Vec<JoinHandle<()>>>,
}

impl Sqlite {
    /// Migrates and starts the threads. They end when told so, or when the queues close.
    pub(crate) fn open(path: &Path, group_commit: bool, heads: &Arc<Heads>) -> Result<Self, DbError> {
        let mut connection = connection::open(path, connection::Access::Write)?;
        migrate(&mut connection)?;
        let (writes, queue) = mpsc::channel();
        let tx = transaction(connection);
        let known = Arc::clone(heads);
        let checkpointer = Checkpointer::start(connection::open(path, connection::Access::Write)?)?;
        let writer =
            start("sqlite-writer", move || writer::run(tx, &queue, group_commit, &known, checkpointer))?;
        let (reads, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let tx = transaction(connection::open(path, connection::Access::Read)?);
            let queue = Arc::clone(&queue);
            readers.push(start("sqlite-reader", move || reader::run(tx, &queue))?);
        }
        Ok(Self { writes, reads, writer: Mutex::new(Some(writer)), readers: Mutex::new(readers) })
    }

    pub(crate) async fn write(&self, unit: Box<dyn Unit>) -> Ended {
        ask(&self.writes, unit).await
    }

    pub(crate) async fn read(&self, unit: Box<dyn Unit>) -> Ended {
        ask(&self.reads, unit).await
    }

    /// Lets what is queued run, and waits until the threads have closed the file: the writer last, since
    /// only it can clear the log away.
    pub(crate) fn close(&self) {
        let readers = std::mem::take(&mut *self.readers.lock().unwrap_or_else(PoisonError::into_inner));
        stop(&self.reads, readers);
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        stop(&self.writes, writer);
    }
}

fn stop(queue: &Sender<Message>, threads: impl IntoIterator<Item = JoinHandle<()>>) {
    let threads: Vec<JoinHandle<()>> = threads.into_iter().collect();
    for _ in &threads {
        // A thread that is gone needs no telling.
        let _ = queue.send(Message::Stop);
    }
    for thread in threads {
        // It does not panic: what its units do is caught.
        let _ = thread.join();
    }
}

async fn ask(queue: &Sender<Message>, unit: Box<dyn Unit>) -> Ended {
    let (reply, answer) = oneshot::channel();
    if queue.send(Message::Run(Job { unit, reply })).is_err() {
        return Ended::Failed(DbError::closed("SQLite"));
    }
    answer.await.unwrap_or_else(|_| Ended::Failed(DbError::closed("SQLite")))
}

fn transaction(connection: rusqlite::Connection) -> Tx {
    Tx::new(tx::Connection::Sqlite(Connection::new(connection)))
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map_err(|error| DbError::unavailable("a thread could not be started", error))
}

/// All migrations that are missing, in one transaction: a crash does not tear them apart, and of two
/// processes that open a new file at once the second waits and finds nothing to do.
fn migrate(connection: &mut rusqlite::Connection) -> Result<(), DbError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(CREATE_HISTORY)?;
    let applied = transaction
        .prepare(LIST_HISTORY)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for Migration { name, text } in migrations::pending(migrations::SQLITE, &applied)? {
        transaction.execute_batch(text).map_err(|error| DbError::migration(name, error))?;
        transaction.execute(INSERT_HISTORY, [name, text])?;
    }
    Ok(transaction.commit()?)
}

/// Transaction control: statements of the kit itself.
fn control(tx: &mut Tx, text: &str) -> Result<(), DbError> {
    sqlite_of(tx)?.control(text)
}

fn sqlite_of(tx: &mut Tx) -> Result<&mut Connection, DbError> {
    match &mut tx.connection {
        tx::Connection::Sqlite(connection) => Ok(connection),
        tx::Connection::Postgres(_) => Err(DbError::internal("a thread of SQLite holds another connection")),
    }
}
