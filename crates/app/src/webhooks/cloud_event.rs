//! Events as CloudEvents 1.0, structured JSON.

use serde_json::{Value, json};
use types::{EventId, TenantId, Timestamp};

use crate::events::{Actor, Recorded};

/// The media type of a body.
pub(super) const MEDIA_TYPE: &str = "application/cloudevents+json";
/// What a test event is called; it is in no log.
pub(super) const TEST: &str = "webhook.test";

/// `sequence` (an extension of CloudEvents) is the position in the tenant's log.
pub(super) fn of(entry: &Recorded, tenant: &TenantId, base_url: &str) -> String {
    let mut event = envelope(&entry.id, &entry.kind, entry.at, tenant, base_url);
    event["sequence"] = json!(entry.position.to_string());
    event["actor"] = match &entry.actor {
        Actor::User(user) => json!(user),
        Actor::Client(client) => json!(client),
        Actor::System => json!("system"),
    };
    event["data"] = entry.data.clone();
    event.to_string()
}

pub(super) fn test(id: &EventId, at: Timestamp, tenant: &TenantId, base_url: &str) -> String {
    let mut event = envelope(id, TEST, at, tenant, base_url);
    event["data"] = json!({ "message": "This is a test. Nothing happened." });
    event.to_string()
}

fn envelope(id: &EventId, kind: &str, at: Timestamp, tenant: &TenantId, base_url: &str) -> Value {
    json!({
        "specversion": "1.0",
        "id": id,
        "source": format!("{base_url}/tenants/{tenant}"),
        "type": kind,
        "time": at,
        "datacontenttype": "application/json",
    })
}
