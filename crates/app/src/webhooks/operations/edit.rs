//! Make, change and delete webhooks.

use db::Tx;
use types::{PageRequest, Text, WebhookId};

use super::find;
use crate::access::{Right, WebhookManage};
use crate::events;
use crate::jobs::{When, enqueue};
use crate::kit::{Expected, JsonColumn, Refused};
use crate::webhooks::endpoint::{Endpoint, MAX, ROTATION_SECONDS};
use crate::webhooks::events::{WebhookCreated, WebhookDeleted, WebhookEdited, WebhookSecretRotated};
use crate::webhooks::jobs::Deliver;
use crate::webhooks::{TOO_MANY, signature, store};

/// What was given of a webhook; what was not stays as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct EditWebhook {
    /// Vetted.
    pub url: Option<String>,
    pub description: Option<String>,
    pub kinds: Option<Vec<String>>,
    pub enabled: Option<bool>,
}

/// Events from now on are for it. Its secret is shown once.
pub(crate) async fn create_webhook(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    url: String,
    description: Option<Text<500>>,
    kinds: Vec<String>,
) -> Result<Endpoint, Refused> {
    let all = PageRequest { limit: MAX, after: None };
    if store::list_endpoints(tx, &right.tenant(), &all).await?.len() >= MAX {
        return Err(TOO_MANY.because(format!("An organisation has at most {MAX}; delete one.")));
    }
    let endpoint = Endpoint {
        id: right.new_id(),
        tenant_id: right.tenant(),
        url,
        description: description.map(Text::into_string).unwrap_or_default(),
        kinds: JsonColumn(kinds),
        secret: signature::new_secret(right.random()),
        previous_secret: None,
        previous_until: None,
        enabled: true,
        disabled_because: None,
        from_position: events::head(tx, &right.tenant()).await?,
        failures: 0,
        failing_since: None,
        paused_until: None,
        created_at: right.now(),
        revision: 1,
    };
    store::insert_endpoint(tx, &endpoint).await?;
    right.record(tx, &WebhookCreated { webhook: endpoint.id, url: endpoint.url.clone() })?;
    Ok(endpoint)
}

/// Switched on again, it gets what still waits for it, and events from now on.
pub(crate) async fn edit_webhook(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    command: EditWebhook,
    expected: &Expected,
) -> Result<Endpoint, Refused> {
    let mut endpoint = find::lock(tx, right, id).await?;
    expected.refuse_stale(endpoint.revision)?;
    let EditWebhook { url, description, kinds, enabled } = command;
    endpoint.url = url.unwrap_or(endpoint.url);
    endpoint.description = description.unwrap_or(endpoint.description);
    endpoint.kinds = kinds.map_or(endpoint.kinds, JsonColumn);
    if enabled == Some(true) && !endpoint.enabled {
        endpoint.from_position = events::head(tx, &right.tenant()).await?;
        (endpoint.disabled_because, endpoint.failing_since, endpoint.paused_until) = (None, None, None);
        endpoint.failures = 0;
        let key = endpoint.id.to_string();
        enqueue(tx, right.random(), &Deliver { webhook: *id }, When::now(right.now()).key(&key)).await?;
    }
    endpoint.enabled = enabled.unwrap_or(endpoint.enabled);
    endpoint.revision += 1;
    store::update_endpoint(tx, &endpoint).await?;
    right.record(tx, &WebhookEdited { webhook: *id })?;
    Ok(endpoint)
}

/// The old secret signs beside the new one for a day.
pub(crate) async fn rotate_secret(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
) -> Result<Endpoint, Refused> {
    let mut endpoint = find::lock(tx, right, id).await?;
    let new = signature::new_secret(right.random());
    endpoint.previous_secret = Some(std::mem::replace(&mut endpoint.secret, new));
    endpoint.previous_until = Some(right.now().plus_seconds(ROTATION_SECONDS));
    endpoint.revision += 1;
    store::update_endpoint(tx, &endpoint).await?;
    right.record(tx, &WebhookSecretRotated { webhook: *id })?;
    Ok(endpoint)
}

pub(crate) async fn delete_webhook(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
) -> Result<(), Refused> {
    find::lock(tx, right, id).await?;
    store::delete_endpoint(tx, id).await?;
    right.record(tx, &WebhookDeleted { webhook: *id })?;
    Ok(())
}
