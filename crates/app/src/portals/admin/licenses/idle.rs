//! Seats that nobody uses, to be taken back by a person (ASG-10).

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{Page, PageRequest, ServiceId, Timestamp, UserId};

use super::super::lookups::{ThroughGroup, may, service, through};
use super::TEXTS;
use super::product::Head;
use crate::access::{LicenseRequest, LicenseView, Right, SeatAssign};
use crate::edge::browser::Visit;
use crate::edge::{Params, Path, page_request};
use crate::idle::operations::report;
use crate::kit::page::{Pages, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::seats::operations::find as seats;

/// Days without use that can be chosen.
const CHOICES: [i64; 4] = [30, 60, 90, 180];
/// As many as are asked about where nobody chose.
const DAYS: i64 = 90;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    days: Option<i64>,
    cursor: Option<String>,
}

impl Asked {
    fn days(&self) -> Result<i64, Refused> {
        let days = self.days.unwrap_or(DAYS);
        if CHOICES.contains(&days) {
            return Ok(days);
        }
        let mut fields = Fields::default();
        fields.wrong("days", "days.out_of_range", "must be 30, 60, 90 or 180");
        Err(fields.refuse())
    }
}

#[derive(Template)]
#[template(path = "portals/admin/licenses/idle.html")]
struct Idle {
    t: Wording,
    head: Head,
    days: i64,
    rows: Vec<Row>,
    pages: Pages,
    may_assign: bool,
    may_request: bool,
}

impl Idle {
    fn asks_for(&self, choice: i64) -> bool {
        choice == self.days
    }
}

/// A seat that nobody uses.
struct Row {
    id: UserId,
    name: String,
    email: String,
    since: Timestamp,
    last_used_on: Option<Timestamp>,
    /// Whether it can be taken back from the user alone.
    direct: bool,
    groups: Vec<ThroughGroup>,
}

pub(super) async fn look(
    Path(text): Path<String>,
    Params(asked): Params<Asked>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let (service, days) = (service(&text)?, asked.days()?);
    // As many as can be taken back together.
    let page = page_request(Some(PageRequest::MAX), asked.cursor.as_deref())?;
    let (head, Page { items: rows, next_cursor }) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let head = Head::find(tx, right, &service).await?;
                let rows = rows(tx, right, (&head, &service), days, &page).await?;
                Ok((head, rows))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let (path, query) = (head.called.at("idle"), format!("days={days}"));
    let pages = Pages::new(&path, &query, asked.cursor.is_none(), next_cursor.as_ref());
    let (may_assign, may_request) = (may::<SeatAssign, _>(&visit), may::<LicenseRequest, _>(&visit));
    let title = head.called.title();
    let body = Idle { t, head, days, rows, pages, may_assign, may_request };
    visit.show(Sheet::new(title, &body)?.below(t.of("list-title"), "/admin/licenses"))
}

/// The seats, and through which groups each user has it.
async fn rows(
    tx: &mut db::Tx,
    right: &Right<LicenseView>,
    (head, service): (&Head, &ServiceId),
    days: i64,
    page: &PageRequest,
) -> Result<Page<Row>, Refused> {
    let found = report::idle_seats(tx, right, service, days, page).await?;
    let users: Vec<UserId> = found.items.iter().map(|(seat, _)| seat.user_id).collect();
    let mut sources: BTreeMap<UserId, Vec<Option<ThroughGroup>>> = BTreeMap::new();
    let mut known: BTreeMap<String, Option<ThroughGroup>> = BTreeMap::new();
    for (user, source) in seats::sources_among(tx, &head.status.pool.id, &users).await? {
        if !known.contains_key(&source) {
            known.insert(source.clone(), through(tx, right, &source).await?);
        }
        sources.entry(user).or_default().push(known.get(&source).cloned().flatten());
    }
    Ok(found.map(|(seat, user)| {
        let sources = sources.remove(&seat.user_id).unwrap_or_default();
        Row {
            id: user.id,
            name: user.name,
            email: user.email.to_string(),
            since: seat.since,
            last_used_on: seat.last_used_on,
            direct: sources.iter().any(Option::is_none),
            groups: sources.into_iter().flatten().collect(),
        }
    }))
}
