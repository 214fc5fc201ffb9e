//! Units of work with their types taken off, so that what runs them is compiled once.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::log::Appended;
use crate::{BoxFuture, Committed, DbError, Tx};

/// What a unit wants to become of what it wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    RollBack,
}

/// How a unit ended.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// Durable, and what it appended to which logs.
    Committed(Appended),
    /// Rolled back because it said so; why is in its answer.
    RolledBack,
    /// Rolled back for a reason that the unit does not know.
    Failed(DbError),
}

/// A unit of work, whatever it gives.
pub(crate) trait Unit: Send {
    /// Begins an attempt, from the start.
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict>;
}

/// Where the last attempt of a unit leaves what it gave.
pub(crate) struct Answer<T, E>(Arc<Mutex<Option<Result<T, E>>>>);

impl<T, E> Clone for Answer<T, E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T, E: From<DbError>> Answer<T, E> {
    fn put(&self, outcome: Result<T, E>) -> Verdict {
        let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::RollBack };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        verdict
    }

    pub(crate) fn take(self, ended: Ended) -> Result<Committed<T>, E> {
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (ended, given) {
            (Ended::Committed(appended), Some(Ok(value))) => Ok(Committed { value, marks: appended.marks }),
            (Ended::RolledBack, Some(Err(error))) => Err(error),
            (Ended::Failed(error), _) => Err(error.into()),
            (Ended::Committed(_) | Ended::RolledBack, _) => {
                Err(DbError::internal("a unit of work ended without its answer").into())
            }
        }
    }
}

struct Repeatable<T, E, F> {
    unit: F,
    answer: Answer<T, E>,
}

impl<T, E, F> Unit for Repeatable<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict> {
        let (unit, answer) = (self.unit.clone(), self.answer.clone());
        let running = unit(tx);
        Box::pin(async move { answer.put(running.await) })
    }
}

/// A unit that can be run again after a conflict.
pub(crate) fn repeatable<T, E, F>(unit: F) -> (Box<dyn Unit>, Answer<T, E>)
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let answer = Answer(Arc::default());
    (Box::new(Repeatable { unit, answer: answer.clone() }), answer)
}

struct Once<T, E, F> {
    unit: Option<F>,
    answer: Answer<T, E>,
}

impl<T, E, F> Unit for Once<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict> {
        let answer = self.answer.clone();
        let Some(unit) = self.unit.take() else {
            return Box::pin(async move { answer.put(Err(DbError::internal("a read ran twice").into())) });
        };
        let running = unit(tx);
        Box::pin(async move { answer.put(running.await) })
    }
}

/// A unit that runs once: a read.
pub(crate) fn once<T, E, F>(unit: F) -> (Box<dyn Unit>, Answer<T, E>)
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let answer = Answer(Arc::default());
    (Box::new(Once { unit: Some(unit), answer: answer.clone() }), answer)
}

/// Runs an attempt on this thread. With SQLite no statement makes it wait; if it waits, then for
/// something else, and everybody behind it would wait too.
pub(crate) fn attempt_at_once(unit: &mut dyn Unit, tx: &mut Tx) -> Result<Verdict, DbError> {
    let attempt = || at_once(unit.attempt(tx));
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Drives a future that never has to wait.
pub(crate) fn at_once<T>(mut future: BoxFuture<'_, T>) -> Result<T, DbError> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(DbError::ForeignAwait),
    }
}

pub(crate) fn panicked(panic: &(dyn Any + Send)) -> DbError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let message = text.or_else(|| panic.downcast_ref::<String>().cloned());
    DbError::UnitPanicked { message: message.unwrap_or_else(|| "no message".to_owned()) }
}
