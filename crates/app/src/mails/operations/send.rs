//! Have mails sent: those that were held, and one again that failed.

use db::Tx;
use types::MailId;

use super::find;
use crate::App;
use crate::access::{MailManage, Right};
use crate::jobs::{When, enqueue};
use crate::kit::Refused;
use crate::mails::events::MailSentAgain;
use crate::mails::jobs::Send;
use crate::mails::mail::{Mail, MailState};
use crate::mails::{NOT_SENDABLE, store};

/// Now that there is a mail server, what was held for want of one is sent.
pub(crate) async fn take_up(app: &App) -> Result<(), Refused> {
    while app.mailer.is_configured() {
        let (now, random) = (app.clock.now(), app.random.clone());
        let taken = app.db.write(move |tx| {
            Box::pin(async move {
                let held = store::list_held(tx).await?;
                for mail in &held {
                    store::update_state(tx, &mail.id, MailState::Waiting, None).await?;
                    let key = mail.id.to_string();
                    enqueue(tx, &random, &Send { mail: mail.id }, When::now(now).key(&key)).await?;
                }
                Ok::<_, Refused>(held.len())
            })
        });
        if taken.await?.value == 0 {
            break;
        }
    }
    Ok(())
}

pub(crate) async fn send_again(tx: &mut Tx, right: &Right<MailManage>, id: &MailId) -> Result<Mail, Refused> {
    find::mail(tx, right, id).await?;
    if !store::update_state(tx, id, MailState::Waiting, None).await? {
        return Err(NOT_SENDABLE.because("What it said was forgotten when it was sent."));
    }
    let key = id.to_string();
    enqueue(tx, right.random(), &Send { mail: *id }, When::now(right.now()).key(&key)).await?;
    right.record(tx, &MailSentAgain { mail: *id })?;
    find::mail(tx, right, id).await
}
