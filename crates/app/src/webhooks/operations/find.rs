//! Look up webhooks, deliveries and attempts.

use db::Tx;
use types::{DeliveryId, Page, PageRequest, WebhookId};

use crate::access::{Right, WebhookManage};
use crate::kit::Refused;
use crate::webhooks::delivery::{Delivery, DeliveryAttempt, DeliveryState};
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::store;

pub(crate) async fn list_endpoints(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    page: &PageRequest,
) -> Result<Page<Endpoint>, Refused> {
    let endpoints = store::list_endpoints(tx, &right.tenant(), page).await?;
    Ok(Page::cut(endpoints, page, |endpoint| endpoint.id.as_bytes().to_vec()))
}

pub(crate) async fn endpoint(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
) -> Result<Endpoint, Refused> {
    own(store::find_endpoint(tx, id).await?, right)
}

/// Held until the unit of work ends.
pub(super) async fn lock(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
) -> Result<Endpoint, Refused> {
    own(store::lock_endpoint(tx, id).await?, right)
}

fn own(found: Option<Endpoint>, right: &Right<WebhookManage>) -> Result<Endpoint, Refused> {
    found.filter(|endpoint| endpoint.tenant_id == right.tenant()).ok_or_else(|| Refused::not_found("webhook"))
}

/// As it is shown: a delivery that waits is due when its endpoint is tried again.
fn shown(delivery: Delivery, endpoint: &Endpoint) -> Delivery {
    let due_at = match delivery.state {
        DeliveryState::Pending => endpoint.tried_at(delivery.due_at),
        DeliveryState::Delivered | DeliveryState::Dead => delivery.due_at,
    };
    Delivery { due_at, ..delivery }
}

pub(crate) async fn list_deliveries(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    page: &PageRequest,
    state: Option<DeliveryState>,
) -> Result<Page<Delivery>, Refused> {
    let endpoint = endpoint(tx, right, id).await?;
    let deliveries = store::list_deliveries(tx, id, page, state).await?;
    let deliveries = Page::cut(deliveries, page, |delivery| delivery.id.as_bytes().to_vec());
    Ok(deliveries.map(|delivery| shown(delivery, &endpoint)))
}

/// To whichever endpoint of the tenant.
pub(crate) async fn any_delivery(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &DeliveryId,
) -> Result<Option<Delivery>, Refused> {
    Ok(store::find_delivery_of(tx, &right.tenant(), id).await?)
}

pub(crate) async fn delivery(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    delivery: &DeliveryId,
) -> Result<(Delivery, Vec<DeliveryAttempt>), Refused> {
    let endpoint = endpoint(tx, right, id).await?;
    let found = store::find_delivery(tx, id, delivery).await?;
    let found = found.ok_or_else(|| Refused::not_found("delivery"))?;
    let attempts = store::list_attempts(tx, delivery).await?;
    Ok((shown(found, &endpoint), attempts))
}
