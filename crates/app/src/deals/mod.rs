//! Deals: sales made outside the marketplace, registered by the publisher.
//!
//! ```text
//! draft ──submit──► submitted ──approve──► approved
//!                     │  ▲  └──reject──► rejected
//!        request update  submit
//!                     ▼  │
//!                 update required
//! ```
//!
//! A deal can be edited while it is a draft or an update is required. Licenses are managed from
//! `submitted` on, approval is not needed; a rejected deal keeps what it granted and grants no more
//! (DEA-03). Its customer is fixed by the first successful license update (DEA-04). Whether its licenses end
//! with the contract is one of its terms (DEA-05); so it is edited through the feature `licenses`.
//!
//! Tables: `deals`. Events: [`events`].

pub(crate) mod api;
mod deal;
pub(crate) mod events;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;
mod terms;

#[cfg(test)]
mod tests;

pub(crate) use deal::{Deal, DealStatus};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    MOVE_NOT_ALLOWED = 409 "deal.move_not_allowed" "The deal cannot do this from where it stands";
    NOT_EDITABLE = 409 "deal.not_editable" "The deal cannot be edited any more";
    CUSTOMER_FIXED = 409 "deal.customer_fixed" "The deal's customer is fixed";
}
