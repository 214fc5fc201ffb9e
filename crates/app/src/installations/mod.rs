//! Installations: an offer in one of the customer's environments.
//!
//! Words. An *environment* is a place of the customer's where apps run: production or sandbox. It takes
//! installations while it is `ready`. An *installation* is one offer in one environment, at the version that
//! was live when it was installed or last updated; its package is kept by its SHA-256 and given out byte for
//! byte (PKG-10).
//!
//! ```text
//! environment   ready ⇄ disabled      deleted when nothing is installed in it
//! installation  install ─► update … ─► uninstall
//! ```
//!
//! Invariants. An offer is installed at most once in an environment. Installing needs an administrator, a ready
//! environment, the terms accepted, the offer on sale where the customer is, and for an offer that requires a
//! license at least one seat; what is missing is said all at once (INS-01). When a newer version is live, the
//! installation says so (INS-02); one that was taken off the storefront stays installed (PUB-05).
//!
//! Tables: `environments`, `installations`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod operations;
pub(crate) mod pages;
mod place;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use place::{Environment, EnvironmentKind, EnvironmentState, Installation};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    NAME_TAKEN = 409 "environment.name_taken" "An environment has this name";
    NOT_EMPTY = 409 "environment.not_empty" "Apps are installed in it";
    REFUSED = 409 "installation.refused" "The offer cannot be installed";
    INSTALLED = 409 "installation.installed" "The offer is installed in this environment";
    CURRENT = 409 "installation.current" "The newest version is installed";
}
