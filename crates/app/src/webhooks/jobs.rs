//! Sends what is due at an endpoint.

use std::time::{Duration, Instant};

use axum::http::Method;
use db::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use types::{Timestamp, WebhookId};

use super::delivery::{Delivery, DeliveryAttempt};
use super::endpoint::Endpoint;
use super::operations::{record_attempt, send_again};
use super::{cloud_event, signature, store};
use crate::App;
use crate::jobs::{Attempt, Failed, Job, When, enqueue};
use crate::kit::Refused;
use crate::kit::outbound::{Exchange, Limits};

/// Deliveries on their way to one endpoint at once.
const AT_ONCE: usize = 4;
/// Deliveries that a job sends before it makes room for other endpoints.
const IN_ONE_JOB: i64 = 20;
/// An endpoint that takes longer has failed.
const TIME: Duration = Duration::from_secs(15);
/// Bytes of an answer that are kept.
const RESPONSE_MAX: u64 = 1024;

/// Sends what is due at one endpoint. Its key is the endpoint, so no two run at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deliver {
    pub webhook: WebhookId,
}

impl Job for Deliver {
    const KIND: &'static str = "webhook.deliver";

    fn run(self, app: App, _: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move { Ok(deliver(&app, self.webhook).await?) })
    }
}

/// Makes deliveries again of the events between two positions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Replay {
    pub webhook: WebhookId,
    pub after: i64,
    pub until: i64,
}

impl Job for Replay {
    const KIND: &'static str = "webhook.replay";

    fn run(self, app: App, _: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move {
            let (now, random, base_url) =
                (app.clock.now(), app.random.clone(), app.settings.base_url.clone());
            let stepped = app.db.write(move |tx| {
                Box::pin(async move { send_again::replay_step(tx, &random, now, &self, &base_url).await })
            });
            stepped.await?;
            Ok(())
        })
    }
}

async fn deliver(app: &App, webhook: WebhookId) -> Result<(), Refused> {
    let (now, found) = (app.clock.now(), find(app, webhook).await?);
    let Some(endpoint) = found.filter(|endpoint| endpoint.enabled) else { return Ok(()) };
    let mut due = Vec::new();
    if endpoint.paused_until.is_none_or(|until| until <= now) {
        // While it fails, one of them finds out whether it is back.
        let limit = if endpoint.failures > 0 { 1 } else { IN_ONE_JOB };
        due = app
            .db
            .read(move |tx| Box::pin(async move { store::list_due(tx, &webhook, now, limit).await }))
            .await?;
    }
    let mut due = due.into_iter().peekable();
    let mut fails = false;
    while due.peek().is_some() && !fails {
        let mut sending = JoinSet::new();
        for delivery in due.by_ref().take(AT_ONCE) {
            sending.spawn(send(app.clone(), endpoint.clone(), delivery));
        }
        while let Some(sent) = sending.join_next().await {
            fails |= !sent.map_err(Refused::internal)??;
        }
    }
    let (now, random) = (app.clock.now(), app.random.clone());
    let enqueued = app.db.write(move |tx| {
        Box::pin(async move {
            let endpoint = store::find_endpoint(tx, &webhook).await?.filter(|endpoint| endpoint.enabled);
            let next = store::next_due(tx, &webhook).await?;
            let (Some(endpoint), Some(next)) = (endpoint, next) else { return Ok(()) };
            let due_at = endpoint.tried_at(next);
            let key = webhook.to_string();
            enqueue(tx, &random, &Deliver { webhook }, When::now(now).due_at(due_at).key(&key)).await?;
            Ok::<_, Refused>(())
        })
    });
    enqueued.await.map(|_| ())
}

async fn find(app: &App, webhook: WebhookId) -> Result<Option<Endpoint>, Refused> {
    Ok(app.db.read(move |tx| Box::pin(async move { store::find_endpoint(tx, &webhook).await })).await?)
}

/// One attempt; true if it arrived.
async fn send(app: App, endpoint: Endpoint, delivery: Delivery) -> Result<bool, Refused> {
    let (at, started) = (app.clock.now(), Instant::now());
    let replied = app.deliveries.send(exchange(&endpoint, &delivery, at)).await;
    let duration = i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX);
    let attempt = DeliveryAttempt {
        number: delivery.attempts + 1,
        at,
        duration,
        status: replied.as_ref().ok().map(|reply| i64::from(reply.status)),
        error: match &replied {
            Ok(reply) if (200..300).contains(&reply.status) => None,
            Ok(reply) => Some(format!("it answered {}", reply.status)),
            Err(error) => Some(error.to_string()),
        },
        response: replied.as_ref().ok().map(|reply| shown(&reply.body)),
    };
    let arrived = attempt.error.is_none();
    let random = app.random.clone();
    let recorded = app.db.write(move |tx| {
        Box::pin(async move { record_attempt::record_attempt(tx, &random, at, delivery, attempt).await })
    });
    recorded.await?;
    Ok(arrived)
}

/// Text that any column takes.
fn shown(body: &[u8]) -> String {
    String::from_utf8_lossy(body).replace('\0', "\u{fffd}")
}

fn exchange(endpoint: &Endpoint, delivery: &Delivery, at: Timestamp) -> Exchange {
    let id = delivery.event_id.to_string();
    let signature = signature::sign(&endpoint.secrets(at), &id, at, &delivery.body);
    let headers = vec![
        ("content-type", cloud_event::MEDIA_TYPE.to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", at.seconds().to_string()),
        ("webhook-signature", signature),
    ];
    let limits = Limits { redirects: 0, time: TIME, bytes: RESPONSE_MAX };
    let (url, body) = (endpoint.url.clone(), delivery.body.clone().into_bytes());
    Exchange { method: Method::POST, url, headers, body, limits }
}
