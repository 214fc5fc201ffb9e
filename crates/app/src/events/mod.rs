//! Events: what happened, in one gap-free order per tenant (EVT-01, EVT-02).
//!
//! A feature declares its events with [`events!`] and records them with [`record`] inside the unit of
//! work that makes the change, so there is no change without its event and no event without its change.
//! The unit's log entries are written just before it commits; the position each tenant's log reached is
//! the freshness token of the write ([`Freshness`]).
//!
//! Readers ([`read`]) page by position. A position below the head is final: entries commit in order, so
//! a reader that stands at *n* never misses a late one.
//!
//! Something that concerns two tenants (a license granted) is recorded in the log of both. What concerns
//! the marketplace as a whole (an offer went live) is recorded in the marketplace's own log too.
//!
//! What follows from events is done by a [`Reader`]: a named place in every log, moved in the unit of work
//! that does it, so nothing is skipped and nothing is done twice.
//!
//! Tables: `log_heads`, `log_entries` (of the db crate), `event_cursors`.

pub(crate) mod api;
mod reader;
mod record;
mod store;

#[cfg(test)]
mod tests;

pub use reader::Places;
pub(crate) use reader::{Reader, catch_up, first_unread, forget_places, grown, place};
pub(crate) use record::events;
pub use record::{
    Actor, Event, Origin, Recorded, Recorder, freshness, head, log_id, read, read_each, record,
};
pub(crate) use store::STATEMENTS;
