//! The vocabulary of the marketplace: pure values, each valid by construction.
//!
//! - [`Id`]: typed identifiers, UUIDv7 inside, `off_0192…` outside.
//! - [`PublisherId`], [`OfferSlug`], [`PlanSlug`], [`ServiceId`]: the names that people and packages write.
//! - [`Email`], [`Country`], [`Text`]: what forms carry.
//! - [`Timestamp`]: microseconds, the only time in rows, events and answers.
//! - [`Freshness`]: how far a write moved which logs.
//! - [`Page`], [`Cursor`]: how lists are cut.
//! - [`Problem`], [`FieldError`]: what every refusal looks like (RFC 9457).
//!
//! Nothing here does I/O, reads a clock or draws randomness.

mod contact;
mod freshness;
mod id;
mod kinds;
mod page;
mod problem;
mod slug;
mod text;
mod time;
mod url;

pub use contact::{Country, Email};
pub use freshness::Freshness;
pub use id::{Id, IdKind};
pub use kinds::*;
pub use page::{Cursor, Page, PageRequest};
pub use problem::{FieldError, Problem, Violation};
pub use slug::{OfferSlug, PlanSlug, PublisherId, ServiceId, TenantSlug};
pub use text::{Name, Text, is_visible};
pub use time::{Date, Timestamp};
pub use url::WebUrl;
