//! Write a mail, in the unit of work that has something to tell.

use db::{DbError, Tx};
use types::{MailId, Timestamp};

use crate::jobs::{When, enqueue};
use crate::kit::{Letter, Random};
use crate::mails::jobs::Send;
use crate::mails::mail::{Mail, MailState, NewMail};
use crate::mails::store;

pub(crate) async fn write_mail(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    new: NewMail<'_>,
) -> Result<MailId, DbError> {
    let NewMail { tenant, to, kind, language, letter: Letter { subject, text, html } } = new;
    let mail = Mail {
        id: random.id(now),
        tenant_id: tenant,
        recipient: to.clone(),
        kind: kind.to_owned(),
        language,
        subject,
        text_body: Some(text),
        html_body: Some(html),
        state: MailState::Waiting,
        error: None,
        created_at: now,
        sent_at: None,
    };
    store::insert_mail(tx, &mail).await?;
    enqueue(tx, random, &Send { mail: mail.id }, When::now(now)).await?;
    Ok(mail.id)
}
