//! One mail, and sending it again.

use askama::Template;
use axum::response::Response;
use types::MailId;

use super::{LIST, TEXTS, state};
use crate::access::MailManage;
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::Refused;
use crate::kit::page::{Entered, Sheet, Wording};
use crate::mails::MailState;
use crate::mails::mail::Mail;
use crate::mails::operations::{find, send as again};

#[derive(Template)]
#[template(path = "mails/pages/mail.html")]
struct Page<'a> {
    t: Wording,
    form: Entered,
    mail: &'a Mail,
    state: (String, &'static str),
    /// What it said is forgotten once it was sent.
    can_send: bool,
}

fn id(text: &str) -> Result<MailId, Refused> {
    MailId::parse(text).map_err(|_| Refused::not_found("mail"))
}

pub(super) async fn look(Path(mail): Path<String>, visit: Visit<MailManage>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &mail, form).await
}

async fn show(visit: &Visit<MailManage>, mail: &str, form: Entered) -> Result<Response, Refused> {
    let id = id(mail)?;
    let found = visit.read(move |tx, right| Box::pin(async move { find::mail(tx, right, &id).await }));
    let (t, mail) = (visit.wording(&TEXTS), found.await?);
    let body = Page {
        t,
        form: form.clone(),
        state: state(t, mail.state),
        can_send: mail.state != MailState::Sent,
        mail: &mail,
    };
    let sheet = Sheet::new(&mail.subject, &body)?.below(t.of("list-title"), LIST);
    visit.show(sheet.answering(&form))
}

pub(super) async fn send(Path(mail): Path<String>, submit: Submit<MailManage>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = id(&mail)?;
    let done = visit
        .write(form, move |tx, right, _| Box::pin(async move { again::send_again(tx, right, &id).await }));
    match done.await {
        Ok(_) => Ok(visit.leave(&format!("{LIST}/{id}"), visit.wording(&TEXTS).of("sent-again"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &mail, entered).await
        }
    }
}
