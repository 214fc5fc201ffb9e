//! `seatline customer …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// Make a link that lets one customer consent; it is shown once
    #[command(after_help = "Example:\n  seatline customer invite --note \"Contoso, contract of May\"")]
    Invite {
        /// For yourself
        #[arg(long)]
        note: Option<String>,
    },
    /// List the customers that have consented, and the seats they hold and use
    #[command(after_help = "Example:\n  seatline customer list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
}

impl CustomerCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Invite { note } => {
                session.show(session.post(&["invitations"], &super::body(&json!({ "note": note }))?)?)
            }
            Self::List { page } => {
                let columns = ["tenant", "name", "country", "since", "plans", "granted", "assigned"];
                session.table(session.get(&["customers"], &page.query())?, &columns)
            }
        }
    }
}
