//! Assignments: a customer's administrators give seats to people and take them away.
//!
//! A direct request is all or nothing, or answers per user (ASG-02). It gets only seats that nobody waits
//! for: where seats are over or wait, the pool is full, and a new assignment fails with `CountViolation`
//! (LIC-07). Whose seat is over has one; who waits has none. Users leave the directory through this
//! feature, because their seats are freed in the same transaction (ASG-06).
//!
//! Pools, seats, paths and their invariants: `seats`. Tables and events: none of its own.

pub(crate) mod api;
pub(crate) mod operations;
mod outcome;

#[cfg(test)]
pub(crate) mod tests;

crate::kit::codes! {
    REFUSED = 409 "assignment.refused" "Not everybody can get a seat, so nobody got one";
}

/// Users in one request at most.
pub(crate) const USERS_MAX: usize = 10_000;
