//! Notices: what people are told of by mail, because it concerns their organisation and their role.
//!
//! A reader of the logs writes a mail per person, in that person's language, in the unit of work that moves
//! the cursor: whoever is to be told is told once. The texts are beside it, English and Korean.
//!
//! | event | who is told |
//! |---|---|
//! | `submission.failed`, `submission.certified`, `offer.went_live`, `offer.left_storefront` (PUB-07) | who runs the publisher's offers |
//! | `license.changed` (LIC-10) | who sells at the publisher; who administers licenses at the customer |
//! | `license.changed`, `license.ended` with seats beyond what is left (LIC-07) | these at the customer, and who administers its users, in the same mail |
//! | `license.ending`, `license.ended` (DEA-05, LIC-08) | who sells at the publisher; who administers licenses at the customer |
//! | `seat.requested` (ASG-08) | who may grant it, unless it is decided already |
//! | `seat_request.granted`, `seat_request.declined` (ASG-08) | who asked |
//! | `webhook.disabled` (EVT-03) | who administers the organisation |
//!
//! Tables: `noticed_licenses`: the quantity that people were told of last, to say whether it grew.

mod licenses;
mod notice;
mod offers;
mod requests;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use notice::READER;
pub(crate) use store::STATEMENTS;
