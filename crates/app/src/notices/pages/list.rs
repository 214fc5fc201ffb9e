//! The notification center: what one was told, the newest first.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{EventId, Timestamp};

use super::{LIST, PREFERENCES, TEXTS};
use crate::access::SelfView;
use crate::edge::browser::{Form, Submit, Visit, own_path};
use crate::edge::{Params, Path, page_request};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Refused, Words};
use crate::notices::notice::Notice;
use crate::notices::operations::find;
use crate::notices::operations::mark_read::{Which, mark_read};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    unread: bool,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "notices/pages/list.html")]
struct List {
    t: Wording,
    form: Entered,
    only_unread: bool,
    /// Here or on another page.
    any_unread: bool,
    /// Of the page, so that nothing is marked that came after it.
    now: Timestamp,
    here: String,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    id: EventId,
    words: Words,
    is_unread: bool,
    told_at: Timestamp,
    /// Where the reader can act, if they still may.
    way: Option<Way>,
}

struct Way {
    label: String,
    href: String,
}

impl Row {
    fn of(notice: Notice, visit: &Visit<SelfView>) -> Self {
        let words = notice.words(visit.reader.language);
        let page = notice.page.filter(|_| visit.right.principal().may(notice.kind.needs()));
        let way = words.action.clone().zip(page).map(|(label, href)| Way { label, href });
        let (id, is_unread, told_at) = (notice.event_id, notice.read_at.is_none(), notice.told_at);
        Self { id, words, is_unread, told_at, way }
    }
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<SelfView>) -> Result<Response, Refused> {
    let (only_unread, page) = (asked.unread, page_request(None, asked.cursor.as_deref())?);
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::notices(tx, right, only_unread, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let query = if only_unread { "unread=true" } else { "" };
    let body = List {
        t,
        form: visit.form(),
        only_unread,
        any_unread: visit.reader.unread > 0,
        now: visit.reader.now,
        here: visit.reader.here.clone(),
        pages: Pages::new(LIST, query, asked.cursor.is_none(), found.next_cursor.as_ref()),
        rows: found.items.into_iter().map(|notice| Row::of(notice, &visit)).collect(),
    };
    visit.show(Sheet::new(t.of("list-title"), &body)?.lead(t.of("list-lead")))
}

fn id(text: &str) -> Result<EventId, Refused> {
    EventId::parse(text).map_err(|_| Refused::not_found("notice"))
}

/// Marks a notice as read and goes where something can be done about it.
pub(super) async fn open(Path(notice): Path<String>, submit: Submit<SelfView>) -> Result<Response, Refused> {
    let (Submit { visit, form, .. }, id) = (submit, id(&notice)?);
    let opened = visit.write(form, move |tx, right, _| {
        Box::pin(async move {
            mark_read(tx, right, &Which::These(vec![id])).await?;
            find::notice(tx, right, &id).await
        })
    });
    let page = opened.await?.page;
    Ok(visit.reader.go(page.as_deref().unwrap_or(LIST)))
}

pub(super) async fn read(Path(notice): Path<String>, submit: Submit<SelfView>) -> Result<Response, Refused> {
    let (Submit { visit, form, .. }, id) = (submit, id(&notice)?);
    let back = form.as_ref().map(|form| own_path(form.raw("back")).to_owned()).unwrap_or_default();
    let marked = visit.write(form, move |tx, right, _| {
        Box::pin(async move { mark_read(tx, right, &Which::These(vec![id])).await })
    });
    marked.await?;
    Ok(visit.leave(&back, visit.wording(&TEXTS).of("was-read")))
}

/// What was on the page, or before it.
#[derive(Clone)]
pub(super) struct ReadAll(Timestamp);

impl Form for ReadAll {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("until", input.text("until"), Timestamp::parse).map(Self)
    }
}

pub(super) async fn read_all(submit: Submit<SelfView, ReadAll>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let marked = visit.write(form, |tx, right, ReadAll(until)| {
        Box::pin(async move { mark_read(tx, right, &Which::Until(until)).await })
    });
    marked.await?;
    Ok(visit.leave(LIST, visit.wording(&TEXTS).of("were-read")))
}
