//! Jobs by state and kind, the newest first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{LIST, TEXTS, kind, state};
use crate::access::JobManage;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::jobs::operations::find;
use crate::jobs::{JobState, StoredJob};
use crate::kit::page::{Pages, Sheet, Wording, query};
use crate::kit::{Fields, Refused};
use crate::work::WORK;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "jobs/pages/list.html")]
struct List {
    t: Wording,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    is_narrowed: bool,
    rows: Vec<Row>,
    pages: Pages,
}

struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

struct Row {
    job: StoredJob,
    kind: String,
    state: (String, &'static str),
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<JobManage>) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let (t, mut fields) = (visit.wording(&TEXTS), Fields::default());
    let wanted = Some(asked.state.as_str()).filter(|state| !state.is_empty());
    let Some(wanted) = fields.optional("state", wanted, JobState::parse) else { return Err(fields.refuse()) };
    let of = asked.kind.clone();
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_jobs(tx, right, &page, wanted, &of).await }));
    let found = found.await?;
    let query = query(&[("state", &asked.state), ("kind", &asked.kind)]);
    let pages = Pages::new(LIST, &query, asked.cursor.is_none(), found.next_cursor.as_ref());
    let row = |job: StoredJob| Row { kind: kind(t, &job.kind), state: state(t, job.state), job };
    let rows = found.items.into_iter().map(row).collect();
    let body = List {
        t,
        states: states(t, &asked),
        kinds: kinds(t, &asked),
        is_narrowed: !query.is_empty(),
        rows,
        pages,
    };
    visit.show(Sheet::new(t.of("list-title"), &body)?.lead(t.of("list-lead")))
}

fn states(t: Wording, asked: &Asked) -> Vec<Choice> {
    let choice = |of: &JobState| Choice {
        value: of.as_str(),
        label: state(t, *of).0,
        chosen: asked.state == of.as_str(),
    };
    JobState::ALL.iter().map(choice).collect()
}

fn kinds(t: Wording, asked: &Asked) -> Vec<Choice> {
    let choice =
        |name: &'static str| Choice { value: name, label: kind(t, name), chosen: asked.kind == name };
    WORK.kinds.iter().map(|kind| choice(kind.name)).collect()
}
