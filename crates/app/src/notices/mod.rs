//! Notices: what people are told, because it concerns their organisation and their role.
//!
//! A reader of the logs writes a *notice* per person, and a mail to each who wants one, in the unit of work that
//! moves the cursor. The notice is named by its event: whoever is to be told is told once, even by a reader that
//! begins anew. It keeps what it tells of and no words, so that it is read in the language of the reader; the
//! texts of notices and mails are the same, beside it, English and Korean.
//!
//! | event | who is told |
//! |---|---|
//! | `submission.failed`, `submission.certified`, `offer.went_live`, `offer.left_storefront` (PUB-07) | who sees the publisher's offers |
//! | `license.changed` (LIC-10) | who sees deals at the publisher; who asks for licenses at the customer |
//! | `license.changed`, `license.ended` with seats beyond what is left (LIC-07) | who sees licenses at the customer, in the same notice |
//! | `license.ending`, `license.ended` (DEA-05, LIC-08) | who sees deals at the publisher; who asks for licenses at the customer |
//! | `seat.requested` (ASG-08) | who may grant it, unless it is decided already |
//! | `seat_request.granted`, `seat_request.declined` (ASG-08) | who asked |
//! | `webhook.disabled` (EVT-03) | who manages webhooks |
//! | `user.password_set` by somebody else | whose password it is, always by mail, too |
//!
//! Whom a kind is for is said by one permission ([`NoticeKind::needs`]): who may do that is told, may choose
//! whether it comes by mail, too (all do until then), and is led to its page. What somebody was told they can
//! read when the role is gone; then it leads nowhere. Notices are forgotten after a year, 90 days after they were
//! read, and with their user.
//!
//! ```text
//! unread ──mark read──► read ──90 days──► forgotten        unread ──a year──► forgotten
//! ```
//!
//! Tables: `notices`; `notice_preferences`: which kinds somebody wants no mail of; `noticed_licenses`: the quantity
//! that people were told of last, to say whether it grew. Events: [`events`].
//!
//! Odd: that a notice was read is no event, as little as when a seat was used last: it concerns its reader alone,
//! nothing follows from it, and the log would be full of it.

pub(crate) mod api;
pub(crate) mod events;
mod kind;
mod licenses;
mod notice;
mod offers;
pub(crate) mod operations;
pub(crate) mod pages;
mod preferences;
mod requests;
mod store;
mod tell;

#[cfg(test)]
mod tests;

pub(crate) use kind::{NoticeKind, Topic};
pub(crate) use operations::find::unread;
pub(crate) use store::STATEMENTS;
pub(crate) use tell::READER;
