//! The product: one folder per feature.
//!
//! The order below is the rule of traffic (`cargo xtask arch`). A feature calls operations of features
//! *above* it, with the same transaction; those below learn of it by event. A feature's store is private:
//! nobody reads another's tables. Handlers never touch SQL, operations never see HTTP, transactions open
//! at the edge.

// Foundation
/// Time, chance, refusals, fields: no word of the product.
pub mod kit;
/// What happened, in one gap-free order per tenant.
pub mod events;
/// Permissions and proofs of right.
pub mod access;
/// Work that is done later: a queue, and what is brought about again and again.
mod jobs;
/// Tenants, people, machines, and how they are recognised.
pub mod identity;
/// From a request to a unit of work and back.
mod edge;
/// From a listener to requests.
mod serve;
/// Mails to people, each a row until it is sent.
mod mails;
/// A new password, by mail, for whoever forgot theirs.
mod recovery;
/// A tenant's events, sent to addresses that it names.
mod webhooks;
/// What the operator changes about the marketplace while it runs.
mod settings;

// Product
/// A tenant's log as it was written, to be kept elsewhere and verified.
mod audit;
/// Offers and plans as their publisher drafts them.
mod catalog;
/// What publishers upload, checked and kept by its hash.
mod packages;
/// From a draft to the storefront.
mod publishing;
/// A customer's consent to a publisher.
mod relationships;
/// Sales made outside, registered here.
mod deals;
/// The pools of a customer, who has a seat of which, and why.
mod seats;
/// What deals grant, and when it ends.
mod licenses;
/// What anybody may see of what is live, and do with it.
mod storefront;
/// Who asked to be contacted, and how its publisher learns of it.
mod leads;
/// Giving seats to people and taking them away.
mod assignments;
/// Seats given and taken by the list, and taken back.
mod bulk;
/// Groups of users, and seats by being in one.
mod groups;
/// People who ask for seats, and customers who ask for licenses.
mod requests;
/// Seats that nobody uses.
mod idle;
/// An offer in one of the customer's environments.
mod installations;
/// May this user use that?
mod entitlements;
/// What a user may use, and why.
mod rights;
/// The same decisions through the standard request.
mod authzen;
/// What apps carry to decide without the server.
mod leases;
/// What is provisioned and assigned, in total and over time.
mod reports;
/// What people are told, in the marketplace and by mail.
mod notices;

// The whole
/// What browsers find here: navigation, homes, and which pages are mounted where.
mod portals;
mod api;
mod app;
mod node;
pub mod bootstrap;
pub mod doctor;
#[cfg(feature = "measure")]
pub mod measure;
pub mod registry;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod work;

pub use api::{document, router, site};
pub use app::{AnswerTimes, App, Parts, Settings};
pub use entitlement::GraceTimes;
pub use entitlements::edge_site;
pub use identity::{PasswordCost, PublicKeys};
pub(crate) use node::Node;
pub use node::{Edge, EdgeParts};
pub use reports::rebuild as rebuild_reports;
pub use serve::{Site, serve};
pub use settings::InForce;
pub use work::work;
