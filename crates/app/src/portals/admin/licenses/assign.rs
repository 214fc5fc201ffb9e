//! Give seats of a license: to people who are searched for, several at once, or to a list that is pasted.

use askama::Template;
use axum::response::Response;
use types::{PageRequest, ServiceId, UserId};

use super::super::lookups::service;
use super::TEXTS;
use super::named::{Failure, failures, users};
use super::product::Head;
use crate::access::{LicenseView, Right, SeatAssign, UserView};
use crate::assignments::USERS_MAX;
use crate::assignments::operations::Summary;
use crate::assignments::operations::assign_users::assign_users;
use crate::assignments::operations::find::seats_of_user;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::identity::{User, UserStatus};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused, Search};

/// People that a search shows at most; who is not among them is searched for more narrowly.
const FOUND_MAX: usize = 50;

/// Somebody to choose.
struct Candidate {
    id: String,
    name: String,
    email: String,
    has_seat: bool,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "portals/admin/licenses/assign.html")]
struct Assign {
    t: Wording,
    form: Entered,
    head: Head,
    candidates: Vec<Candidate>,
    searched: bool,
    more: bool,
    failures: Vec<Failure>,
}

pub(super) async fn look(Path(text): Path<String>, visit: Visit<SeatAssign>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, form, Vec::new()).await
}

async fn show(
    visit: &Visit<SeatAssign>,
    text: &str,
    form: Entered,
    failures: Vec<Failure>,
) -> Result<Response, Refused> {
    let service = service(text)?;
    let words = form.input().text("search").to_owned();
    let (searched, chosen) =
        (!words.is_empty(), form.input().all("user").map(str::to_owned).collect::<Vec<_>>());
    let search = Search::parse(Some(&words)).unwrap_or_default();
    let (head, candidates, more) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let head = Head::find(tx, &right.also::<LicenseView>()?, &service).await?;
                let (candidates, more) = candidates(tx, right, &service, &search, chosen).await?;
                Ok((head, candidates, more))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let (title, above) = (t.named("assign-title", head.called.title()), head.called.clone());
    let body = Assign { t, form: form.clone(), head, candidates, searched, more, failures };
    let sheet = Sheet::new(title, &body)?.answering(&form);
    visit.show(sheet.below(t.of("list-title"), "/admin/licenses").below(above.title(), above.href()))
}

/// Who is chosen, and then who is found; whether there are more than are shown.
async fn candidates(
    tx: &mut db::Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    search: &Search,
    chosen: Vec<String>,
) -> Result<(Vec<Candidate>, bool), Refused> {
    let page = PageRequest { limit: FOUND_MAX, after: None };
    let found = identity::list_users(tx, &right.also::<UserView>()?, &page, search).await?;
    let mut users = Vec::new();
    for id in chosen.iter().filter_map(|text| UserId::parse(text).ok()).take(FOUND_MAX) {
        users.extend(identity::user(tx, right, &UserRef::Id(id)).await?);
    }
    let kept = users.len();
    let more = found.next_cursor.is_some();
    let is_new = |user: &User| user.status == UserStatus::Active && !chosen.contains(&user.id.to_string());
    users.extend(found.items.into_iter().filter(is_new));
    let mut candidates = Vec::with_capacity(users.len());
    for (at, user) in users.into_iter().enumerate() {
        let seats = seats_of_user(tx, right, &user.id).await?;
        candidates.push(Candidate {
            has_seat: seats.iter().any(|seat| seat.service_id == *service),
            id: user.id.to_string(),
            name: user.name,
            email: user.email.to_string(),
            chosen: at < kept,
        });
    }
    Ok((candidates, more))
}

/// What is asked for: a search, or seats.
#[derive(Clone)]
pub(super) enum Wanted {
    Search,
    Seats { users: Vec<UserRef>, partial: bool },
}

impl Form for Wanted {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        if input.checked("find") {
            return Some(Self::Search);
        }
        let (users, wrong) = users(input);
        if !wrong.is_empty() {
            fields.wrong(
                "addresses",
                "users.malformed",
                format!("these are no addresses: {}", wrong.join(", ")),
            );
        } else if users.is_empty() || users.len() > USERS_MAX {
            let message = format!("choose or paste 1 to {USERS_MAX} users, not {}", users.len());
            fields.wrong("addresses", "users.count", message);
        }
        Some(Self::Seats { users, partial: input.checked("partial") })
    }
}

pub(super) async fn assign(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Wanted>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    if matches!(form, Ok(Wanted::Search)) {
        return show(&visit, &text, entered, Vec::new()).await;
    }
    let service = service(&text)?;
    let assigned = visit.write(form, move |tx, right, wanted| {
        Box::pin(async move {
            let Wanted::Seats { users, partial } = wanted else { return Err(Refused::internal("a search")) };
            assign_users(tx, right, &service, &users, partial).await
        })
    });
    let t = visit.wording(&TEXTS);
    match assigned.await {
        Ok(summary) => Ok(visit.leave(&format!("/admin/licenses/{text}"), said(t, &summary))),
        Err(refused) => {
            let (failures, refused) = failures(t, refused);
            let entered = visit.again(entered, refused)?;
            show(&visit, &text, entered, failures).await
        }
    }
}

/// What was done, and for how many it was not.
fn said(t: Wording, summary: &Summary) -> String {
    let (assigned, failed) = (summary.assigned(), summary.failed());
    match (assigned, failed) {
        (_, 0) => t.count("assigned-users", assigned),
        (0, _) => t.count("assigned-failed", failed),
        _ => format!("{} {}", t.count("assigned-users", assigned), t.count("assigned-failed", failed)),
    }
}
