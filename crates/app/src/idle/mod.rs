//! Idle seats: who has one and has not used it for so many days (ASG-10).
//!
//! What a check allows is a use of the seat; its day is kept with the seat (see `entitlements`). The report
//! lists active seats that were assigned before and not used since, and leaves out people who are on *leave*.
//! Nothing is taken from anybody by it: reclaiming is a person's act, by unassigning those listed.
//!
//! Tables: `leaves`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod operations;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use store::{Leave, STATEMENTS};
