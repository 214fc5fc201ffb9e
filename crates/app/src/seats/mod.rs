//! Seats: the pools of a customer, who has a seat of which, and through which paths.
//!
//! Words. A *pool* is all seats of one plan that one customer holds: how many are granted, how many in use.
//! A *seat* is one user's of one pool. A *path* is why the user has it: assigned directly, or through a
//! group. A user takes one seat however many paths lead to it, and frees it when the last one ends
//! (ASG-03). Paths are never deleted, only ended: together they are the seat's history (ASG-09).
//!
//! ```text
//!              ┌──────────── capacity goes (by the pool's policy) ────────────┐
//!              ▼                                                              │
//! over: warning ─► waiting | suspended ─► gone      ◄─ capacity returns ─►  active
//!                                                                             ▲
//! waiting (a path, and never a seat left) ────── capacity returns ────────────┘
//! ```
//!
//! Invariants. A pool's `in_use` is the number of its active and held seats, of which `held` are held, and never above what is
//! granted, at any instant (LIC-06): seats are taken by one conditional update, and the table's own check is the last
//! defence. Wherever a seat is free, nobody waits: every unit that frees seats or adds some ends with
//! [`operations::capacity::fill`], first those over, then those waiting, each by *since* and then by user.
//! So a direct assignment gets only a seat that nobody waits for.
//!
//! A lease has its seat held until its end: freed before, the seat counts on as *held*, and is nobody's
//! ([`operations::holds`], CHK-08).
//!
//! What an over seat still is, its two dates and the clock say ([`entitlement::Grace`]); nothing has to
//! happen for it to change. When it is gone its row may still be there for a while, and is taken for none:
//! whoever holds the pool removes it first, and a reconciler where nobody does.
//!
//! Locks are taken in one order: pool, seats, paths, logs.
//!
//! Tables: `pools`, `seats`, `seat_paths`, `ended_paths`, `seat_holds`. Events: [`events`].

pub(crate) mod events;
mod hold_store;
pub(crate) mod operations;
mod pool;
mod pool_store;
mod seat;
mod store;
mod tenant_store;

#[cfg(test)]
mod tests;

pub(crate) use hold_store::STATEMENTS as HOLD_STATEMENTS;
pub(crate) use pool::{Holding, Policy, Pool, Taken};
pub(crate) use pool_store::STATEMENTS as POOL_STATEMENTS;
pub(crate) use seat::{
    BeyondCount, IdleSeat, OpenPath, Path, Seat, SeatState, Source, Standing, grace, standing,
};
pub(crate) use store::STATEMENTS;
pub(crate) use tenant_store::STATEMENTS as TENANT_STATEMENTS;
