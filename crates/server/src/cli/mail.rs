//! `seatline mail …`, and in which language mails come.

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// List mails, the newest first
    #[command(after_help = "Example:\n  seatline mail list --state held")]
    List {
        /// waiting, held (there is no mail server), sent or failed
        #[arg(long)]
        state: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a mail; what it says until it is sent
    #[command(after_help = "Example:\n  seatline mail show mai_01j9")]
    Show { mail: String },
    /// Send a mail again that failed or is held
    #[command(after_help = "Example:\n  seatline mail send mai_01j9")]
    Send { mail: String },
}

impl MailCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::List { state, page } => {
                let query: Vec<_> =
                    state.into_iter().map(|state| ("state", state)).chain(page.query()).collect();
                let columns = ["id", "state", "recipient", "kind", "subject", "error"];
                session.table(session.get(&["mails"], &query)?, &columns)
            }
            Self::Show { mail } => session.show(session.get(&["mails", &mail], &[])?),
            Self::Send { mail } => session.show(session.post(&["mails", &mail, "send"], &json!({}))?),
        }
    }
}

pub(super) fn language(session: &Session, language: Option<&str>) -> Result<(), Failure> {
    let path = ["me", "language"];
    session.show(match language {
        Some(language) => session.put(&path, &json!({ "language": language }))?,
        None => session.get(&path, &[])?,
    })
}
