//! Units of work as the SQLite threads see them: run, then answered.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::sync::oneshot;

use crate::{BoxFuture, Committed, DbError, Heads, Tx};

/// A unit in a thread's queue, whatever it gives.
pub(crate) trait Unit: Send {
    /// Runs it in the transaction at hand; false if it must be rolled back.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Tells whoever waits; `commit` is how the transaction ended.
    fn answer(self: Box<Self>, commit: Result<(), DbError>);
}

pub(crate) struct Work<T, E, F> {
    unit: Option<F>,
    writes: bool,
    outcome: Option<Result<Committed<T>, E>>,
    heads: Option<Arc<Heads>>,
    reply: oneshot::Sender<Result<Committed<T>, E>>,
}

impl<T, E, F> Work<T, E, F> {
    /// `heads` is there for units that write.
    pub(crate) fn new(
        unit: F,
        heads: Option<Arc<Heads>>,
    ) -> (Self, oneshot::Receiver<Result<Committed<T>, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { unit: Some(unit), writes: heads.is_some(), outcome: None, heads, reply }, answer)
    }
}

impl<T, E, F> Unit for Work<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let Some(unit) = self.unit.take() else { return false };
        let writes = self.writes;
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let value = at_once(unit(&mut *tx))??;
            if writes {
                at_once(Box::pin(tx.finish()))??;
            }
            Ok(value)
        }));
        let outcome = match ran {
            Ok(outcome) => outcome,
            Err(panic) => Err(E::from(DbError::UnitPanicked { message: panic_message(&*panic) })),
        };
        tx.staged.clear();
        let marks = std::mem::take(&mut tx.marks);
        self.outcome = Some(outcome.map(|value| Committed { value, marks }));
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, commit: Result<(), DbError>) {
        let outcome = match (self.outcome, commit) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(E::from(error)),
            (Some(Ok(committed)), Ok(())) => {
                if let Some(heads) = self.heads {
                    heads.committed(&committed.marks);
                }
                Ok(committed)
            }
            (None, Ok(())) => Err(E::from(DbError::internal("a unit of work did not run"))),
        };
        // Whoever asked may have gone; the work is done all the same.
        let _ = self.reply.send(outcome);
    }
}

/// Drives a future that only waits for a transaction of SQLite, which never makes it wait.
fn at_once<T, E>(mut future: BoxFuture<'_, Result<T, E>>) -> Result<Result<T, E>, DbError> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(DbError::ForeignAwait),
    }
}

pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
