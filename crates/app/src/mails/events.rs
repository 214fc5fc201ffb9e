//! What mails announce.

use types::MailId;

use crate::events::events;

events! {
    /// The operator had a mail sent again that had failed or was held.
    MailSentAgain "mail.sent_again" { mail: MailId }
}
