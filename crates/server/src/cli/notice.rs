//! `seatline notice …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum NoticeCommand {
    /// List what you were told, the newest first
    #[command(after_help = "Examples:\n  seatline notice list\n  seatline notice list --unread")]
    List {
        /// Only what you have not read
        #[arg(long)]
        unread: bool,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Mark notices as read
    #[command(after_help = "Examples:\n  seatline notice read evt_01j9\n  seatline notice read --all")]
    Read {
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        notices: Vec<String>,
        #[arg(long)]
        all: bool,
    },
    /// Show which notices come to you by mail, too, or choose them
    #[command(after_help = "Examples:\n  seatline notice mails\n  \
        seatline notice mails --only seat_requested --only license_ending_customer\n  seatline notice mails --none")]
    Mails {
        /// A kind that comes by mail; all that are not named do not
        #[arg(long, value_name = "KIND", conflicts_with = "none")]
        only: Vec<String>,
        /// No mail of any
        #[arg(long)]
        none: bool,
    },
}

impl NoticeCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::List { unread, page } => {
                let mut query = page.query();
                query.extend(unread.then(|| ("unread", "true".to_owned())));
                session.table(
                    session.get(&["notices"], &query)?,
                    &["id", "told_at", "read_at", "subject", "url"],
                )
            }
            Self::Read { notices, all } => {
                let body = if all { json!({ "all": true }) } else { json!({ "notices": notices }) };
                session.show(session.post(&["notices", "read"], &body)?)
            }
            Self::Mails { only, none } => {
                let path = ["notices", "preferences"];
                session.show(if none || !only.is_empty() {
                    session.put(&path, &json!({ "by_mail": only }))?
                } else {
                    session.get(&path, &[])?
                })
            }
        }
    }
}
