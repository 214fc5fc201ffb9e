//! The engine: may this user use this service, or this component of an app?
//!
//! Pure and in memory. A node keeps one [`Index`]: the [`Catalog`] (which component needs which
//! services) and, for each tenant that is loaded, who has a seat of what. Both carry the version of the log
//! they stand at; whoever feeds the index reads the log, and the index refuses to answer
//! ([`Undecided::Stale`]) below the version that a question demands.
//!
//! - [`Index::check`] decides (CHK-01, CHK-02, CHK-03): it takes no seat, waits for no write, allocates nothing.
//! - [`Index::compare`] holds the index against the tables.
//! - [`replica::Replica`] is an index that is fed from far away, by the lines of [`feed`].
//! - [`notes`] are what checks leave behind: uses of seats, and who was let in without one.
//! - [`Refusal`] is what a refused person reads (CHK-04).
//! - [`lease`] signs and verifies what an app may carry to decide without the server (CHK-08).
//! - [`client`] is what an app does with and without the server (CHK-08, CHK-09).
//!
//! ```text
//! tables, log ──► Change ──► people (a user's word: a bit for each service), rights of tenants ─┐
//! live offers ─────────────► Catalog ───────────────────────────────────────────────────────────┴─► check ─► Decision
//! ```

mod catalog;
mod change;
mod compare;
pub mod client;
mod decision;
pub mod feed;
mod grace;
mod index;
mod names;
pub mod notes;
mod people;
pub mod lease;
mod refusal;
pub mod replica;
mod rights;
mod shape;
mod table;
mod tenants;
mod writer;

pub use catalog::{Catalog, CatalogBuilder, Component, EnforcementMode, FeatureValue, OfferAddress, Service};
pub use change::{Change, End, License, Seat, UserStatus};
pub use compare::Compared;
pub use decision::{Decision, Reason, State};
pub use grace::{Grace, GraceTimes};
pub use index::{Index, Question, Target, Thing, Undecided};
pub use refusal::{CODE as REFUSAL_CODE, Language, Refusal};
