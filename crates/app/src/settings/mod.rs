//! Settings: what the operator changes about the marketplace while it runs.
//!
//! What is about the machine (addresses, mail server, limits, networks) is in its configuration alone. What is
//! about the market ([`Setting`]: its name, delays, grace times) is configured there, too, and may be *set* here:
//! what is set holds, and what is set back holds as configured again. It holds from now on: a grace that has begun
//! keeps its dates, an app that has an answer keeps its times.
//!
//! ```text
//! configured ──set──► set ──set back──► configured
//! ```
//!
//! What holds is in the memory of each node ([`InForce`]): read anywhere without waiting, on the path of checks too.
//! The node that commits a change has it before whoever made it is answered, by the event itself; the others
//! read the row every second. A later revision replaces an earlier one and never the other way round, so it does not
//! matter who comes first.
//!
//! All nodes should be configured alike: each falls back on what its own configuration says.
//!
//! Invariants: a value that is set is within its bounds; while one of the two times of answers is set, apps go on at
//! least as long as they ask nothing anyway (CHK-09).
//!
//! Tables: `settings`, one row of the marketplace's tenant once something was set. Events: `settings.changed`, with
//! all that was set before and is after (EVT-04).

pub(crate) mod api;
pub(crate) mod events;
mod in_force;
pub(crate) mod operations;
pub(crate) mod pages;
mod setting;
mod store;

#[cfg(test)]
mod tests;

pub use in_force::InForce;
pub(crate) use in_force::follow;
pub(crate) use setting::Stored;
pub use setting::{Setting, SettingValue, Values};
pub(crate) use store::STATEMENTS;
