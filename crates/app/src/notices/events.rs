//! What notices announce.

use types::UserId;

use super::kind::NoticeKind;
use crate::events::events;

events! {
    /// A user chose which notices come by mail; these do not.
    MailsChosen "user.mails_chosen" { user: UserId, without_mail: Vec<NoticeKind> }
}
