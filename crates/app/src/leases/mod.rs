//! Leases: what an app carries to decide without the server (CHK-08).
//!
//! Words. A *lease* is a signed right of a user to services of one publisher until a time; a lease of a *block* is one
//! of a tenant, for as many of its users at once as it has seats. The *revocation list* of a publisher and a customer
//! names what ended before its time; it is signed, too, and may travel by file. What they look like, and what an
//! app does with them, is `docs/client-state-machine.md`; the crate `entitlement` signs and verifies.
//!
//! ```text
//! active ──revoke, or the seat was freed──► revoked ──┐
//!    │                                                ├─ return ──► returned
//!    └────────────────────────────────────────────────┘
//! active, revoked ── time ──► over
//! ```
//!
//! Invariants. Only what is usable now is leased, and never beyond the known end of the right, the time that the
//! marketplace allows, or that of the key that signs. A seat is held as long as a lease of it may be in use
//! somewhere (`seats::operations::holds`): until its end, or until it is returned. Revoking alone frees nothing: who is
//! offline may not know. What is revoked or returned is in the list until it is over.
//!
//! That a seat was freed, this feature reads in the customer's log ([`jobs::READER`]). A lease that was given after
//! that, at a later position of the log, stays.
//!
//! Who. A user for itself; whoever administers licenses for its tenant, also blocks; a publisher for users of its
//! customers, as for checks. A publisher takes no block: how many seats are free for people is the customer's
//! to say.
//!
//! Tables: `leases`, `lease_lists`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
mod lease;
pub(crate) mod operations;
pub(crate) mod pages;
mod signer;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use lease::{Ending, Issued, LeaseRow, LeaseStatus, Scope, Thing, Wish, WishHolder};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    NOT_USABLE = 409 "lease.not_usable" "There is no right now that could be leased";
    TOO_FEW_SEATS = 409 "lease.too_few_seats" "There are not as many free seats";
    TOO_MANY = 409 "lease.too_many" "The user has as many leases as one may have";
    SEVERAL_PUBLISHERS = 422 "lease.several_publishers" "A lease is for apps of one publisher";
}
