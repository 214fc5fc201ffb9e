//! `seatline api-client …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum ApiClientCommand {
    /// Make a client; its secret is shown once
    #[command(
        after_help = "Example:\n  seatline api-client create --name portal --scope check.any --scope event.read"
    )]
    Create {
        #[arg(long)]
        name: String,
        /// Name of a permission; may be repeated
        #[arg(long = "scope", value_name = "PERMISSION", required = true)]
        scopes: Vec<String>,
    },
    /// List the clients
    #[command(after_help = "Example:\n  seatline api-client list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Delete a client
    #[command(after_help = "Example:\n  seatline api-client delete cli_01j9")]
    Delete { client: String },
}

impl ApiClientCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Create { name, scopes } => {
                session.show(session.post(&["api-clients"], &json!({ "name": name, "scopes": scopes }))?)
            }
            Self::List { page } => {
                let columns = ["id", "name", "scopes", "created_at"];
                session.table(session.get(&["api-clients"], &page.query())?, &columns)
            }
            Self::Delete { client } => session.show(session.delete(&["api-clients", &client])?),
        }
    }
}
