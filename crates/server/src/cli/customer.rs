//! `seatline customer …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum CustomerCommand {
    /// Make a link that lets one customer consent; it is shown once
    #[command(after_help = "Examples:\n  seatline customer invite --note \"Contoso, contract of May\"\n  \
        seatline customer invite --mail-to kim@contoso.example --language ko")]
    Invite {
        /// For yourself
        #[arg(long)]
        note: Option<String>,
        /// Mail the link to this address too
        #[arg(long, value_name = "EMAIL")]
        mail_to: Option<String>,
        /// Of that mail: en or ko
        #[arg(long, requires = "mail_to")]
        language: Option<String>,
    },
    /// End the relationship with a customer, once no license is active under it
    #[command(after_help = "Example:\n  seatline customer end ten_01j9")]
    End { customer: String },
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
            Self::Invite { note, mail_to, language } => {
                let body = json!({ "note": note, "mail_to": mail_to, "language": language });
                session.show(session.post(&["invitations"], &super::body(&body)?)?)
            }
            Self::End { customer } => {
                session.show(session.post(&["customers", &customer, "end"], &json!({}))?)
            }
            Self::List { page } => {
                let columns = ["tenant", "name", "country", "since", "plans", "granted", "assigned"];
                session.table(session.get(&["customers"], &page.query())?, &columns)
            }
        }
    }
}
