//! From events to deliveries.

use db::{BoxFuture, Tx};
use types::{EventId, PageRequest, TenantId, Timestamp, WebhookId};

use crate::App;
use crate::events::{Reader, Recorded};
use crate::jobs::{When, enqueue};
use crate::kit::{Random, Refused};
use crate::webhooks::delivery::{Delivery, DeliveryState};
use crate::webhooks::endpoint::{Endpoint, MAX};
use crate::webhooks::jobs::Deliver;
use crate::webhooks::{cloud_event, store};

/// Follows every log; the cursor and the deliveries move together.
pub(crate) static READER: Reader = Reader { name: "webhooks", kinds: &[], handle };

fn handle<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    tenant: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        let all = PageRequest { limit: MAX, after: None };
        for endpoint in store::list_endpoints(tx, tenant, &all).await? {
            let new = |entry: &&Recorded| entry.position > endpoint.from_position;
            if endpoint.enabled {
                let entries = entries.iter().filter(new);
                add(tx, &app.random, app.clock.now(), &endpoint, entries, &app.settings.base_url).await?;
            }
        }
        Ok(())
    })
}

/// Makes a delivery of each entry that the endpoint wants, and has them sent.
pub(crate) async fn add(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    endpoint: &Endpoint,
    entries: impl Iterator<Item = &Recorded>,
    base_url: &str,
) -> Result<(), Refused> {
    let wanted = entries.filter(|entry| endpoint.wants(&entry.kind));
    let deliveries: Vec<Delivery> = wanted
        .map(|entry| {
            let body = cloud_event::of(entry, &endpoint.tenant_id, base_url);
            new_delivery(random, now, &endpoint.id, entry.id, entry.kind.clone(), body)
        })
        .collect();
    send(tx, random, now, &endpoint.id, &deliveries).await
}

pub(super) fn new_delivery(
    random: &Random,
    now: Timestamp,
    endpoint: &WebhookId,
    event_id: EventId,
    kind: String,
    body: String,
) -> Delivery {
    Delivery {
        id: random.id(now),
        endpoint_id: *endpoint,
        event_id,
        kind,
        body,
        state: DeliveryState::Pending,
        attempts: 0,
        due_at: now,
        created_at: now,
        finished_at: None,
    }
}

pub(super) async fn send(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    endpoint: &WebhookId,
    deliveries: &[Delivery],
) -> Result<(), Refused> {
    if deliveries.is_empty() {
        return Ok(());
    }
    store::insert_deliveries(tx, deliveries).await?;
    let key = endpoint.to_string();
    Ok(enqueue(tx, random, &Deliver { webhook: *endpoint }, When::now(now).key(&key)).await?)
}
