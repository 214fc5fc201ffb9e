//! The writer: units that wait share one commit, each in its savepoint.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::checkpointer::Checkpointer;
use super::{Job, Message, control, sqlite_of};
use crate::unit::{Ended, Unit, Verdict, at_once, attempt_at_once};
use crate::{DbError, Heads, Tx};

/// How long a transaction takes in further units: what it holds back is the answer of the first one.
const BATCH: Duration = Duration::from_millis(10);

/// Units that ran in the open transaction; they are answered once it has ended.
type Done = Vec<(oneshot::Sender<Ended>, Ended)>;

/// Runs units until told to stop, or until the queue closes. Alone, a unit commits at once.
pub(super) fn run(
    mut tx: Tx,
    queue: &Receiver<Message>,
    group_commit: bool,
    heads: &Heads,
    checkpointer: Checkpointer,
) {
    let mut stopped = false;
    while !stopped && let Ok(Message::Run(first)) = queue.recv() {
        let mut done = Done::new();
        let ended = transact(&mut tx, first, &mut done, || {
            let next = if group_commit { queue.try_recv().ok()? } else { return None };
            match next {
                Message::Run(job) => Some(job),
                Message::Stop => {
                    stopped = true;
                    None
                }
            }
        });
        checkpointer.written();
        answer(done, ended, heads);
    }
    checkpointer.stop();
    // The next to open the file replays the log instead.
    let _ = sqlite_of(&mut tx).and_then(|connection| connection.checkpoint());
}

/// One transaction: `first`, and what `next` has to give while there is time.
fn transact(
    tx: &mut Tx,
    first: Job,
    done: &mut Done,
    mut next: impl FnMut() -> Option<Job>,
) -> Result<(), DbError> {
    let begun = control(tx, "BEGIN IMMEDIATE");
    if let Err(error) = begun {
        done.push((first.reply, Ended::Failed(error.clone())));
        return Err(error);
    }
    let started = Instant::now();
    let mut job = Some(first);
    while let Some(Job { mut unit, reply }) = job {
        match run_one(tx, &mut *unit) {
            Ok(ended) => done.push((reply, ended)),
            // The transaction did not survive this unit, and neither did those before it.
            Err(error) => {
                done.push((reply, Ended::Failed(error.clone())));
                roll_back(tx);
                return Err(error);
            }
        }
        job = if started.elapsed() < BATCH { next() } else { None };
    }
    control(tx, "COMMIT").inspect_err(|_| roll_back(tx))
}

/// Runs a unit in its savepoint; an error if the transaction as a whole is lost.
fn run_one(tx: &mut Tx, unit: &mut dyn Unit) -> Result<Ended, DbError> {
    tx.reset();
    control(tx, "SAVEPOINT unit")?;
    let ended = match attempt_at_once(unit, tx).and_then(|verdict| settle(tx, verdict)) {
        Ok(ended) => ended,
        Err(error) => Ended::Failed(error),
    };
    if !sqlite_of(tx)?.in_transaction() {
        return Err(tx.lost());
    }
    if !matches!(ended, Ended::Committed(..)) {
        control(tx, "ROLLBACK TO unit")?;
    }
    control(tx, "RELEASE unit")?;
    Ok(ended)
}

fn settle(tx: &mut Tx, verdict: Verdict) -> Result<Ended, DbError> {
    match verdict {
        Verdict::Keep(value) => Ok(Ended::Committed(value, at_once(Box::pin(tx.finish()))??)),
        Verdict::RollBack(error) => Ok(Ended::RolledBack(error)),
    }
}

/// An error such as a full disk has already rolled back; what failed is told by that error.
fn roll_back(tx: &mut Tx) {
    if sqlite_of(tx).is_ok_and(|connection| connection.in_transaction()) {
        let _ = control(tx, "ROLLBACK");
    }
}

fn answer(done: Done, commit: Result<(), DbError>, heads: &Heads) {
    for (reply, ended) in done {
        let ended = match (ended, &commit) {
            (Ended::Committed(..), Err(error)) => Ended::Failed(error.clone()),
            (ended, _) => ended,
        };
        if let Ended::Committed(_, appended) = &ended {
            heads.committed(appended);
        }
        // Whoever asked may have gone; the work is done all the same.
        let _ = reply.send(ended);
    }
}
