//! Jobs: work that is done later, whichever node does it and whatever breaks in between.
//!
//! There are two kinds. A *queue job* ([`Job`]) is enqueued in the unit of work that wants it done, so it
//! exists if and only if that was committed. It runs at least once and has to be idempotent; a failure is
//! tried again with growing delays, and after the last attempt the job is *dead* and waits for the
//! operator. A *reconciler* ([`Reconciler`]) has no input: it brings about what should be, by timer or, if
//! it reads the logs of events, as they grow. Every node runs every reconciler.
//!
//! ```text
//! queued ──claim──► running ──done──► done (forgotten after a week)
//!   ▲  ▲               │
//!   │  └──failed, due later──┤
//!   └──── lease over ────────┤          (its node was killed)
//!   └◄──retry (operator)── dead ◄──failed for good
//! ```
//!
//! A claim is one conditional update and gives a *lease*: if it is over and nobody said how the job ended,
//! the job can be claimed again, and who claimed it before can no longer end it. Jobs of one kind and
//! *key* never run beside each other, and one that was not tried yet stands for all that ask for the same.
//!
//! Tables: `jobs`, `reconcilers`. Events: [`events`], in the marketplace's log.
//!
//! Odd: the runner is handed what there is to run ([`Work`]), because features are below this one.

pub(crate) mod api;
mod backoff;
pub(crate) mod events;
mod job;
pub(crate) mod operations;
pub(crate) mod pages;
mod reconciler;
mod runner;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use backoff::jittered;
pub(crate) use job::{Attempt, Failed, Job, JobState, Kind, StoredJob};
pub(crate) use operations::enqueue::{When, enqueue};
pub(crate) use operations::forget::forget_done;
pub(crate) use reconciler::{Does, Reconciler};
#[cfg(test)]
pub(crate) use runner::drain;
pub(crate) use runner::{Work, run};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    NOT_WAITING = 409 "job.not_waiting" "The job neither waits nor is dead";
}
