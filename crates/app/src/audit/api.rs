//! The audit trail over HTTP.

use db::{ChainEntry, DbError, LogHead};
use serde::{Deserialize, Serialize};
use types::{EventId, TenantId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{AuditRead, MARKETPLACE, Right};
use crate::edge::{Answer, Call, Params, Refusals};
use crate::events::log_id;
use crate::identity::operations::find as identity;
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit_trail))
}

/// Which part of which trail.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrailParams {
    /// Entries after this position; 0 or absent from the beginning.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
    /// Another tenant's trail, for the operator.
    #[param(max_length = 36)]
    tenant: Option<String>,
}

/// One entry, as it is hashed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrailEntry {
    position: i64,
    id: EventId,
    kind: String,
    at: Timestamp,
    /// Who, from where and what, as JSON, to the letter as it was written.
    body: String,
    /// SHA-256 in hexadecimal, where a transaction's entries end.
    link: Option<String>,
}

/// Entries in order, and where the trail ends.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trail {
    items: Vec<TrailEntry>,
    /// The position of the last entry.
    head: i64,
    /// Its link.
    link: String,
}

impl From<ChainEntry> for TrailEntry {
    fn from(entry: ChainEntry) -> Self {
        let ChainEntry { id, position, kind, body, at, link } = entry;
        Self {
            position,
            id: EventId::from_bytes(id),
            kind,
            at: Timestamp::from_micros(at),
            body,
            link: link.as_deref().map(hexadecimal),
        }
    }
}

/// The audit trail: the log as it was written, each transaction's entries linked to those before.
#[utoipa::path(get, path = "/audit", tag = "events", operation_id = "list_audit_trail", params(TrailParams),
    responses((status = 200, body = Trail), Refusals), extensions(("x-permission" = json!("audit.read"))))]
async fn list_audit_trail(
    Params(query): Params<TrailParams>,
    call: Call<AuditRead>,
) -> Result<Answer<Trail>, Refused> {
    let TrailParams { after, limit, tenant } = query;
    let limit = limit.unwrap_or(100);
    let mut fields = Fields::default();
    if after < 0 {
        fields.wrong("after", "after.negative", "must not be negative");
    }
    if !(1..=1000).contains(&limit) {
        fields.wrong("limit", "limit.out_of_range", "must be 1 to 1000");
    }
    let tenant = tenant.and_then(|tenant| fields.parse("tenant", &tenant, TenantId::parse));
    fields.finish()?;
    call.read(move |tx, right| {
        Box::pin(async move {
            let log = log_id(&readable(tx, right, tenant).await?);
            let head = tx.log_head_linked(log).await?;
            let items = tx.log_chain(log, after, limit).await?;
            let (head, link) = head.map_or((0, Vec::new()), |LogHead { head, link, .. }| (head, link));
            let items = items.into_iter().map(TrailEntry::from).collect();
            Ok(Trail { items, head, link: hexadecimal(&link) })
        })
    })
    .await
}

/// ROL-01: another tenant does not exist, except for the operator.
async fn readable(
    tx: &mut db::Tx,
    right: &Right<AuditRead>,
    tenant: Option<TenantId>,
) -> Result<TenantId, Refused> {
    let own = right.tenant();
    match tenant {
        None => Ok(own),
        Some(tenant) if tenant == own => Ok(own),
        Some(tenant) if own == MARKETPLACE => {
            let found: Result<_, DbError> = identity::tenant(tx, &tenant).await;
            found?.map(|tenant| tenant.id).ok_or_else(|| Refused::not_found("tenant"))
        }
        Some(_) => Err(Refused::not_found("tenant")),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
