//! Mails by state, the newest first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{LIST, TEXTS, state};
use crate::access::MailManage;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::page::{Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::mails::MailState;
use crate::mails::mail::Mail;
use crate::mails::operations::find;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "mails/pages/list.html")]
struct List {
    t: Wording,
    /// Value, label, and whether it is chosen.
    states: Vec<(&'static str, String, bool)>,
    is_narrowed: bool,
    /// Without one mails are kept.
    has_server: bool,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    mail: Mail,
    state: (String, &'static str),
}

pub(super) async fn look(
    Params(asked): Params<Asked>,
    visit: Visit<MailManage>,
) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let (t, mut fields) = (visit.wording(&TEXTS), Fields::default());
    let wanted = Some(asked.state.as_str()).filter(|state| !state.is_empty());
    let Some(wanted) = fields.optional("state", wanted, MailState::parse) else {
        return Err(fields.refuse());
    };
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_mails(tx, right, &page, wanted).await }))
        .await?;
    let query = wanted.map(|state| format!("state={}", state.as_str())).unwrap_or_default();
    let choice = |of: &MailState| (of.as_str(), state(t, *of).0, wanted == Some(*of));
    let body = List {
        t,
        states: MailState::ALL.iter().map(choice).collect(),
        is_narrowed: wanted.is_some(),
        has_server: visit.app.mailer.is_configured(),
        pages: Pages::new(LIST, &query, asked.cursor.is_none(), found.next_cursor.as_ref()),
        rows: found.items.into_iter().map(|mail| Row { state: state(t, mail.state), mail }).collect(),
    };
    visit.show(Sheet::new(t.of("list-title"), &body)?.lead(t.of("list-lead")))
}
