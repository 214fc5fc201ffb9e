//! My licenses: what I may use, what I asked for, and asking for a seat.

use askama::Template;
use axum::response::Response;
use types::{PageRequest, ServiceId, Text, Timestamp};

use super::super::lookups::Called;
use super::TEXTS;
use crate::access::{Right, SeatRequest as MayRequest, SelfView};
use crate::assignments::operations::find as assignments;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::publishing::operations::names::Names;
use crate::requests::operations::find;
use crate::requests::operations::request_seat::request_seat;
use crate::requests::{RequestState, SeatRequest};
use crate::seats::Standing;

struct Held {
    called: Called,
    state: Standing,
    since: Timestamp,
    usable_until: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "portals/admin/requests/own.html")]
struct Own {
    t: Wording,
    form: Entered,
    held: Vec<Held>,
    requests: Vec<(Called, SeatRequest)>,
    /// What could be asked for.
    others: Vec<Called>,
}

impl Own {
    fn request_badge(request: &SeatRequest) -> &'static str {
        match request.state {
            RequestState::Open => "info",
            RequestState::Granted => "good",
            RequestState::Declined => "bad",
        }
    }
}

type Found = (Vec<Held>, Vec<(Called, SeatRequest)>, Vec<Called>);

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form).await
}

async fn show(visit: &Visit<SelfView>, form: Entered) -> Result<Response, Refused> {
    let (held, requests, others) =
        visit.read(|tx, right| Box::pin(async move { find_all(tx, right).await })).await?;
    let t = visit.wording(&TEXTS);
    let body = Own { t, form: form.clone(), held, requests, others };
    visit.show(Sheet::new(t.of("own-title"), &body)?.lead(t.of("own-lead")).answering(&form))
}

async fn find_all(tx: &mut db::Tx, right: &Right<SelfView>) -> Result<Found, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let (mut names, mut held, mut others) = (Names::default(), Vec::new(), Vec::new());
    for seat in assignments::seats_of_user(tx, right, &user).await? {
        let called = Called::find(tx, &mut names, &seat.service_id).await?;
        let (state, usable_until) = (seat.standing(right.now()).into(), seat.usable_until);
        held.push(Held { called, state, since: seat.since, usable_until });
    }
    let page = PageRequest { limit: PageRequest::MAX, after: None };
    let mut requests = Vec::new();
    for request in find::own_seat_requests(tx, right, &page).await?.items {
        requests.push((Called::find(tx, &mut names, &request.service_id).await?, request));
    }
    requests.reverse();
    let is_open = |id: &ServiceId, requests: &[(Called, SeatRequest)]| {
        requests.iter().any(|(_, request)| request.state == RequestState::Open && request.service_id == *id)
    };
    for id in find::requestable(tx, &right.also::<MayRequest>()?).await? {
        if !is_open(&id, &requests) {
            others.push(Called::find(tx, &mut names, &id).await?);
        }
    }
    Ok((held, requests, others))
}

#[derive(Clone)]
pub(super) struct RequestForm {
    service: ServiceId,
    note: Option<Text<500>>,
}

impl Form for RequestForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let service = fields.parse("service", input.text("service"), ServiceId::parse);
        let note = fields.optional("note", input.filled("note"), Text::parse);
        Some(Self { service: service?, note: note? })
    }
}

pub(super) async fn ask(submit: Submit<MayRequest, RequestForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let asked = visit.write(form, |tx, right, RequestForm { service, note }| {
        Box::pin(async move { request_seat(tx, right, &service, note).await })
    });
    match asked.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("own-asked");
            Ok(visit.leave("/account/licenses", said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let right = visit.right.also::<SelfView>()?;
            show(&Visit { app: visit.app, reader: visit.reader, right }, entered).await
        }
    }
}
