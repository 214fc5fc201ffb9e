//! Assignments: which user has a seat of which pool, and through which paths.
//!
//! Words. A *seat* is one of a pool's, held by one user. A *path* is why: assigned directly, or (later)
//! through a group. A user takes one seat however many paths lead to it, and frees it when the last one
//! ends (ASG-03). Paths are never deleted, only ended: together they are the seat's history (ASG-09).
//!
//! Invariant. A pool's `in_use` is the number of its seats, and never above what is granted (LIC-06): the
//! pool is held from the moment its seats are counted until the commit, and the counter moves by a
//! conditional update. Locks are taken in one order: pool, seats, paths, logs.
//!
//! A direct request is all or nothing, or answers per user (ASG-02). Users leave the directory through this
//! feature, because their seats are freed in the same transaction (ASG-06).
//!
//! Tables: `seats`, `seat_paths`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod operations;
mod seat;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use seat::{Path, Seat, Source};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    REFUSED = 409 "assignment.refused" "Not everybody can get a seat, so nobody got one";
}

/// Users in one request at most.
pub(crate) const USERS_MAX: usize = 10_000;
