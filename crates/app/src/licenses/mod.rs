//! Licenses: how many seats of which plan a deal grants, and when that ends.
//!
//! A *license* is the quantity of one plan that one deal grants. What the licenses of a customer's plan add
//! up to is granted to its *pool* (LIC-05, see `seats`). The publisher changes quantities; they are absolute
//! (LIC-03), removed only by removing (LIC-04), and one update is all or nothing (LIC-01).
//!
//! ```text
//! lowered below what is in use:    seats beyond it: warning 90 days ─► waiting, without end       (LIC-07)
//! removed, or ended with its deal: seats beyond it: warning 30 days ─► suspended 90 ─► gone       (LIC-08)
//! ```
//!
//! A reduction is accepted always; [`operations::preview`] says first how many seats go over and until when
//! they are usable. How long is a setting of the marketplace; the dates are set when a license is granted
//! or changes, so that what people were told stays true.
//!
//! Time ends a license, nothing else does (DEA-05). The pool knows when the next of its licenses ends
//! (`settle_at`); whoever holds the pool ([`operations::pools`]) or would take a seat of it settles it first,
//! dating what goes over from the end, and a reconciler settles what nobody touches. Until then a check
//! decides the same: if all licenses of a pool have ended, by their last end, which the index knows; if some
//! are left, those seats that go over are usable anyway, because a warning begins at the end, and a
//! reconciler comes long before it is over.
//!
//! Odd: deals are edited here, because their licenses may end with them, and relationships end here, because
//! they may only where nothing is granted (REL-05).
//!
//! Tables: `licenses`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
mod license;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use license::License;
pub(crate) use store::STATEMENTS;

use types::Violation;

use crate::kit::grouped;

crate::kit::codes! {
    NOT_SUBMITTED = 409 "license.deal_not_submitted" "The deal must be submitted first";
    DEAL_REJECTED = 409 "license.deal_rejected" "A rejected deal grants no more";
    STILL_LICENSED = 409 "relationship.licensed" "Licenses are active under the relationship";
    CONTRACT_ENDED = 409 "license.contract_ended" "The contract has ended, and the licenses with it";
}

/// LIC-02: seats a license may have.
const QUANTITY: std::ops::RangeInclusive<i64> = 1..=1_000_000;

/// So many seats, if a license may have them; `None` where no number was read.
pub(crate) fn quantity(number: Option<i64>) -> Result<i64, Violation> {
    let (least, most) = (QUANTITY.start(), grouped(*QUANTITY.end()));
    let message = || format!("must be a whole number from {least} to {most}");
    number
        .filter(|number| QUANTITY.contains(number))
        .ok_or_else(|| Violation::new("license.quantity", message()))
}
