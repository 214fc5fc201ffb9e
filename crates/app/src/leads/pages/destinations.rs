//! Where leads go besides this portal: endpoints and e-mail addresses, a new one, a test of one, and the end of one
//! (STO-04).

use askama::Template;
use axum::response::Response;
use types::{Email, LeadDestinationId, PageRequest, Violation};

use super::{LEADS, TEXTS};
use crate::App;
use crate::access::{LeadEdit, LeadView};
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Language, Refused};
use crate::leads::operations::{destinations, find};
use crate::leads::{Destination, DestinationKind, trial};

const DESTINATIONS: &str = "/publisher/leads/destinations";

#[derive(Template)]
#[template(path = "leads/pages/destinations.html")]
struct Destinations {
    t: Wording,
    form: Entered,
    rows: Vec<Destination>,
    may_edit: bool,
}

#[derive(Template)]
#[template(path = "leads/pages/destination_made.html")]
struct Made {
    t: Wording,
    address: String,
    secret: String,
}

pub(super) async fn look(visit: Visit<LeadView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form).await
}

async fn show(visit: &Visit<LeadView>, form: Entered) -> Result<Response, Refused> {
    // There are never more than fit on a page.
    let page = PageRequest { limit: PageRequest::MAX, after: None };
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_destinations(tx, right, &page).await }))
        .await?;
    let (t, may_edit) = (visit.wording(&TEXTS), visit.right.also::<LeadEdit>().is_ok());
    let body = Destinations { t, form: form.clone(), rows: found.items, may_edit };
    let sheet = Sheet::new(t.of("destinations"), &body)?.lead(t.of("destinations-lead"));
    visit.show(sheet.below(t.of("leads"), LEADS).answering(&form))
}

#[derive(Clone)]
pub(super) struct NewDestination {
    kind: DestinationKind,
    /// Of an endpoint it is vetted where it is known what may be reached.
    address: String,
    language: Language,
}

impl Form for NewDestination {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let missing = |_| Violation::new("field.missing", "must be chosen");
        let kind = fields.check("kind", DestinationKind::parse(input.text("kind")).map_err(missing))?;
        let address = match kind {
            DestinationKind::Https => input.text("address").to_owned(),
            DestinationKind::Email => fields.parse("address", input.text("address"), Email::parse)?.into(),
        };
        Some(Self {
            kind,
            address,
            language: Language::parse(input.text("language")).unwrap_or(Language::English),
        })
    }
}

fn vetted(app: &App, new: NewDestination) -> Result<NewDestination, Refused> {
    if new.kind == DestinationKind::Email {
        return Ok(new);
    }
    let mut fields = Fields::default();
    let address = fields.parse("address", &new.address, |url| app.outbound.vet(url));
    address.map(|address| NewDestination { address, ..new }).ok_or_else(|| fields.refuse())
}

pub(super) async fn create(submit: Submit<LeadEdit, NewDestination>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let form = form.and_then(|new| vetted(&visit.app, new));
    let made = visit.write(form, |tx, right, new| {
        let NewDestination { kind, address, language } = new;
        Box::pin(async move { destinations::create_destination(tx, right, (kind, address), language).await })
    });
    let t = visit.wording(&TEXTS);
    match made.await {
        Ok(Destination { address, secret: Some(secret), .. }) => {
            let sheet = Sheet::new(t.of("destination-made"), &Made { t, address, secret })?;
            visit.show(sheet.below(t.of("leads"), LEADS).below(t.of("destinations"), DESTINATIONS))
        }
        Ok(_) => Ok(visit.leave(DESTINATIONS, t.of("destination-made"))),
        Err(refused) => refuse(&visit, entered, refused).await,
    }
}

async fn refuse(visit: &Visit<LeadEdit>, entered: Entered, refused: Refused) -> Result<Response, Refused> {
    let entered = visit.again(entered, refused)?;
    show(&visit.also()?, entered).await
}

fn destination_id(text: &str) -> Result<LeadDestinationId, Refused> {
    LeadDestinationId::parse(text).map_err(|_| Refused::not_found("lead destination"))
}

pub(super) async fn delete(Path(id): Path<String>, submit: Submit<LeadEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = destination_id(&id)?;
    let deleted = visit.write(form, move |tx, right, _| {
        Box::pin(async move { destinations::delete_destination(tx, right, &id).await })
    });
    match deleted.await {
        Ok(_) => Ok(visit.leave(DESTINATIONS, visit.wording(&TEXTS).of("destination-deleted"))),
        Err(refused) => refuse(&visit, visit.form(), refused).await,
    }
}

/// Sends a lead that nobody takes for a real one, and says whether it arrived.
pub(super) async fn test(Path(id): Path<String>, submit: Submit<LeadEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = destination_id(&id)?;
    form?;
    let to = visit.read(move |tx, right| Box::pin(async move { find::destination(tx, right, &id).await }));
    let (to, t) = (to.await?, visit.wording(&TEXTS));
    let sent = trial::send_test(&visit.app, &visit.right, &to).await?;
    let Some(error) = sent.error else {
        return Ok(visit.leave(DESTINATIONS, t.named("test-arrived", &to.address)));
    };
    let why = t.no_answer(sent.status, &error);
    let said = t.with("test-failed", &[("name", to.address.as_str().into()), ("why", why.as_str().into())]);
    Ok(visit.fail(DESTINATIONS, said))
}
