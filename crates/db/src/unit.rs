//! Units of work with their types taken off, so that what runs them is compiled once.

use std::any::Any;
use std::future::{poll_fn, ready};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::log::Appended;
use crate::{BoxFuture, Committed, DbError, Tx};

/// What a unit gave: its value or its error, of a type that whoever asked for it knows.
pub(crate) type Given = Box<dyn Any + Send>;

/// What a unit wants to become of what it wrote.
pub(crate) enum Verdict {
    Keep(Given),
    RollBack(Given),
}

/// How a unit ended.
pub(crate) enum Ended {
    /// Durable, and what it appended to which logs.
    Committed(Given, Appended),
    /// Rolled back because it said so, and why.
    RolledBack(Given),
    /// Rolled back for a reason that the unit does not know.
    Failed(DbError),
}

/// A unit of work, whatever it gives.
pub(crate) trait Unit: Send {
    /// Begins an attempt, from the start.
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict>;
}

/// The type of what a unit gives, beside that of the unit.
type Gives<T, E> = PhantomData<fn() -> Result<T, E>>;

struct Repeatable<T, E, F>(F, Gives<T, E>);

impl<T, E, F> Unit for Repeatable<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send,
    T: Send + 'static,
    E: Send + 'static,
{
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict> {
        Box::pin(judged(self.0.clone()(tx)))
    }
}

/// A unit that can be run again after a conflict.
pub(crate) fn repeatable<T, E, F>(unit: F) -> Box<dyn Unit>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    Box::new(Repeatable(unit, PhantomData))
}

struct Once<T, E, F>(Option<F>, Gives<T, E>);

impl<T, E, F> Unit for Once<T, E, F>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    fn attempt<'t>(&mut self, tx: &'t mut Tx) -> BoxFuture<'t, Verdict> {
        match self.0.take() {
            Some(unit) => Box::pin(judged(unit(tx))),
            None => {
                Box::pin(judged::<T, E>(Box::pin(ready(Err(DbError::internal("a read ran twice").into())))))
            }
        }
    }
}

/// A unit that runs once: a read.
pub(crate) fn once<T, E, F>(unit: F) -> Box<dyn Unit>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    Box::new(Once(Some(unit), PhantomData))
}

async fn judged<T: Send + 'static, E: Send + 'static>(running: BoxFuture<'_, Result<T, E>>) -> Verdict {
    match running.await {
        Ok(value) => Verdict::Keep(Box::new(value)),
        Err(error) => Verdict::RollBack(Box::new(error)),
    }
}

/// What a unit gave that has ended, with its types again.
pub(crate) fn given<T: 'static, E: From<DbError> + 'static>(ended: Ended) -> Result<Committed<T>, E> {
    match ended {
        Ended::Committed(value, Appended { marks, .. }) => match value.downcast() {
            Ok(value) => Ok(Committed { value: *value, marks }),
            Err(_) => Err(foreign().into()),
        },
        Ended::RolledBack(error) => Err(error.downcast().map_or_else(|_| foreign().into(), |error| *error)),
        Ended::Failed(error) => Err(error.into()),
    }
}

fn foreign() -> DbError {
    DbError::internal("a unit of work gave what another one gives")
}

/// Runs an attempt on this thread. With SQLite no statement makes it wait; if it waits, then for
/// something else, and everybody behind it would wait too.
pub(crate) fn attempt_at_once(unit: &mut dyn Unit, tx: &mut Tx) -> Result<Verdict, DbError> {
    let attempt = || at_once(unit.attempt(tx));
    catch_unwind(AssertUnwindSafe(attempt)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Runs an attempt that may wait.
pub(crate) async fn attempt(unit: &mut dyn Unit, tx: &mut Tx) -> Result<Verdict, DbError> {
    let mut attempt = pin!(async { unit.attempt(tx).await });
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| attempt.as_mut().poll(context)));
        polled.map_or_else(|panic| Poll::Ready(Err(panicked(&*panic))), |poll| poll.map(Ok))
    })
    .await
}

/// Drives a future that never has to wait.
pub(crate) fn at_once<T>(mut future: BoxFuture<'_, T>) -> Result<T, DbError> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Ok(outcome),
        Poll::Pending => Err(DbError::ForeignAwait),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> DbError {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let message = text.or_else(|| panic.downcast_ref::<String>().cloned());
    DbError::UnitPanicked { message: message.unwrap_or_else(|| "no message".to_owned()) }
}
