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
    /// End the relationship with a customer, once no license is active under it
    #[command(after_help = "Example:\n  seatline customer end ten_01j9")]
    End { customer: String },
    /// List the customers that have consented
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
            Self::End { customer } => {
                session.show(session.post(&["customers", &customer, "end"], &json!({}))?)
            }
            Self::List { page } => {
                let columns = ["tenant", "name", "country", "since"];
                session.table(session.get(&["customers"], &page.query())?, &columns)
            }
        }
    }
}
