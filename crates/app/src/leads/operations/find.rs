//! Look up leads, destinations and deliveries.

use db::Tx;
use types::{LeadDestinationId, LeadId, Page, PageRequest};

use crate::access::{LeadView, Permission, Right};
use crate::kit::Refused;
use crate::leads::{Destination, Lead, LeadDelivery, LeadFilter, NewLeads, store};
use crate::mails::MailState;
use crate::mails::operations::find as mails;
use crate::webhooks::DeliveryState;

/// The newest first.
pub(crate) async fn list_leads(
    tx: &mut Tx,
    right: &Right<LeadView>,
    page: &PageRequest,
    filter: &LeadFilter,
) -> Result<Page<Lead>, Refused> {
    let leads = store::list_leads(tx, &right.tenant(), page, filter).await?;
    Ok(Page::cut(leads, page, |lead| lead.id.as_bytes().to_vec()))
}

pub(crate) async fn count_new(tx: &mut Tx, right: &Right<LeadView>) -> Result<NewLeads, Refused> {
    Ok(store::count_new(tx, &right.tenant()).await?)
}

pub(crate) async fn lead<P: Permission>(tx: &mut Tx, right: &Right<P>, id: &LeadId) -> Result<Lead, Refused> {
    let found = store::find_lead(tx, &right.tenant(), id).await?;
    found.ok_or_else(|| Refused::not_found("lead"))
}

pub(crate) async fn list_destinations(
    tx: &mut Tx,
    right: &Right<LeadView>,
    page: &PageRequest,
) -> Result<Page<Destination>, Refused> {
    let destinations = store::list_destinations(tx, &right.tenant(), page).await?;
    Ok(Page::cut(destinations, page, |destination| destination.id.as_bytes().to_vec()))
}

/// All of them.
pub(crate) async fn every_destination<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
) -> Result<Vec<Destination>, Refused> {
    Ok(store::every_destination(tx, &right.tenant()).await?)
}

pub(crate) async fn destination<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &LeadDestinationId,
) -> Result<Destination, Refused> {
    let found = store::find_destination(tx, id).await?;
    found
        .filter(|destination| destination.tenant_id == right.tenant())
        .ok_or_else(|| Refused::not_found("lead destination"))
}

/// How a lead fares at every destination that there was when it came.
pub(crate) async fn deliveries<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &LeadId,
) -> Result<Vec<LeadDelivery>, Refused> {
    lead(tx, right, id).await?;
    let mut deliveries = store::list_deliveries(tx, id).await?;
    for delivery in &mut deliveries {
        let Some(mail) = delivery.mail_id else { continue };
        let Some((state, error)) = mails::fate(tx, &mail).await? else { continue };
        delivery.state = match state {
            MailState::Waiting | MailState::Held => DeliveryState::Pending,
            MailState::Sent => DeliveryState::Delivered,
            MailState::Failed => DeliveryState::Dead,
        };
        delivery.error = match state {
            MailState::Held => {
                Some("the marketplace has no mail server: it is sent when there is one".to_owned())
            }
            _ => error,
        };
    }
    Ok(deliveries)
}
