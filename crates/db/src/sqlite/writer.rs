//! The writer: units that wait share one commit, each in its savepoint.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use crate::unit::Unit;
use crate::{DbError, Tx, tx};

/// How long a transaction takes in further units: what it holds back is the answer of the first one.
const BATCH: Duration = Duration::from_millis(10);

/// Runs units until the queue closes. Alone, a unit commits at once.
pub(super) fn run(mut tx: Tx, queue: &Receiver<Box<dyn Unit>>, group_commit: bool) {
    while let Ok(first) = queue.recv() {
        let mut done: Vec<Box<dyn Unit>> = Vec::new();
        let begun = control(&mut tx, "BEGIN IMMEDIATE");
        let ended = match begun {
            Ok(()) => {
                let started = Instant::now();
                let mut next = Some(first);
                while let Some(mut unit) = next {
                    let sound = run_one(&mut tx, &mut *unit);
                    done.push(unit);
                    let more = group_commit && sound && started.elapsed() < BATCH;
                    next = if more { queue.try_recv().ok() } else { None };
                }
                commit(&mut tx)
            }
            Err(error) => {
                done.push(first);
                Err(error)
            }
        };
        for unit in done {
            unit.answer(ended.clone());
        }
    }
}

/// Runs one unit in its savepoint; false if the transaction did not survive it.
fn run_one(tx: &mut Tx, unit: &mut dyn Unit) -> bool {
    if control(tx, "SAVEPOINT unit").is_err() {
        return false;
    }
    if !unit.run(tx) && control(tx, "ROLLBACK TO unit").is_err() {
        return false;
    }
    control(tx, "RELEASE unit").is_ok()
}

fn commit(tx: &mut Tx) -> Result<(), DbError> {
    let committed = control(tx, "COMMIT");
    if committed.is_err() && in_transaction(tx) {
        // What failed is told by `committed`.
        let _ = control(tx, "ROLLBACK");
    }
    committed
}

pub(super) fn control(tx: &mut Tx, text: &str) -> Result<(), DbError> {
    match &mut tx.connection {
        tx::Connection::Sqlite(connection) => connection.control(text),
        tx::Connection::Postgres(_) => Err(DbError::internal("a thread of SQLite holds another connection")),
    }
}

fn in_transaction(tx: &Tx) -> bool {
    matches!(&tx.connection, tx::Connection::Sqlite(connection) if connection.in_transaction())
}
