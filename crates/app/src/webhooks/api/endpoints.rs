//! Endpoints over HTTP.

use serde::{Deserialize, Serialize};
use types::{Page, Text, Timestamp, WebhookId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::WebhookManage;
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::webhooks::endpoint::{self, Endpoint};
use crate::webhooks::operations::edit::{self, EditWebhook};
use crate::webhooks::operations::find;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_webhook, list_webhooks))
        .routes(routes!(get_webhook, edit_webhook, delete_webhook))
        .routes(routes!(rotate_webhook_secret))
}

/// A webhook.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct WebhookView {
    id: WebhookId,
    url: String,
    description: String,
    /// Kinds of events, or `license.*`; none means all.
    kinds: Vec<String>,
    enabled: bool,
    /// Why it was switched off, if it was not by hand.
    disabled_because: Option<String>,
    /// Since when nothing arrives, if so.
    failing_since: Option<Timestamp>,
    created_at: Timestamp,
    revision: i64,
}

impl From<Endpoint> for WebhookView {
    fn from(endpoint: Endpoint) -> Self {
        Self {
            id: endpoint.id,
            url: endpoint.url,
            description: endpoint.description,
            kinds: endpoint.kinds.0,
            enabled: endpoint.enabled,
            disabled_because: endpoint.disabled_because,
            failing_since: endpoint.failing_since,
            created_at: endpoint.created_at,
            revision: endpoint.revision,
        }
    }
}

/// A webhook with its secret.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct IssuedWebhook {
    #[serde(flatten)]
    webhook: WebhookView,
    /// Shown once. Libraries for Standard Webhooks verify with it.
    secret: String,
}

impl From<Endpoint> for IssuedWebhook {
    fn from(endpoint: Endpoint) -> Self {
        let secret = endpoint.secret.clone();
        Self { webhook: endpoint.into(), secret }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateWebhook {
    /// `https://…`, reachable from the internet.
    #[schema(max_length = 2048)]
    url: String,
    #[serde(default)]
    #[schema(max_length = 500)]
    description: Option<String>,
    /// Kinds of events, or `license.*`; none means all.
    #[serde(default)]
    kinds: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditWebhookBody {
    #[serde(default)]
    #[schema(max_length = 2048)]
    url: Option<String>,
    #[serde(default)]
    #[schema(max_length = 500)]
    description: Option<String>,
    #[serde(default)]
    kinds: Option<Vec<String>>,
    /// Switched on, it gets what still waits for it, and events from now on.
    #[serde(default)]
    enabled: Option<bool>,
}

/// Kinds that there are; each that is not is noted.
fn kinds(fields: &mut Fields, kinds: &[String]) -> Option<Vec<String>> {
    let known = kinds
        .iter()
        .enumerate()
        .map(|(at, text)| fields.parse(&format!("kinds[{at}]"), text, endpoint::kind));
    known.collect::<Vec<_>>().into_iter().collect()
}

fn description(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

pub(super) fn id(text: &str) -> Result<WebhookId, Refused> {
    WebhookId::parse(text).map_err(|_| Refused::not_found("webhook"))
}

/// Have events sent to an address of yours, from now on. The secret is shown once.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", operation_id = "create_webhook",
    request_body = CreateWebhook, responses((status = 201, body = IssuedWebhook), Refusals),
    extensions(("x-permission" = json!("webhook.manage"))))]
async fn create_webhook(call: Call<WebhookManage, CreateWebhook>) -> Result<Answer<IssuedWebhook>, Refused> {
    let mut fields = Fields::default();
    let url = fields.parse("url", &call.body.url, |url| call.app.outbound.vet(url));
    let text = fields.optional("description", description(call.body.description.as_deref()), Text::parse);
    let kinds = kinds(&mut fields, &call.body.kinds);
    let (Some(url), Some(text), Some(kinds)) = (url, text, kinds) else { return Err(fields.refuse()) };
    let answer = call.shows_secret().write(move |tx, right| {
        Box::pin(
            async move { edit::create_webhook(tx, right, url, text, kinds).await.map(IssuedWebhook::from) },
        )
    });
    Ok(answer.await?.created())
}

/// Your webhooks.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", operation_id = "list_webhooks", params(PageParams),
    responses((status = 200, body = Page<WebhookView>), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn list_webhooks(
    Params(page): Params<PageParams>,
    call: Call<WebhookManage>,
) -> Result<Answer<Page<WebhookView>>, Refused> {
    let page = page.request()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::list_endpoints(tx, right, &page).await }));
    Ok(answer.await?.map(|page| page.map(WebhookView::from)))
}

