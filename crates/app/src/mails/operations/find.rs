//! Look up mails.

use db::{DbError, Tx};
use types::{MailId, Page, PageRequest};

use crate::access::{MailManage, Right};
use crate::kit::Refused;
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

pub(crate) async fn mail(tx: &mut Tx, _right: &Right<MailManage>, id: &MailId) -> Result<Mail, Refused> {
    store::find_mail(tx, id).await?.ok_or_else(|| Refused::not_found("mail"))
}
