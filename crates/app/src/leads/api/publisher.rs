//! The publisher's leads over HTTP, and how they fare at its destinations.

use serde::{Deserialize, Serialize};
use types::{DeliveryId, LeadDestinationId, LeadId, Page, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{LeadEdit, LeadView as MayView};
use crate::edge::{Answer, Call, NoBody, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Refused, Search};
use crate::leads::operations::{deliver, edit, find};
use crate::leads::{Lead, LeadAction, LeadContact, LeadDelivery, LeadFilter, LeadStatus, WantedLicenses};
use crate::webhooks::DeliveryState;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_leads))
        .routes(routes!(get_lead))
        .routes(routes!(set_lead_status))
        .routes(routes!(list_lead_deliveries))
        .routes(routes!(resend_lead_delivery))
}

/// Somebody to be contacted about an offer of yours.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LeadView {
    id: LeadId,
    /// `publisherid.offerid`.
    offer: String,
    offer_title: String,
    /// `PLT`: asked to be contacted; `INS`: installed; `LIC`: asked for more licenses.
    action: LeadAction,
    status: LeadStatus,
    contact: LeadContact,
    /// Of `LIC` alone.
    request: Option<WantedLicenses>,
    created_at: Timestamp,
    revision: i64,
}

impl From<Lead> for LeadView {
    fn from(lead: Lead) -> Self {
        let Lead { id, address, offer_title, action, status, contact, request, created_at, revision, .. } =
            lead;
        let (contact, request) = (contact.0, request.map(|request| request.0));
        Self { id, offer: address, offer_title, action, status, contact, request, created_at, revision }
    }
}

/// Which leads.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeadParams {
    /// `publisherid.offerid`.
    #[param(max_length = 100)]
    offer: Option<String>,
    status: Option<LeadStatus>,
    action: Option<LeadAction>,
    /// Part of a name, a company, an e-mail address or an offer's title.
    #[param(max_length = 200)]
    search: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeadStatusBody {
    status: LeadStatus,
}

/// A lead on its way to a destination.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LeadDeliveryView {
    id: DeliveryId,
    destination: LeadDestinationId,
    state: DeliveryState,
    /// At an endpoint; mails are tried by the marketplace.
    attempts: i64,
    /// What the endpoint answered last.
    status: Option<i64>,
    /// Why it did not arrive, if so.
    error: Option<String>,
    /// When it is tried next, if it is pending.
    due_at: Timestamp,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl From<LeadDelivery> for LeadDeliveryView {
    fn from(delivery: LeadDelivery) -> Self {
        let LeadDelivery { id, destination_id, state, attempts, status, error, .. } = delivery;
        let LeadDelivery { due_at, created_at, finished_at, .. } = delivery;
        Self {
            id,
            destination: destination_id,
            state,
            attempts,
            status,
            error,
            due_at,
            created_at,
            finished_at,
        }
    }
}

fn lead_id(text: &str) -> Result<LeadId, Refused> {
    LeadId::parse(text).map_err(|_| Refused::not_found("lead"))
}

/// Your leads, the newest first.
#[utoipa::path(get, path = "/leads", tag = "leads", operation_id = "list_leads", params(LeadParams),
    responses((status = 200, body = Page<LeadView>), Refusals), extensions(("x-permission" = json!("lead.view"))))]
async fn list_leads(
    Params(query): Params<LeadParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<LeadView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let mut fields = Fields::default();
    let search = fields.check("search", Search::parse(query.search.as_deref()));
    let LeadParams { offer, status, action, .. } = query;
    let Some(search) = search else { return Err(fields.refuse()) };
    let filter = LeadFilter { offer: offer.unwrap_or_default(), status, action, search, newest: None };
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_leads(tx, right, &page, &filter).await }));
    Ok(answer.await?.map(|page| page.map(LeadView::from)))
}

/// One of your leads.
#[utoipa::path(get, path = "/leads/{lead}", tag = "leads", operation_id = "get_lead",
    params(("lead" = String, Path, description = "Id")),
    responses((status = 200, body = LeadView), Refusals), extensions(("x-permission" = json!("lead.view"))))]
async fn get_lead(Path(lead): Path<String>, call: Call<MayView>) -> Result<Answer<LeadView>, Refused> {
    let id = lead_id(&lead)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::lead(tx, right, &id).await }));
    Ok(answer.await?.map(LeadView::from).etag(|lead| lead.revision))
}

/// Say how far you are with a lead.
#[utoipa::path(post, path = "/leads/{lead}/status", tag = "leads", operation_id = "set_lead_status",
    params(("lead" = String, Path, description = "Id")), request_body = LeadStatusBody,
    responses((status = 200, body = LeadView), Refusals), extensions(("x-permission" = json!("lead.edit"))))]
async fn set_lead_status(
    Path(lead): Path<String>,
    call: Call<LeadEdit, LeadStatusBody>,
) -> Result<Answer<LeadView>, Refused> {
    let (id, status, expected) = (lead_id(&lead)?, call.body.status, call.expected.clone());
    let answer = call.write(move |tx, right| {
        Box::pin(async move { edit::set_status(tx, right, &id, status, &expected).await.map(LeadView::from) })
    });
    Ok(answer.await?.etag(|lead| lead.revision))
}

/// How a lead fares at every destination that you had when it came: at most as many as you can have.
#[utoipa::path(get, path = "/leads/{lead}/deliveries", tag = "leads", operation_id = "list_lead_deliveries",
    params(("lead" = String, Path, description = "Id")),
    responses((status = 200, body = Page<LeadDeliveryView>), Refusals),
    extensions(("x-permission" = json!("lead.view"))))]
async fn list_lead_deliveries(
    Path(lead): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<Page<LeadDeliveryView>>, Refused> {
    let id = lead_id(&lead)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::deliveries(tx, right, &id).await }));
    Ok(answer.await?.map(|deliveries| Page {
        items: deliveries.into_iter().map(LeadDeliveryView::from).collect(),
        next_cursor: None,
    }))
}

/// Try for three more days what was given up at an endpoint.
#[utoipa::path(post, path = "/leads/{lead}/deliveries/{delivery}/resend", tag = "leads",
    operation_id = "resend_lead_delivery",
    params(("lead" = String, Path, description = "Id"), ("delivery" = String, Path, description = "Id")),
    responses((status = 200, body = LeadDeliveryView), Refusals),
    extensions(("x-permission" = json!("lead.edit"))))]
async fn resend_lead_delivery(
    Path((lead, delivery)): Path<(String, String)>,
    call: Call<LeadEdit, NoBody>,
) -> Result<Answer<LeadDeliveryView>, Refused> {
    let id = lead_id(&lead)?;
    let delivery = DeliveryId::parse(&delivery).map_err(|_| Refused::not_found("delivery"))?;
    call.write(move |tx, right| {
        Box::pin(async move { deliver::resend(tx, right, &id, &delivery).await.map(LeadDeliveryView::from) })
    })
    .await
}
