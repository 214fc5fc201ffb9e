//! Send something that is no news: a test, a delivery again, events since a time again.

use db::Tx;
use types::{DeliveryId, TenantId, Timestamp, WebhookId};

use super::{fan_out, find};
use crate::access::{Right, WebhookManage};
use crate::events::{self, Recorded};
use crate::jobs::{When, enqueue};
use crate::kit::{Fields, Random, Refused};
use crate::webhooks::delivery::Delivery;
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::events::WebhookReplayed;
use crate::webhooks::jobs::Replay;
use crate::webhooks::{ENDPOINT_DISABLED, cloud_event, store};

/// Entries replayed in one unit of work.
const BATCH: i64 = 200;

async fn enabled(tx: &mut Tx, right: &Right<WebhookManage>, id: &WebhookId) -> Result<Endpoint, Refused> {
    let endpoint = find::lock(tx, right, id).await?;
    if endpoint.enabled { Ok(endpoint) } else { Err(ENDPOINT_DISABLED.because("Enable it first.")) }
}

/// An event that says it is a test.
pub(crate) async fn send_test(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    base_url: &str,
) -> Result<Delivery, Refused> {
    let endpoint = enabled(tx, right, id).await?;
    let (event, now) = (right.new_id(), right.now());
    let body = cloud_event::test(&event, now, &endpoint.tenant_id, base_url);
    let kind = cloud_event::TEST.to_owned();
    let delivery = fan_out::new_delivery(right.random(), now, id, event, kind, body);
    fan_out::send(tx, right.random(), now, id, std::slice::from_ref(&delivery)).await?;
    Ok(delivery)
}

/// The same event once more, as a delivery of its own.
pub(crate) async fn resend(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    delivery: &DeliveryId,
) -> Result<Delivery, Refused> {
    enabled(tx, right, id).await?;
    let (known, _) = find::delivery(tx, right, id, delivery).await?;
    let Delivery { event_id, kind, body, .. } = known;
    let again = fan_out::new_delivery(right.random(), right.now(), id, event_id, kind, body);
    fan_out::send(tx, right.random(), right.now(), id, std::slice::from_ref(&again)).await?;
    Ok(again)
}

/// Every event since then that the webhook wants; the number of entries that will be looked at.
pub(crate) async fn replay(
    tx: &mut Tx,
    right: &Right<WebhookManage>,
    id: &WebhookId,
    since: Timestamp,
) -> Result<i64, Refused> {
    enabled(tx, right, id).await?;
    let mut fields = Fields::default();
    if since > right.now() {
        fields.wrong("since", "webhook.since_in_future", "must not be in the future");
    }
    fields.finish()?;
    let until = events::head(tx, &right.tenant()).await?;
    let after = last_before(tx, &right.tenant(), since, until).await?;
    let job = Replay { webhook: *id, after, until };
    enqueue(tx, right.random(), &job, When::now(right.now())).await?;
    right.record(tx, &WebhookReplayed { webhook: *id, after, until })?;
    Ok(until - after)
}

/// The position of the last entry before a time: later positions have later times, so it is found by halving.
async fn last_before(tx: &mut Tx, tenant: &TenantId, since: Timestamp, head: i64) -> Result<i64, Refused> {
    let (mut before, mut from) = (0, head + 1);
    while before + 1 < from {
        let middle = i64::midpoint(before, from);
        let entry = events::read(tx, tenant, middle - 1, 1).await?;
        let early = entry.first().is_some_and(|entry: &Recorded| entry.at < since);
        *(if early { &mut before } else { &mut from }) = middle;
    }
    Ok(before)
}

/// One step of a replay, and the job for the next.
pub(crate) async fn replay_step(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    step: &Replay,
    base_url: &str,
) -> Result<(), Refused> {
    let Some(endpoint) = store::lock_endpoint(tx, &step.webhook).await?.filter(|found| found.enabled) else {
        return Ok(());
    };
    let entries = events::read(tx, &endpoint.tenant_id, step.after, BATCH).await?;
    let within = entries.iter().filter(|entry| entry.position <= step.until);
    fan_out::add(tx, random, now, &endpoint, within, base_url).await?;
    match entries.last() {
        Some(last) if last.position < step.until => {
            let next = Replay { after: last.position, ..step.clone() };
            Ok(enqueue(tx, random, &next, When::now(now)).await?)
        }
        _ => Ok(()),
    }
}
