//! The tenant's event log over HTTP (EVT-02).

use serde::{Deserialize, Serialize};
use types::{EventId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::EventRead;
use crate::edge::{Answer, Call, Params, Refusals};
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
}

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

/// The tenant's events in their order, from any position.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "list_events", params(LogParams),
    responses((status = 200, body = LogView), Refusals), extensions(("x-permission" = json!("event.read"))))]
async fn list_events(
    Params(query): Params<LogParams>,
    call: Call<EventRead>,
) -> Result<Answer<LogView>, Refused> {
    let limit = query.limit.unwrap_or(100);
    let mut fields = Fields::default();
    if query.after < 0 {
        fields.wrong("after", "after.negative", "must not be negative");
    }
    if !(1..=1000).contains(&limit) {
        fields.wrong("limit", "limit.out_of_range", "must be 1 to 1000");
    }
    fields.finish()?;
    call.read(move |tx, right| {
        Box::pin(async move {
            let head = events::head(tx, &right.tenant()).await?;
            let items = events::read(tx, &right.tenant(), query.after, limit).await?;
            Ok(LogView { items: items.into_iter().map(EventView::from).collect(), head })
        })
    })
    .await
}
