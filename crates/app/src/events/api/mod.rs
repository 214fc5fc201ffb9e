//! The tenant's event log over HTTP (EVT-02): a page, a page as soon as there is one, or a stream.

mod stream;

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use types::{EventId, TenantId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::EventRead;
use crate::edge::{Call, Params, Refusals};
use crate::events::{self, Actor, Recorded};
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// Which part of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogParams {
    /// Entries after this position; 0 or absent from the beginning.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
    /// Seconds to wait for an entry, if there is none yet.
    #[serde(default)]
    #[param(minimum = 0, maximum = 30)]
    wait: u64,
}

/// Seconds that a request may wait for an entry.
const WAIT_MAX: u64 = 30;

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorView {
    /// `user`, `client` or `system`.
    kind: String,
    id: Option<String>,
}

/// One entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    position: i64,
    id: EventId,
    kind: String,
    at: Timestamp,
    actor: ActorView,
    /// The address it came from, as far as known.
    origin: Option<String>,
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

impl From<Recorded> for EventView {
    fn from(entry: Recorded) -> Self {
        let (kind, id) = match entry.actor {
            Actor::User(user) => ("user", Some(user.to_string())),
            Actor::Client(client) => ("client", Some(client.to_string())),
            Actor::System => ("system", None),
        };
        let Recorded { position, id: event, kind: event_kind, at, origin, data, .. } = entry;
        let actor = ActorView { kind: kind.to_owned(), id };
        Self { position, id: event, kind: event_kind, at, actor, origin, data }
    }
}

/// Entries in order, and how far the log has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogView {
    items: Vec<EventView>,
    /// The position of the log's last entry.
    head: i64,
}

impl LogParams {
    fn vet(&self) -> Result<i64, Refused> {
        let limit = self.limit.unwrap_or(100);
        let mut fields = Fields::default();
        if self.after < 0 {
            fields.wrong("after", "after.negative", "must not be negative");
        }
        if !(1..=1000).contains(&limit) {
            fields.wrong("limit", "limit.out_of_range", "must be 1 to 1000");
        }
        if self.wait > WAIT_MAX {
            fields.wrong("wait", "wait.out_of_range", format!("must be 0 to {WAIT_MAX}"));
        }
        fields.finish()?;
        Ok(limit)
    }
}

/// The tenant's events in their order, from any position. With `wait` the answer comes as soon as there is an
/// entry. With `Accept: text/event-stream` entries come as they are made, each as one event whose id is its
/// position; `Last-Event-ID` goes before `after`, and the stream ends after five minutes, to be asked for again.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "list_events", params(LogParams),
    responses((status = 200, content((LogView = "application/json"), (String = "text/event-stream"))), Refusals),
    extensions(("x-permission" = json!("event.read"))))]
async fn list_events(
    Params(query): Params<LogParams>,
    headers: HeaderMap,
    call: Call<EventRead>,
) -> Result<Response, Refused> {
    let limit = query.vet()?;
    let (app, tenant) = (call.app.clone(), call.right.tenant());
    if wants_stream(&headers) {
        let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
        let after = last.and_then(|text| text.parse().ok()).filter(|at| *at >= 0).unwrap_or(query.after);
        return Ok(stream::response(app, tenant, after));
    }
    let mut found = page(&app, tenant, query.after, limit).await?;
    if found.items.is_empty() && query.wait > 0 {
        let mut stopped = app.stop.subscribe();
        // Whether something came or the waiting is over, the page says.
        tokio::select! {
            () = events::grown(&app, &tenant, query.after) => {}
            () = tokio::time::sleep(Duration::from_secs(query.wait)) => {}
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
        found = page(&app, tenant, query.after, limit).await?;
    }
    Ok(Json(found).into_response())
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/event-stream")
}

async fn page(app: &App, tenant: TenantId, after: i64, limit: i64) -> Result<LogView, Refused> {
    let read = app.db.read(move |tx| {
        Box::pin(async move {
            let head = events::head(tx, &tenant).await?;
            let items = events::read(tx, &tenant, after, limit).await?;
            Ok(LogView { items: items.into_iter().map(EventView::from).collect(), head })
        })
    });
    read.await
}
