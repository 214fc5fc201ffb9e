//! Sends what is due at an endpoint.

use db::BoxFuture;
use serde::{Deserialize, Serialize};
use types::{LeadDestinationId, Timestamp};

use super::operations::deliver;
use super::{Destination, Lead, LeadDelivery, payload, store};
use crate::App;
use crate::jobs::{Attempt, Failed, Job, When, enqueue};
use crate::kit::Refused;

/// Leads that a job sends before it makes room for other endpoints; each may take as long as an endpoint has.
const IN_ONE_JOB: i64 = 5;

/// Its key is the destination, so no two run at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deliver {
    pub destination: LeadDestinationId,
}

impl Job for Deliver {
    const KIND: &'static str = "lead.deliver";

    fn run(self, app: App, _: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move { Ok(deliver(&app, self.destination).await?) })
    }
}

async fn deliver(app: &App, id: LeadDestinationId) -> Result<(), Refused> {
    let now = app.clock.now();
    let found = app.db.read(move |tx| Box::pin(async move { due(tx, id, now).await })).await?;
    // Deleted meanwhile, with what was to go there.
    let Some((destination, due)) = found else { return Ok(()) };
    for (delivery, lead) in due {
        // Where one does not arrive, the others need not be tried right now.
        if !send(app, &destination, delivery, lead).await? {
            break;
        }
    }
    let (now, random) = (app.clock.now(), app.random.clone());
    let enqueued = app.db.write(move |tx| {
        Box::pin(async move {
            let Some(due_at) = store::next_due(tx, &id).await? else { return Ok(()) };
            let key = id.to_string();
            let when = When::now(now).due_at(due_at).key(&key);
            Ok::<_, Refused>(enqueue(tx, &random, &Deliver { destination: id }, when).await?)
        })
    });
    enqueued.await.map(|_| ())
}

type Due = (Destination, Vec<(LeadDelivery, Lead)>);

async fn due(tx: &mut db::Tx, id: LeadDestinationId, now: Timestamp) -> Result<Option<Due>, Refused> {
    let Some(destination) = store::find_destination(tx, &id).await? else { return Ok(None) };
    let mut due = Vec::new();
    for delivery in store::list_due(tx, &id, now, IN_ONE_JOB).await? {
        let lead = store::find_lead(tx, &destination.tenant_id, &delivery.lead_id).await?;
        due.push((delivery, lead.ok_or_else(|| Refused::internal("a delivery without its lead"))?));
    }
    Ok(Some((destination, due)))
}

/// One attempt; true if it arrived.
async fn send(
    app: &App,
    destination: &Destination,
    delivery: LeadDelivery,
    lead: Lead,
) -> Result<bool, Refused> {
    let marketplace = payload::marketplace(&app.settings.base_url);
    let to = (destination.address.as_str(), destination.secret.as_deref().unwrap_or_default());
    let sent = payload::send(&app.outbound, to, &lead, &marketplace, app.clock.now()).await?;
    let arrived = sent.error.is_none();
    let (now, random) = (app.clock.now(), app.random.clone());
    let recorded = app.db.write(move |tx| {
        Box::pin(async move {
            deliver::record_attempt(tx, &random, now, &lead, delivery.clone(), sent.clone()).await
        })
    });
    recorded.await?;
    Ok(arrived)
}
