//! Mails: letters to people, each a row until it is sent.
//!
//! Whatever wants to tell somebody something writes a mail ([`write_mail`]) in its own unit of work; a job sends
//! it. Where no mail server is configured mails are *held*: the operator sees them, and they are sent when
//! there is one. What a mail says is kept until it was sent and no longer, for it may hold a secret link, which the
//! operator is not shown.
//!
//! ```text
//! waiting ──taken──► sent          waiting ──no server──► held ──there is one──► waiting
//!    ▲ └──refused, or given up──► failed ──send again (operator)──► waiting
//! ```
//!
//! Tables: `mails`. Events: [`events`].
//!
//! Odd: at least once, as every job; a mail whose server took it and then fell silent may arrive twice, under
//! the same message id.

pub(crate) mod api;
pub(crate) mod events;
pub(crate) mod jobs;
mod mail;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use mail::{MailState, NewMail};
pub(crate) use operations::write::write_mail;
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    NOT_SENDABLE = 409 "mail.not_sendable" "The mail was sent";
}
