//! Sends a mail.

use db::BoxFuture;
use serde::{Deserialize, Serialize};
use types::{MailId, Timestamp};

use super::mail::{Mail, MailState};
use super::store;
use crate::App;
use crate::jobs::{Attempt, Failed, Job};
use crate::kit::{Letter, MailError};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Send {
    pub mail: MailId,
}

impl Job for Send {
    const KIND: &'static str = "mail.send";

    fn run(self, app: App, attempt: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move {
            let id = self.mail;
            let mail =
                app.db.read(move |tx| Box::pin(async move { store::find_mail(tx, &id).await })).await?;
            let Some(mail) = mail.filter(|mail| mail.state != MailState::Sent) else { return Ok(()) };
            if !app.mailer.is_configured() {
                return Ok(keep(&app, id, MailState::Held, None).await?);
            }
            let sent =
                app.mailer.send(&id.to_string(), &mail.recipient, mail.created_at, letter(&mail)).await;
            let Err(MailError { text, permanent }) = sent else {
                return Ok(sent_at(&app, id, app.clock.now()).await?);
            };
            let over = permanent || attempt.number >= Self::ATTEMPTS;
            let state = if over { MailState::Failed } else { MailState::Waiting };
            keep(&app, id, state, Some(text.clone())).await?;
            // A server that will never take it has been asked: for the queue that is done.
            if permanent { Ok(()) } else { Err(Failed::for_now(text)) }
        })
    }
}

fn letter(mail: &Mail) -> Letter {
    Letter {
        subject: mail.subject.clone(),
        text: mail.text_body.clone().unwrap_or_default(),
        html: mail.html_body.clone().unwrap_or_default(),
    }
}

async fn keep(app: &App, id: MailId, state: MailState, error: Option<String>) -> Result<(), db::DbError> {
    let kept = app.db.write(move |tx| {
        Box::pin(async move { store::update_state(tx, &id, state, error.as_deref()).await })
    });
    kept.await.map(|_| ())
}

async fn sent_at(app: &App, id: MailId, at: Timestamp) -> Result<(), db::DbError> {
    app.db.write(move |tx| Box::pin(async move { store::update_sent(tx, &id, at).await })).await.map(|_| ())
}
