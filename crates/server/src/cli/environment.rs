//! `seatline environment …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum EnvironmentCommand {
    /// Make an environment: a place where apps run
    #[command(after_help = "Example:\n  seatline environment create --name Main --kind production")]
    Create {
        #[arg(long)]
        name: String,
        /// production or sandbox
        #[arg(long)]
        kind: String,
    },
    /// List your environments
    #[command(after_help = "Example:\n  seatline environment list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Let an environment take installations
    #[command(after_help = "Example:\n  seatline environment enable env_018bcfe568007000b000000000000000")]
    Enable { environment: String },
    /// Let an environment take no more installations
    #[command(after_help = "Example:\n  seatline environment disable env_018bcfe568007000b000000000000000")]
    Disable { environment: String },
    /// Delete an environment in which nothing is installed
    #[command(after_help = "Example:\n  seatline environment delete env_018bcfe568007000b000000000000000")]
    Delete { environment: String },
}

impl EnvironmentCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let at =
            |environment: &str, verb: &str| session.post(&["environments", environment, verb], &json!({}));
        match self {
            Self::Create { name, kind } => {
                session.show(session.post(&["environments"], &json!({ "name": name, "kind": kind }))?)
            }
            Self::List { page } => {
                let columns = ["id", "name", "kind", "state", "created_at"];
                session.table(session.get(&["environments"], &page.query())?, &columns)
            }
            Self::Enable { environment } => session.show(at(&environment, "enable")?),
            Self::Disable { environment } => session.show(at(&environment, "disable")?),
            Self::Delete { environment } => session.show(session.delete(&["environments", &environment])?),
        }
    }
}
