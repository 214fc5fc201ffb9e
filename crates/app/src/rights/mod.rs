//! What a user may use, and why: the whole chain, read from the tables in one snapshot (CHK-06, CHK-07).
//!
//! ```text
//! deal ─► license ─► pool ─► assignment (direct, or by groups) ─► seat and its state ─► plan ─► component
//! ```
//!
//! A check is answered from memory and says little. This says everything, at the cost of reading: which deal
//! grants what until when, who assigned it or through which groups it came, where in the queue a seat waits,
//! which plan gives which feature; and of a refusal what is missing at which link, and who could mend it. It
//! decides by itself, from the tables, and says where the answer in memory differs.
//!
//! Who asks sees what is its business. Users see themselves, without what their organisation bought; its
//! administrators see everything on their side; a publisher sees its own services, and how a seat came about
//! but not through whom or which groups (REL-06).
//!
//! No tables: it calls the features above. No events: it changes nothing.

pub(crate) mod api;
mod chain;
mod memory;
mod missing;
pub(crate) mod operations;
pub(crate) mod pages;
mod verdict;

#[cfg(test)]
mod tests;

pub(crate) use verdict::{dates, ends, of_active, state};
