//! A reader: each unit in a snapshot of its own.

use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};

use super::{Message, control};
use crate::log::Appended;
use crate::unit::{Ended, Unit, Verdict, attempt_at_once};
use crate::{DbError, Tx};

/// Runs reads until told to stop, or until the queue closes.
pub(super) fn run(mut tx: Tx, queue: &Mutex<Receiver<Message>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Message::Run(mut job)) = next else { return };
        // Nobody waits for it any more, and a read has no other effect.
        if job.reply.is_closed() {
            continue;
        }
        let ended = read(&mut tx, &mut *job.unit);
        let _ = job.reply.send(ended);
    }
}

fn read(tx: &mut Tx, unit: &mut dyn Unit) -> Ended {
    tx.reset();
    if let Err(error) = control(tx, "BEGIN") {
        return Ended::Failed(error);
    }
    let verdict = attempt_at_once(unit, tx);
    // Nothing was written: how a read ends changes nothing about its answer.
    let _ = control(tx, "ROLLBACK");
    match verdict {
        Ok(Verdict::Keep(_)) if !tx.staged.is_empty() => Ended::Failed(DbError::appended_in_read()),
        Ok(Verdict::Keep(value)) => Ended::Committed(value, Appended::default()),
        Ok(Verdict::RollBack(error)) => Ended::RolledBack(error),
        Err(error) => Ended::Failed(error),
    }
}
