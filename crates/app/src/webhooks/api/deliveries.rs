//! Deliveries over HTTP.

use serde::{Deserialize, Serialize};
use types::{DeliveryId, EventId, Page, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::endpoints::id;
use crate::App;
use crate::access::WebhookManage;
use crate::edge::{Answer, Call, NoBody, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Refused};
use crate::webhooks::delivery::{Delivery, DeliveryAttempt, DeliveryState};
use crate::webhooks::operations::{find, send_again};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_webhook_deliveries))
        .routes(routes!(get_webhook_delivery))
        .routes(routes!(resend_webhook_delivery))
        .routes(routes!(test_webhook))
        .routes(routes!(replay_webhook))
}

/// One event on its way to a webhook.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DeliveryView {
    id: DeliveryId,
    /// Sent as `webhook-id`, the same each time.
    event: EventId,
    kind: String,
    state: DeliveryState,
    attempts: i64,
    /// When it is tried next, if it is pending.
    due_at: Timestamp,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, event_id, kind, state, attempts, due_at, created_at, finished_at, .. } = delivery;
        Self { id, event: event_id, kind, state, attempts, due_at, created_at, finished_at }
    }
}

/// One try to make it arrive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptView {
    number: i64,
    at: Timestamp,
    #[schema(minimum = 0)]
    duration_ms: f64,
    /// Absent if there was no answer.
    status: Option<i64>,
    /// Absent if it arrived.
    error: Option<String>,
    /// The beginning of what was answered.
    response: Option<String>,
}

impl From<DeliveryAttempt> for AttemptView {
    fn from(attempt: DeliveryAttempt) -> Self {
        let DeliveryAttempt { number, at, duration, status, error, response } = attempt;
        #[expect(clippy::cast_precision_loss, reason = "it is shown to a person")]
        let duration_ms = duration as f64 / 1000.0;
        Self { number, at, duration_ms, status, error, response }
    }
}

/// A delivery with what is sent and every attempt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryDetail {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// Exactly what is signed and sent.
    body: String,
    tries: Vec<AttemptView>,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveryParams {
    /// `pending`, `delivered` or `dead`
    state: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

fn delivery_id(text: &str) -> Result<DeliveryId, Refused> {
    DeliveryId::parse(text).map_err(|_| Refused::not_found("delivery"))
}

/// What was sent to a webhook or is to be, the newest first.
#[utoipa::path(get, path = "/webhooks/{webhook}/deliveries", tag = "webhooks",
    operation_id = "list_webhook_deliveries", params(("webhook" = String, Path, description = "Id"), DeliveryParams),
    responses((status = 200, body = Page<DeliveryView>), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn list_webhook_deliveries(
    Path(webhook): Path<String>,
    Params(query): Params<DeliveryParams>,
    call: Call<WebhookManage>,
) -> Result<Answer<Page<DeliveryView>>, Refused> {
    let (id, page) = (id(&webhook)?, page_request(query.limit, query.cursor.as_deref())?);
    let mut fields = Fields::default();
    let Some(state) = fields.optional("state", query.state.as_deref(), DeliveryState::parse) else {
        return Err(fields.refuse());
    };
    let answer = call.read(move |tx, right| {
        Box::pin(async move { find::list_deliveries(tx, right, &id, &page, state).await })
    });
    Ok(answer.await?.map(|page| page.map(DeliveryView::from)))
}

/// One delivery, with what is sent and every attempt.
#[utoipa::path(get, path = "/webhooks/{webhook}/deliveries/{delivery}", tag = "webhooks",
    operation_id = "get_webhook_delivery",
    params(("webhook" = String, Path, description = "Id"), ("delivery" = String, Path, description = "Id")),
    responses((status = 200, body = DeliveryDetail), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn get_webhook_delivery(
    Path((webhook, delivery)): Path<(String, String)>,
    call: Call<WebhookManage>,
) -> Result<Answer<DeliveryDetail>, Refused> {
    let (id, delivery) = (id(&webhook)?, delivery_id(&delivery)?);
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::delivery(tx, right, &id, &delivery).await }));
    Ok(answer.await?.map(|(delivery, attempts)| DeliveryDetail {
        body: delivery.body.clone(),
        delivery: delivery.into(),
        tries: attempts.into_iter().map(AttemptView::from).collect(),
    }))
}

/// Send an event once more, as a delivery of its own.
#[utoipa::path(post, path = "/webhooks/{webhook}/deliveries/{delivery}/resend", tag = "webhooks",
    operation_id = "resend_webhook_delivery",
    params(("webhook" = String, Path, description = "Id"), ("delivery" = String, Path, description = "Id")),
    responses((status = 201, body = DeliveryView), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn resend_webhook_delivery(
    Path((webhook, delivery)): Path<(String, String)>,
    call: Call<WebhookManage, NoBody>,
) -> Result<Answer<DeliveryView>, Refused> {
    let (id, delivery) = (id(&webhook)?, delivery_id(&delivery)?);
    let answer = call.write(move |tx, right| {
        Box::pin(async move { send_again::resend(tx, right, &id, &delivery).await.map(DeliveryView::from) })
    });
    Ok(answer.await?.created())
}

/// Send a test event.
#[utoipa::path(post, path = "/webhooks/{webhook}/test", tag = "webhooks", operation_id = "test_webhook",
    params(("webhook" = String, Path, description = "Id")),
    responses((status = 201, body = DeliveryView), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn test_webhook(
    Path(webhook): Path<String>,
    call: Call<WebhookManage, NoBody>,
) -> Result<Answer<DeliveryView>, Refused> {
    let (id, base_url) = (id(&webhook)?, call.app.settings.base_url.clone());
    let answer = call.write(move |tx, right| {
        Box::pin(
            async move { send_again::send_test(tx, right, &id, &base_url).await.map(DeliveryView::from) },
        )
    });
    Ok(answer.await?.created())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayBody {
    /// Events from then on.
    #[schema(format = DateTime)]
    since: String,
}

/// What will be looked at.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Replaying {
    /// Entries of the log; those that the webhook wants are sent.
    entries: i64,
}

/// Send every event since a time again.
#[utoipa::path(post, path = "/webhooks/{webhook}/replay", tag = "webhooks", operation_id = "replay_webhook",
    params(("webhook" = String, Path, description = "Id")), request_body = ReplayBody,
    responses((status = 200, body = Replaying), Refusals), extensions(("x-permission" = json!("webhook.manage"))))]
async fn replay_webhook(
    Path(webhook): Path<String>,
    call: Call<WebhookManage, ReplayBody>,
) -> Result<Answer<Replaying>, Refused> {
    let mut fields = Fields::default();
    let since = fields.parse("since", &call.body.since, Timestamp::parse);
    let Some(since) = since else { return Err(fields.refuse()) };
    let id = id(&webhook)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            send_again::replay(tx, right, &id, since).await.map(|entries| Replaying { entries })
        })
    })
    .await
}
