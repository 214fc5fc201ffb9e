//! Where leads go, over HTTP.

use serde::{Deserialize, Serialize};
use types::{Email, LeadDestinationId, Page, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{LeadEdit, LeadView};
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Language, Refused};
use crate::leads::operations::{destinations, find};
use crate::leads::{Destination, DestinationKind, trial};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_lead_destination, list_lead_destinations))
        .routes(routes!(delete_lead_destination))
        .routes(routes!(validate_lead_destination))
}

/// Where your leads go, besides your page.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LeadDestinationView {
    id: LeadDestinationId,
    kind: DestinationKind,
    /// A URL or an e-mail address, as the kind says.
    address: String,
    /// Of mails.
    language: Language,
    created_at: Timestamp,
}

impl From<Destination> for LeadDestinationView {
    fn from(destination: Destination) -> Self {
        let Destination { id, kind, address, language, created_at, .. } = destination;
        Self { id, kind, address, language, created_at }
    }
}

/// A destination with its secret.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct IssuedLeadDestination {
    #[serde(flatten)]
    destination: LeadDestinationView,
    /// Of an endpoint; shown once. Libraries for Standard Webhooks verify with it.
    secret: Option<String>,
}

impl From<Destination> for IssuedLeadDestination {
    fn from(destination: Destination) -> Self {
        let secret = destination.secret.clone();
        Self { destination: destination.into(), secret }
    }
}

/// Exactly one of `url` and `email`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateLeadDestination {
    /// `https://…`, reachable from the internet.
    #[serde(default)]
    #[schema(max_length = 2048)]
    url: Option<String>,
    #[serde(default)]
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Of mails; English if absent.
    #[serde(default)]
    language: Option<Language>,
}

impl CreateLeadDestination {
    fn parse(&self, app: &App) -> Result<(DestinationKind, String), Refused> {
        let mut fields = Fields::default();
        let url = fields.optional("url", self.url.as_deref(), |url| app.outbound.vet(url));
        let email = fields.optional("email", self.email.as_deref(), Email::parse);
        if self.url.is_some() == self.email.is_some() {
            fields.wrong("url", "lead.one_destination", "exactly one of url and email must be given");
        }
        match (url.flatten(), email.flatten()) {
            (Some(url), None) => fields.finish().map(|()| (DestinationKind::Https, url)),
            (None, Some(email)) => fields.finish().map(|()| (DestinationKind::Email, email.into())),
            _ => Err(fields.refuse()),
        }
    }
}

/// Whether a test lead arrived.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeadTrial {
    /// An endpoint answered 2xx; the mail server took the mail.
    arrived: bool,
    /// What an endpoint answered.
    status: Option<i64>,
    /// Why it did not arrive, if so.
    error: Option<String>,
}

fn destination_id(text: &str) -> Result<LeadDestinationId, Refused> {
    LeadDestinationId::parse(text).map_err(|_| Refused::not_found("lead destination"))
}

/// Have the leads of all your offers sent to an endpoint or an e-mail address, from now on. An endpoint's secret
/// is shown once.
#[utoipa::path(post, path = "/lead-destinations", tag = "leads", operation_id = "create_lead_destination",
    request_body = CreateLeadDestination, responses((status = 201, body = IssuedLeadDestination), Refusals),
    extensions(("x-permission" = json!("lead.edit"))))]
async fn create_lead_destination(
    call: Call<LeadEdit, CreateLeadDestination>,
) -> Result<Answer<IssuedLeadDestination>, Refused> {
    let to = call.body.parse(&call.app)?;
    let language = call.body.language.unwrap_or(Language::English);
    let answer = call.shows_secret().write(move |tx, right| {
        Box::pin(async move {
            let made = destinations::create_destination(tx, right, to, language).await?;
            Ok(IssuedLeadDestination::from(made))
        })
    });
    Ok(answer.await?.created())
}

/// Where your leads go.
#[utoipa::path(get, path = "/lead-destinations", tag = "leads", operation_id = "list_lead_destinations",
    params(PageParams), responses((status = 200, body = Page<LeadDestinationView>), Refusals),
    extensions(("x-permission" = json!("lead.view"))))]
async fn list_lead_destinations(
    Params(page): Params<PageParams>,
    call: Call<LeadView>,
) -> Result<Answer<Page<LeadDestinationView>>, Refused> {
    let page = page.request()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::list_destinations(tx, right, &page).await }));
    Ok(answer.await?.map(|page| page.map(LeadDestinationView::from)))
}

/// Send no more leads there, nor what is on its way; the leads stay.
#[utoipa::path(delete, path = "/lead-destinations/{destination}", tag = "leads",
    operation_id = "delete_lead_destination", params(("destination" = String, Path, description = "Id")),
    responses((status = 200, body = LeadDestinationView), Refusals),
    extensions(("x-permission" = json!("lead.edit"))))]
async fn delete_lead_destination(
    Path(destination): Path<String>,
    call: Call<LeadEdit, NoBody>,
) -> Result<Answer<LeadDestinationView>, Refused> {
    let id = destination_id(&destination)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            destinations::delete_destination(tx, right, &id).await.map(LeadDestinationView::from)
        })
    })
    .await
}

/// Send a test lead now: every text of it begins with `SEATLINE_TEST_`. Answers whether it arrived.
#[utoipa::path(post, path = "/lead-destinations/{destination}/validate", tag = "leads",
    operation_id = "validate_lead_destination", params(("destination" = String, Path, description = "Id")),
    responses((status = 200, body = LeadTrial), Refusals), extensions(("x-permission" = json!("lead.edit"))))]
async fn validate_lead_destination(
    Path(destination): Path<String>,
    call: Call<LeadEdit, NoBody>,
) -> Result<Answer<LeadTrial>, Refused> {
    let (id, app, right) = (destination_id(&destination)?, call.app.clone(), call.right.clone());
    let found = call.read(move |tx, right| Box::pin(async move { find::destination(tx, right, &id).await }));
    let sent = trial::send_test(&app, &right, &found.await?.value).await?;
    Ok(Answer::read(LeadTrial { arrived: sent.error.is_none(), status: sent.status, error: sent.error }))
}
