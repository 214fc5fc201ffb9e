//! Assignments: a customer's administrators give seats to people and take them away.
//!
//! A direct request is all or nothing, or answers per user (ASG-02). It gets only seats that nobody waits
//! for: where seats are over or wait, the pool is full, and a new assignment fails with `CountViolation`
//! (LIC-07). Whose seat is over has one; who waits has none. What a user has through a group only cannot be
//! taken off the user (ASG-05). Users who leave the directory free their seats in the same transaction
//! (ASG-06).
//!
//! Pools, seats, paths and their invariants: `seats`. Tables and events: none of its own.

pub(crate) mod api;
pub(crate) mod operations;
mod outcome;

#[cfg(test)]
pub(crate) mod tests;

crate::kit::codes! {
    REFUSED = 409 "assignment.refused" "Not everybody can get a seat, so nobody got one";
    INHERITED = 409 "assignment.inherited" "A license that comes from a group cannot be taken off the user";
}

/// Users in one request at most.
pub(crate) const USERS_MAX: usize = 10_000;
