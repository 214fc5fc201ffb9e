//! One event on its way to a webhook: what is sent, and every attempt.

use askama::Template;
use axum::response::Response;
use types::DeliveryId;

use super::{TEXTS, WEBHOOKS, badge, next_try, page_of, webhook_id};
use crate::access::WebhookManage;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Entered, Sheet, Wording};
use crate::webhooks::delivery::{Delivery, DeliveryAttempt};
use crate::webhooks::operations::find;

#[derive(Template)]
#[template(path = "webhooks/pages/delivery.html")]
struct DeliveryPage {
    t: Wording,
    form: Entered,
    here: String,
    delivery: Delivery,
    badge: (&'static str, String),
    next: String,
    /// As it is sent, with line ends for people where it is JSON.
    body: String,
    attempts: Vec<DeliveryAttempt>,
    /// A webhook that is off takes nothing.
    may_resend: bool,
}

pub(super) async fn look(
    Path((webhook, delivery)): Path<(String, String)>,
    visit: Visit<WebhookManage>,
) -> Result<Response, Refused> {
    let id = webhook_id(&webhook)?;
    let delivery = DeliveryId::parse(&delivery).map_err(|_| Refused::not_found("delivery"))?;
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let endpoint = find::endpoint(tx, right, &id).await?;
            Ok((endpoint, find::delivery(tx, right, &id, &delivery).await?))
        })
    });
    let (endpoint, (delivery, attempts)) = found.await?;
    let t = visit.wording(&TEXTS);
    let json: Option<serde_json::Value> = serde_json::from_str(&delivery.body).ok();
    let body = json.and_then(|json| serde_json::to_string_pretty(&json).ok());
    let page = DeliveryPage {
        t,
        form: visit.form(),
        here: format!("{}/deliveries/{}", page_of(&id), delivery.id),
        badge: badge(&visit.reader, delivery.state),
        next: next_try(&visit.reader, &endpoint, &delivery),
        body: body.unwrap_or_else(|| delivery.body.clone()),
        attempts,
        may_resend: endpoint.enabled,
        delivery,
    };
    let sheet = Sheet::new(page.delivery.kind.clone(), &page)?.below(t.of("webhooks"), WEBHOOKS);
    visit.show(sheet.below(endpoint.url, page_of(&id)))
}
