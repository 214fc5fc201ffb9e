//! The storefront: what anybody may see of what is live.
//!
//! It shows the snapshot that went live, never the draft, never the alias (OFF-03), never the contacts
//! (OFF-10). A private plan is shown to its audience's signed-in users alone, a stopped one to nobody
//! (STO-05). With the hide key, the version that waits for its sign-off can be seen (OFF-12).
//!
//! Each node keeps an index of the live listings in memory ([`search`]) and feeds it from the marketplace's
//! log, as `entitlements` does: a commit of this node is known before it is answered, one of another node by
//! a hint or by reconciliation. So search is the same on both databases and touches neither.
//!
//! What a viewer sees of an offer is decided in [`sight`], which buttons they get in [`buttons`] (STO-02).
//!
//! Tables: none; it reads what `publishing` keeps. Events: none of its own.

pub(crate) mod api;
mod asked;
mod buttons;
mod feed;
#[cfg(feature = "measure")]
pub(crate) mod made_up;
pub(crate) mod pages;
pub(crate) mod search;
pub(crate) mod sight;
mod viewer;

#[cfg(test)]
mod tests;

pub(crate) use buttons::ButtonAction;
pub use feed::Storefront;