/// One webhook.
#[utoipa::path(get, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "get_webhook",
    params(("webhook" = String, Path, description = "Id")),
    responses((status = 200, body = WebhookView), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn get_webhook(
    Path(webhook): Path<String>,
    call: Call<WebhookManage>,
) -> Result<Answer<WebhookView>, Refused> {
    let id = id(&webhook)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::endpoint(tx, right, &id).await }));
    Ok(answer.await?.map(WebhookView::from).etag(|webhook| webhook.revision))
}

/// Change a webhook; what is left out stays as it is.
#[utoipa::path(patch, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "edit_webhook",
    params(("webhook" = String, Path, description = "Id")), request_body = EditWebhookBody,
    responses((status = 200, body = WebhookView), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn edit_webhook(
    Path(webhook): Path<String>,
    call: Call<WebhookManage, EditWebhookBody>,
) -> Result<Answer<WebhookView>, Refused> {
    let (id, expected) = (id(&webhook)?, call.expected.clone());
    let command = command(&call.body, &call.app)?;
    let answer = call.write(move |tx, right| {
        Box::pin(async move {
            edit::edit_webhook(tx, right, &id, command, &expected).await.map(WebhookView::from)
        })
    });
    Ok(answer.await?.etag(|webhook| webhook.revision))
}

fn command(body: &EditWebhookBody, app: &App) -> Result<EditWebhook, Refused> {
    let mut fields = Fields::default();
    let url = fields.optional("url", body.url.as_deref(), |url| app.outbound.vet(url));
    let text = fields.optional("description", description(body.description.as_deref()), Text::<500>::parse);
    let kinds = match &body.kinds {
        Some(texts) => kinds(&mut fields, texts).map(Some),
        None => Some(None),
    };
    let (Some(url), Some(text), Some(kinds)) = (url, text, kinds) else { return Err(fields.refuse()) };
    // An empty description is one that is taken away.
    let description = body.description.as_ref().map(|_| text.map(Text::into_string).unwrap_or_default());
    Ok(EditWebhook { url, description, kinds, enabled: body.enabled })
}

/// Delete a webhook with everything that was sent there.
#[utoipa::path(delete, path = "/webhooks/{webhook}", tag = "webhooks", operation_id = "delete_webhook",
    params(("webhook" = String, Path, description = "Id")),
    responses((status = 200, body = WebhookView), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn delete_webhook(
    Path(webhook): Path<String>,
    call: Call<WebhookManage, NoBody>,
) -> Result<Answer<WebhookView>, Refused> {
    let id = id(&webhook)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let endpoint = find::endpoint(tx, right, &id).await?;
            edit::delete_webhook(tx, right, &id).await?;
            Ok(WebhookView::from(endpoint))
        })
    })
    .await
}

/// A new secret, shown once. The old one signs beside it for a day, so that nothing is refused meanwhile.
#[utoipa::path(post, path = "/webhooks/{webhook}/rotate-secret", tag = "webhooks",
    operation_id = "rotate_webhook_secret", params(("webhook" = String, Path, description = "Id")),
    responses((status = 200, body = IssuedWebhook), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn rotate_webhook_secret(
    Path(webhook): Path<String>,
    call: Call<WebhookManage, NoBody>,
) -> Result<Answer<IssuedWebhook>, Refused> {
    let id = id(&webhook)?;
    let answer = call.shows_secret().write(move |tx, right| {
        Box::pin(async move { edit::rotate_secret(tx, right, &id).await.map(IssuedWebhook::from) })
    });
    answer.await
}
