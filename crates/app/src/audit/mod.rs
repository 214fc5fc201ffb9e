//! The audit trail: a tenant's log as it was written, to be kept elsewhere and verified (EVT-04).
//!
//! Words. An *entry* says who (a user, a machine client or the system), from where, when and what; it is
//! the event itself, so no change is without one. A *link* ends the entries of a transaction: it is made
//! of them and of the link before, so that whoever changes, removes or cuts entries later is found by
//! following the chain ([`db::chain`]). A link that was kept elsewhere proves that the trail up to it is
//! still the one of then.
//!
//! A global admin reads its own tenant's trail, the operator every one. The trail is never cut.
//!
//! Tables: none; it reads the log. Events: none.

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;
