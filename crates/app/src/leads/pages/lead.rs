//! One lead: whom to contact and why, how far its publisher is, and whether it arrived where leads go (STO-04).

use askama::Template;
use axum::response::Response;
use types::{DeliveryId, LeadId, Timestamp, Violation};

use super::{LEADS, TEXTS, action, badge, name};
use crate::access::{LeadEdit, LeadView, Permission};
use crate::edge::Path;
use crate::edge::browser::{Form, Reader, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::leads::operations::{deliver, edit, find};
use crate::leads::{Destination, Lead, LeadDelivery, LeadStatus};
use crate::webhooks::{DeliveryState, pages as webhooks};

#[derive(Template)]
#[template(path = "leads/pages/lead.html")]
struct LeadPage {
    t: Wording,
    form: Entered,
    here: String,
    lead: Lead,
    action: String,
    badge: (&'static str, String),
    /// Value and label.
    statuses: Vec<(&'static str, String)>,
    deliveries: Vec<Arrival>,
}

/// How the lead fares at one destination.
struct Arrival {
    to: String,
    badge: (&'static str, String),
    attempts: i64,
    at: Timestamp,
    /// Why it is not there yet, in the reader's language where that is known.
    reason: String,
    /// Where it is sent again, if that was given up.
    resend: Option<String>,
}

impl Arrival {
    fn new(reader: &Reader, here: &str, delivery: LeadDelivery, destinations: &[Destination]) -> Self {
        let t = reader.wording(&TEXTS);
        let by_mail = delivery.mail_id.is_some();
        let reason = match (delivery.state, delivery.status, delivery.error) {
            (DeliveryState::Delivered, ..) | (_, _, None) => String::new(),
            (DeliveryState::Pending, _, Some(_)) if by_mail => t.of("delivery-held"),
            (_, status, Some(error)) => t.no_answer(status, &error),
        };
        let to = destinations.iter().find(|destination| destination.id == delivery.destination_id);
        let again = delivery.state == DeliveryState::Dead && !by_mail;
        Self {
            to: to.map(|destination| destination.address.clone()).unwrap_or_default(),
            badge: webhooks::badge(reader, delivery.state),
            attempts: delivery.attempts,
            at: delivery.finished_at.unwrap_or(delivery.due_at),
            reason,
            resend: again.then(|| format!("{here}/deliveries/{}/resend", delivery.id)),
        }
    }
}

fn lead_id(text: &str) -> Result<LeadId, Refused> {
    LeadId::parse(text).map_err(|_| Refused::not_found("lead"))
}

pub(super) async fn look(Path(lead): Path<String>, visit: Visit<LeadView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &lead, form).await
}

async fn show<P: Permission>(visit: &Visit<P>, lead: &str, form: Entered) -> Result<Response, Refused> {
    let id = lead_id(lead)?;
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let (lead, deliveries) =
                (find::lead(tx, right, &id).await?, find::deliveries(tx, right, &id).await?);
            Ok((lead, deliveries, find::every_destination(tx, right).await?))
        })
    });
    let (lead, deliveries, destinations) = found.await?;
    let (t, here) = (visit.wording(&TEXTS), format!("{LEADS}/{}", lead.id));
    let deliveries = deliveries
        .into_iter()
        .map(|delivery| Arrival::new(&visit.reader, &here, delivery, &destinations))
        .collect();
    let form = form.holding(Input::of([("status", lead.status.as_str().to_owned())]));
    let title = name(&lead);
    let body = LeadPage {
        t,
        form: form.clone(),
        here,
        action: action(t, lead.action),
        badge: badge(t, lead.status),
        statuses: LeadStatus::ALL.iter().map(|status| (status.as_str(), badge(t, *status).1)).collect(),
        deliveries,
        lead,
    };
    visit.show(Sheet::new(title, &body)?.below(t.of("leads"), LEADS).answering(&form))
}

/// How far the publisher is, by a page that showed the lead at this revision.
#[derive(Clone)]
pub(super) struct NewStatus {
    status: LeadStatus,
    expected: Expected,
}

impl Form for NewStatus {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let missing = |_| Violation::new("field.missing", "must be chosen");
        let status = fields.check("status", LeadStatus::parse(input.text("status")).map_err(missing));
        Some(Self { status: status?, expected: input.revision() })
    }
}

pub(super) async fn set_status(
    Path(lead): Path<String>,
    submit: Submit<LeadEdit, NewStatus>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = lead_id(&lead)?;
    let saved = visit.write(form, move |tx, right, NewStatus { status, expected }| {
        Box::pin(async move { edit::set_status(tx, right, &id, status, &expected).await })
    });
    match saved.await {
        Ok(_) => Ok(visit.leave(&format!("{LEADS}/{id}"), visit.wording(&TEXTS).of("lead-saved"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &lead, entered).await
        }
    }
}

pub(super) async fn resend(
    Path((lead, delivery)): Path<(String, String)>,
    submit: Submit<LeadEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = lead_id(&lead)?;
    let delivery = DeliveryId::parse(&delivery).map_err(|_| Refused::not_found("delivery"))?;
    let sent = visit.write(form, move |tx, right, _| {
        Box::pin(async move { deliver::resend(tx, right, &id, &delivery).await })
    });
    match sent.await {
        Ok(_) => Ok(visit.leave(&format!("{LEADS}/{id}"), visit.wording(&TEXTS).of("lead-resent"))),
        Err(refused) => {
            let refused = visit.again(visit.form(), refused)?;
            show(&visit, &lead, refused).await
        }
    }
}
