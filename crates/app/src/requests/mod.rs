//! Requests: a user without a seat asks the administrators for one (ASG-08); a customer asks the publisher
//! for more licenses (LIC-09).
//!
//! ```text
//! seat request: open ──grant──► granted (the user is assigned in the same transaction)
//!                 └──decline──► declined
//! ```
//!
//! A user has at most one open request for a service. It stays open where there is no seat to grant. A
//! license request changes no quantity: it reaches the publisher on the latest deal that grants the plan, as
//! a row, as an event in the logs of both, and as a lead, which goes where the publisher's leads go.
//!
//! Tables: `seat_requests`, `license_requests`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod operations;
mod request;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use request::{LicenseRequest, RequestState, SeatRequest};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    HAS_SEAT = 409 "seat_request.has_seat" "You have a seat already";
    OPEN_ALREADY = 409 "seat_request.open" "You have asked already";
    DECIDED = 409 "seat_request.decided" "The request was decided";
}
