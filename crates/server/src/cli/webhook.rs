//! `seatline webhook …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Have events sent to an address of yours, signed per Standard Webhooks; the secret is shown once
    #[command(after_help = "Example:\n  \
        seatline webhook create --url https://hooks.contoso.example/seatline --kind 'license.*' --kind user.created")]
    Create {
        /// https://…, reachable from the internet
        #[arg(long)]
        url: String,
        #[arg(long)]
        description: Option<String>,
        /// A kind of event, or license.*; may be repeated; without, all
        #[arg(long = "kind", value_name = "KIND")]
        kinds: Vec<String>,
    },
    /// List your webhooks
    #[command(after_help = "Example:\n  seatline webhook list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a webhook
    #[command(after_help = "Example:\n  seatline webhook show whk_01j9")]
    Show { webhook: String },
    /// Change a webhook; what is not given stays as it is
    #[command(after_help = "Example:\n  seatline webhook edit whk_01j9 --enabled true")]
    Edit {
        webhook: String,
        #[arg(long)]
        url: Option<String>,
        #[arg(long)]
        description: Option<String>,
        /// Instead of the kinds it has; may be repeated
        #[arg(long = "kind", value_name = "KIND")]
        kinds: Vec<String>,
        #[arg(long)]
        enabled: Option<bool>,
    },
    /// Delete a webhook with everything that was sent there
    #[command(after_help = "Example:\n  seatline webhook delete whk_01j9")]
    Delete { webhook: String },
    /// Make a new secret, shown once; the old one signs beside it for a day
    #[command(after_help = "Example:\n  seatline webhook rotate-secret whk_01j9")]
    RotateSecret { webhook: String },
    /// Send a test event
    #[command(after_help = "Example:\n  seatline webhook test whk_01j9")]
    Test { webhook: String },
    /// Send every event since a time again
    #[command(after_help = "Example:\n  seatline webhook replay whk_01j9 --since 2026-05-01T00:00:00Z")]
    Replay {
        webhook: String,
        #[arg(long, value_name = "TIME")]
        since: String,
    },
    /// List what was sent to a webhook or is to be, the newest first
    #[command(after_help = "Example:\n  seatline webhook deliveries whk_01j9 --state dead")]
    Deliveries {
        webhook: String,
        /// pending, delivered or dead
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a delivery with what is sent and every attempt
    #[command(after_help = "Example:\n  seatline webhook delivery whk_01j9 dlv_01j9")]
    Delivery { webhook: String, delivery: String },
    /// Send an event once more
    #[command(after_help = "Example:\n  seatline webhook resend whk_01j9 dlv_01j9")]
    Resend { webhook: String, delivery: String },
}

impl WebhookCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let nothing = json!({});
        let reply = match self {
            Self::Create { url, description, kinds } => {
                let body = json!({ "url": url, "description": description, "kinds": kinds });
                session.post(&["webhooks"], &super::body(&body)?)?
            }
            Self::List { page } => {
                let columns = ["id", "url", "kinds", "enabled", "failing_since"];
                return session.table(session.get(&["webhooks"], &page.query())?, &columns);
            }
            Self::Show { webhook } => session.get(&["webhooks", &webhook], &[])?,
            Self::Edit { webhook, url, description, kinds, enabled } => {
                let kinds = (!kinds.is_empty()).then_some(kinds);
                let body =
                    json!({ "url": url, "description": description, "kinds": kinds, "enabled": enabled });
                session.patch(&["webhooks", &webhook], &super::body(&body)?)?
            }
            Self::Delete { webhook } => session.delete(&["webhooks", &webhook])?,
            Self::RotateSecret { webhook } => {
                session.post(&["webhooks", &webhook, "rotate-secret"], &nothing)?
            }
            Self::Test { webhook } => session.post(&["webhooks", &webhook, "test"], &nothing)?,
            Self::Replay { webhook, since } => {
                session.post(&["webhooks", &webhook, "replay"], &json!({ "since": since }))?
            }
            Self::Deliveries { webhook, state, page } => {
                let query: Vec<_> =
                    state.into_iter().map(|state| ("state", state)).chain(page.query()).collect();
                let columns = ["id", "kind", "state", "attempts", "due_at", "finished_at"];
                return session.table(session.get(&["webhooks", &webhook, "deliveries"], &query)?, &columns);
            }
            Self::Delivery { webhook, delivery } => {
                session.get(&["webhooks", &webhook, "deliveries", &delivery], &[])?
            }
            Self::Resend { webhook, delivery } => {
                session.post(&["webhooks", &webhook, "deliveries", &delivery, "resend"], &nothing)?
            }
        };
        session.show(reply)
    }
}
