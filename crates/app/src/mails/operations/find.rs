//! Look up mails.

use db::{DbError, Tx};
use types::{MailId, Page, PageRequest};

use crate::access::{MailManage, Right};
use crate::kit::{Refused, SECRET_PREFIX, is_secret};
use crate::mails::mail::{Mail, MailState};
use crate::mails::store;

/// The newest first.
pub(crate) async fn list_mails(
    tx: &mut Tx,
    _right: &Right<MailManage>,
    page: &PageRequest,
    state: Option<MailState>,
) -> Result<Page<Mail>, Refused> {
    let mails = store::list_mails(tx, page, state).await?;
    Ok(Page::cut(mails, page, |mail| mail.id.as_bytes().to_vec()))
}

pub(crate) async fn count_mails(
    tx: &mut Tx,
    _right: &Right<MailManage>,
    state: MailState,
) -> Result<i64, Refused> {
    Ok(store::count_mails(tx, state).await?)
}

/// What became of a mail that another feature wrote: its state, and what went wrong last.
pub(crate) async fn fate(tx: &mut Tx, id: &MailId) -> Result<Option<(MailState, Option<String>)>, DbError> {
    Ok(store::find_mail(tx, id).await?.map(|mail| (mail.state, mail.error)))
}

/// Without the secrets of its links: who looks after mails is not whom they are for, and could take over an account
/// by the link to a new password.
pub(crate) async fn mail(tx: &mut Tx, _right: &Right<MailManage>, id: &MailId) -> Result<Mail, Refused> {
    let mut mail = store::find_mail(tx, id).await?.ok_or_else(|| Refused::not_found("mail"))?;
    for body in [&mut mail.text_body, &mut mail.html_body].into_iter().flatten() {
        *body = without_secrets(body);
    }
    Ok(mail)
}

fn without_secrets(text: &str) -> String {
    let ends = |character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '_'));
    let words = text.split_inclusive(ends).map(|word| match word.trim_end_matches(ends) {
        secret if is_secret(secret) => word.replace(secret, &format!("{}…", &secret[..SECRET_PREFIX])),
        _ => word.to_owned(),
    });
    words.collect()
}
