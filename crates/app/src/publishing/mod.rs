//! Publishing: from a draft to the storefront, through validation and the operator's certification.
//!
//! ```text
//! draft ──publish──► publish in progress ──passed──► preview ──go live──► (going live) ──► live
//!   ▲                  │    ▲    │ failed               │ publish            its time        │ publish: update
//!   └────cancel────────┘    │    ▼                      ▼                                    │ stop
//!                           └─ attention needed     publish in progress      pending stop ◄──┘──► not available
//! ```
//!
//! Words. A *submission* is one attempt: it freezes the draft, its plans and its package, and has
//! *phases* with start, end, outcome and findings (PUB-03). What is *live* is the snapshot of the last
//! submission that arrived; editing the draft changes nothing of it (OFF-13). After sign-off it takes
//! effect when the configured delay is over: a time in a row, so a restart in between changes nothing
//! (PUB-04).
//!
//! Stopping distribution takes the same delay, in which the offer is `pending_stop` and still on sale.
//! Stopping or resuming one plan, and the audience of a private plan, take effect at once and need no
//! certification (PLN-05, PLN-06).
//!
//! Tables: `submissions`, `submission_phases`, `live_offers`; the history is the catalogue's.
//! Events: [`events`].

use db::BoxFuture;

use crate::App;
use crate::access::{OfferPublish, Right};
use crate::kit::Refused;

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
mod machine;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;
mod submission;

#[cfg(test)]
mod tests;

pub(crate) use store::STATEMENTS;
pub(crate) use submission::{LiveOffer, PhaseFinding, PhaseName, Snapshot, Submission};

/// What a feature below this one finds about a publisher whenever it publishes, before the unit of work: it may
/// take time. Gathered in the `App`.
pub(crate) type Check =
    fn(App, Right<OfferPublish>) -> BoxFuture<'static, Result<Vec<PhaseFinding>, Refused>>;

crate::kit::codes! {
    MOVE_NOT_ALLOWED = 409 "publishing.move_not_allowed" "The offer cannot do this from where it stands";
    INCOMPLETE = 409 "publishing.incomplete" "The offer is not complete";
    DRAFT_CHANGED = 409 "publishing.draft_changed" "The draft changed while it was being published";
    PLAN_NOT_LIVE = 409 "plan.not_live" "The plan is not live as that";
    PLAN_STOPPED = 409 "plan.stopped" "The plan is stopped";
    PLAN_NOT_STOPPED = 409 "plan.not_stopped" "The plan is not stopped";
    LAST_PLAN = 409 "plan.last" "It is the last plan on sale";
    NO_FINDINGS = 422 "publishing.no_findings" "Sending back needs at least one finding";
}
