//! The engine: may this user use this service, or this component of an app?
//!
//! Pure and in memory. A node keeps one [`Index`]: the [`Catalog`] (which component needs which
//! services) and, for each tenant that somebody asked about, its [`Holdings`] (who has a seat of what).
//! Both carry the version of the log they stand at; whoever feeds the index reads the log, and the
//! index refuses to answer ([`Stale`]) below the version that a question demands.
//!
//! - [`Index::check`] decides (CHK-01, CHK-02, CHK-03): it takes no seat, waits for no write.
//! - [`Refusal`] is what a refused person reads (CHK-04).
//!
//! ```text
//! log ──► Change ──► Holdings ─┐
//! live offers ─────► Catalog ──┴─► Index::check(Question) ─► Decision
//! ```

mod catalog;
mod decision;
mod grace;
mod holdings;
mod index;
mod refusal;

pub use catalog::{Catalog, CatalogBuilder, Component, EnforcementMode, FeatureValue, OfferAddress, Service};
pub use decision::{Decision, Reason, State};
pub use grace::{Grace, GraceTimes};
pub use holdings::{Change, End, Holdings, License, UserStatus};
pub use index::{Index, Question, Stale, Target, Unclear};
pub use refusal::{CODE as REFUSAL_CODE, Language, Refusal};
