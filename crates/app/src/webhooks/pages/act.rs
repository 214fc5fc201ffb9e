//! What is done with one webhook by one button.

use axum::response::Response;
use types::{DeliveryId, Timestamp, Violation, WebhookId};

use super::endpoint::{Asked, show};
use super::form::show_secret;
use super::{TEXTS, WEBHOOKS, page_of, webhook_id};
use crate::access::WebhookManage;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input};
use crate::kit::{Expected, Fields, Refused};
use crate::webhooks::operations::edit::{self, EditWebhook};
use crate::webhooks::operations::send_again;

/// Back to the webhook, with what was done or why it was not.
async fn answer<T>(
    visit: &Visit<WebhookManage>,
    id: &WebhookId,
    (done, said): (Result<T, Refused>, &str),
    entered: Entered,
) -> Result<Response, Refused> {
    match done {
        Ok(_) => Ok(visit.leave(&page_of(id), visit.wording(&TEXTS).of(said))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(visit, &id.to_string(), &Asked::default(), entered).await
        }
    }
}

pub(super) async fn set_state(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (id, enabled) = (webhook_id(&webhook)?, entered.input().text("enabled") == "yes");
    let command = EditWebhook { enabled: Some(enabled), ..EditWebhook::default() };
    let done = visit.write(form, move |tx, right, _| {
        Box::pin(async move { edit::edit_webhook(tx, right, &id, command, &Expected::ANY).await })
    });
    let said = if enabled { "enabled" } else { "disabled" };
    answer(&visit, &id, (done.await, said), visit.form()).await
}

pub(super) async fn rotate_secret(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = webhook_id(&webhook)?;
    let rotated = visit
        .write(form, move |tx, right, _| Box::pin(async move { edit::rotate_secret(tx, right, &id).await }));
    match rotated.await {
        Ok(endpoint) => show_secret(&visit, endpoint),
        Err(refused) => answer(&visit, &id, (Err::<(), _>(refused), ""), visit.form()).await,
    }
}

pub(super) async fn test(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (id, base_url) = (webhook_id(&webhook)?, visit.app.settings.base_url.clone());
    let sent = visit.write_once(&entered, form, move |tx, right, _| {
        Box::pin(async move { send_again::send_test(tx, right, &id, &base_url).await })
    });
    answer(&visit, &id, (sent.await, "test-sent"), visit.form()).await
}

/// Since the beginning of a day (UTC).
#[derive(Clone)]
pub(super) struct Since(Timestamp);

impl Form for Since {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let wrong = |_| Violation::new("date.malformed", "must be a date: 2026-01-31");
        let midnight = |day: &str| Timestamp::parse(&format!("{day}T00:00:00Z")).map_err(wrong);
        fields.parse("since", input.text("since"), midnight).map(Self)
    }
}

pub(super) async fn replay(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage, Since>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = webhook_id(&webhook)?;
    let replayed = visit.write_once(&entered, form, move |tx, right, Since(since)| {
        Box::pin(async move { send_again::replay(tx, right, &id, since).await })
    });
    answer(&visit, &id, (replayed.await, "replaying"), entered).await
}

pub(super) async fn delete(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = webhook_id(&webhook)?;
    let deleted = visit
        .write(form, move |tx, right, _| Box::pin(async move { edit::delete_webhook(tx, right, &id).await }));
    match deleted.await {
        Ok(()) => Ok(visit.leave(WEBHOOKS, visit.wording(&TEXTS).of("deleted"))),
        Err(refused) => answer(&visit, &id, (Err::<(), _>(refused), ""), visit.form()).await,
    }
}

pub(super) async fn resend(
    Path((webhook, delivery)): Path<(String, String)>,
    submit: Submit<WebhookManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = webhook_id(&webhook)?;
    let delivery = DeliveryId::parse(&delivery).map_err(|_| Refused::not_found("delivery"))?;
    let sent = visit.write_once(&entered, form, move |tx, right, _| {
        Box::pin(async move { send_again::resend(tx, right, &id, &delivery).await })
    });
    answer(&visit, &id, (sent.await, "resent"), visit.form()).await
}
