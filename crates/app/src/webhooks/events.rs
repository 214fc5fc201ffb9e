//! What webhooks announce.

use types::WebhookId;

use crate::events::events;

events! {
    /// A webhook was made.
    WebhookCreated "webhook.created" { webhook: WebhookId, url: String }
    /// A webhook's address, description, kinds or state changed.
    WebhookEdited "webhook.edited" { webhook: WebhookId }
    /// A webhook got a new secret; the old one signs beside it for a day.
    WebhookSecretRotated "webhook.secret_rotated" { webhook: WebhookId }
    /// A webhook was deleted.
    WebhookDeleted "webhook.deleted" { webhook: WebhookId }
    /// A webhook was switched off, because its endpoint is gone or failed for days.
    WebhookDisabled "webhook.disabled" { webhook: WebhookId, url: String, because: String }
    /// Past events are sent to a webhook again.
    WebhookReplayed "webhook.replayed" { webhook: WebhookId, after: i64, until: i64 }
}
