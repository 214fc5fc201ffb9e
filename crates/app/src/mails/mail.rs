//! Mails.

use types::{Email, MailId, TenantId, Timestamp};

use crate::kit::{Language, Letter, text_enum};

text_enum! {
    MailState {
        /// Its job sends it.
        Waiting = "waiting",
        /// There is no mail server.
        Held = "held",
        Sent = "sent",
        Failed = "failed",
    }
}

db::rows! {
    /// One letter to one person.
    pub(crate) struct Mail in "mails" {
        pub id: MailId,
        pub tenant_id: TenantId,
        pub recipient: Email,
        /// What it is about: `license.changed`.
        pub kind: String,
        pub language: Language,
        pub subject: String,
        /// Until it was sent.
        pub text_body: Option<String>,
        pub html_body: Option<String>,
        pub state: MailState,
        pub error: Option<String>,
        pub created_at: Timestamp,
        pub sent_at: Option<Timestamp>,
    }
}

/// What is to be sent, for which tenant.
#[derive(Debug, Clone)]
pub(crate) struct NewMail<'a> {
    pub tenant: TenantId,
    pub to: &'a Email,
    pub kind: &'a str,
    pub language: Language,
    pub letter: Letter,
}
