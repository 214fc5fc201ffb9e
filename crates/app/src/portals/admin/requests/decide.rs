//! What users asked for, and deciding it (ASG-08).

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{Page, PageRequest, SeatRequestId, Text};

use super::super::lookups::{Called, may};
use super::TEXTS;
use crate::access::{LicenseView, Right, SeatAssign};
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{Params, page_request};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::licenses::operations::find as licenses;
use crate::publishing::operations::names::Names;
use crate::requests::operations::{decide, find};
use crate::requests::{RequestState, SeatRequest};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    cursor: Option<String>,
    state: Option<String>,
}

/// A request as the list has it.
pub(in crate::portals) struct Row {
    pub request: SeatRequest,
    pub called: Called,
    pub name: String,
    pub email: String,
    available: i64,
}

#[derive(Template)]
#[template(path = "portals/admin/requests/list.html")]
struct List {
    t: Wording,
    form: Entered,
    state: RequestState,
    rows: Vec<Row>,
    pages: Pages,
    may_decide: bool,
}

impl List {
    fn empty(&self) -> String {
        self.t.of(&format!("empty-{}", self.state.as_str()))
    }
}

pub(super) async fn look(
    Params(asked): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, asked, form).await
}

async fn show(visit: &Visit<LicenseView>, asked: Asked, form: Entered) -> Result<Response, Refused> {
    let state = asked.state.as_deref().and_then(|state| RequestState::parse(state).ok());
    let (state, page) = (state.unwrap_or(RequestState::Open), page_request(None, asked.cursor.as_deref())?);
    let found =
        visit.read(move |tx, right| Box::pin(async move { rows(tx, right, state, &page).await })).await?;
    let t = visit.wording(&TEXTS);
    let query = format!("state={}", state.as_str());
    let pages = Pages::new("/admin/requests", &query, asked.cursor.is_none(), found.next_cursor.as_ref());
    let may_decide = may::<SeatAssign, _>(visit);
    let body = List { t, form: form.clone(), state, rows: found.items, pages, may_decide };
    visit.show(Sheet::new(t.of("list-title"), &body)?.lead(t.of("list-lead")).answering(&form))
}

pub(in crate::portals) async fn rows(
    tx: &mut db::Tx,
    right: &Right<LicenseView>,
    state: RequestState,
    page: &PageRequest,
) -> Result<Page<Row>, Refused> {
    let Page { items, next_cursor } = find::seat_requests(tx, right, state, page).await?;
    let (mut names, mut rows) = (Names::default(), Vec::with_capacity(items.len()));
    for request in items {
        rows.push(row(tx, right, &mut names, request).await?);
    }
    Ok(Page { items: rows, next_cursor })
}

async fn row(
    tx: &mut db::Tx,
    right: &Right<LicenseView>,
    names: &mut Names,
    request: SeatRequest,
) -> Result<Row, Refused> {
    let called = Called::find(tx, names, &request.service_id).await?;
    let available = licenses::pool(tx, right, &request.service_id).await?.available();
    let user = identity::existing_user(tx, right, &UserRef::Id(request.user_id)).await?;
    Ok(Row { request, called, name: user.name, email: user.email.to_string(), available })
}

/// Which request, and why it is declined.
#[derive(Clone)]
pub(super) struct Decision {
    id: SeatRequestId,
    reason: Option<Text<500>>,
}

impl Form for Decision {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let id = fields.parse("request", input.text("request"), SeatRequestId::parse);
        let reason = fields.optional("reason", input.filled("reason"), Text::parse);
        Some(Self { id: id?, reason: reason? })
    }
}

pub(super) async fn grant(submit: Submit<SeatAssign, Decision>) -> Result<Response, Refused> {
    decided(submit, true).await
}

pub(super) async fn decline(submit: Submit<SeatAssign, Decision>) -> Result<Response, Refused> {
    decided(submit, false).await
}

async fn decided(submit: Submit<SeatAssign, Decision>, granted: bool) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let done = visit.write(form, move |tx, right, Decision { id, reason }| {
        Box::pin(async move {
            if granted {
                decide::grant(tx, right, &id).await
            } else {
                decide::decline(tx, right, &id, reason).await
            }
        })
    });
    match done.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of(if granted { "granted" } else { "declined" });
            Ok(visit.leave("/admin/requests", said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let right = visit.right.also::<LicenseView>()?;
            let visit = Visit { app: visit.app, reader: visit.reader, right };
            show(&visit, Asked::default(), entered).await
        }
    }
}
