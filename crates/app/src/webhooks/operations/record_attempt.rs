//! Keep how an attempt ended, and decide what follows for the delivery and its endpoint.

use db::Tx;
use types::Timestamp;

use crate::events::{self, Actor, Recorder};
use crate::jobs::jittered;
use crate::kit::{Random, Refused};
use crate::webhooks::delivery::{self, Delivery, DeliveryAttempt, DeliveryState};
use crate::webhooks::endpoint::{self, DAYS_OF_FAILURE, Endpoint, GivenUp};
use crate::webhooks::events::WebhookDisabled;
use crate::webhooks::store;

/// What a receiver answers who wants no more (410).
const GONE: i64 = 410;
/// Days after which a delivery is given up; with nothing else arriving meanwhile, so is the endpoint.
const DAYS_OF_DELIVERY: i64 = 3;

pub(crate) async fn record_attempt(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    delivery: Delivery,
    attempt: DeliveryAttempt,
) -> Result<(), Refused> {
    // Held first: attempts at one endpoint end one after the other, and it may be gone.
    let Some(mut endpoint) = store::lock_endpoint(tx, &delivery.endpoint_id).await? else { return Ok(()) };
    store::insert_attempt(tx, &delivery.id, &attempt).await?;
    let arrived = attempt.error.is_none();
    let wait = delivery::wait(attempt.number);
    let state = match wait {
        _ if arrived => DeliveryState::Delivered,
        Some(_) => DeliveryState::Pending,
        None => DeliveryState::Dead,
    };
    let wait = wait.filter(|_| !arrived).map_or(0, |seconds| jittered(seconds, random));
    let finished_at = (state != DeliveryState::Pending).then_some(now);
    let due_at = now.plus_seconds(wait);
    let ended = Delivery { state, attempts: attempt.number, due_at, finished_at, ..delivery };
    store::update_delivery(tx, &ended).await?;
    if arrived {
        (endpoint.failures, endpoint.failing_since, endpoint.paused_until) = (0, None, None);
    } else {
        endpoint.failures += 1;
        endpoint.failing_since = endpoint.failing_since.or(Some(attempt.at));
        endpoint.paused_until = Some(now.plus_seconds(endpoint::pause(endpoint.failures)));
        if let Some(because) = given_up(&endpoint, state, attempt.status, now).filter(|_| endpoint.enabled) {
            disable(tx, random, now, &mut endpoint, because)?;
        }
    }
    Ok(store::update_endpoint(tx, &endpoint).await?)
}

fn given_up(
    endpoint: &Endpoint,
    state: DeliveryState,
    status: Option<i64>,
    now: Timestamp,
) -> Option<GivenUp> {
    let failing = |days: i64| endpoint.failing_since.is_some_and(|since| since <= now.plus_days(-days));
    if status == Some(GONE) {
        Some(GivenUp::Gone)
    } else if state == DeliveryState::Dead && failing(DAYS_OF_DELIVERY) {
        Some(GivenUp::ThreeDays)
    } else if failing(DAYS_OF_FAILURE) {
        Some(GivenUp::FiveDays)
    } else {
        None
    }
}

fn disable(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    endpoint: &mut Endpoint,
    because: GivenUp,
) -> Result<(), Refused> {
    endpoint.enabled = false;
    endpoint.disabled_because = Some(because.as_str().to_owned());
    endpoint.revision += 1;
    let recorder = Recorder { actor: Actor::System, origin: None, at: now, random: random.clone() };
    let (webhook, url, because) = (endpoint.id, endpoint.url.clone(), because.as_str().to_owned());
    let event = WebhookDisabled { webhook, url, because };
    Ok(events::record(tx, &recorder, &[endpoint.tenant_id], &event)?)
}
