//! `seatline token …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token for programs that act as you; it is shown once
    #[command(after_help = "Example:\n  seatline token create --name build-server --days 90")]
    Create {
        #[arg(long)]
        name: String,
        /// How long it is good for, 1 to 366
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// List your tokens
    #[command(after_help = "Example:\n  seatline token list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Delete one of your tokens
    #[command(after_help = "Example:\n  seatline token delete pat_01j9")]
    Delete {
        #[arg(value_name = "TOKEN")]
        id: String,
    },
}

impl TokenCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Create { name, days } => {
                session.show(session.post(&["me", "tokens"], &json!({ "name": name, "days": days }))?)
            }
            Self::List { page } => {
                let columns = ["id", "name", "created_at", "expires_at"];
                session.table(session.get(&["me", "tokens"], &page.query())?, &columns)
            }
            Self::Delete { id } => session.show(session.delete(&["me", "tokens", &id])?),
        }
    }
}
