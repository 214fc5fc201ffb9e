//! `seatline invitation …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum InvitationCommand {
    /// List the invitations you made (publisher)
    #[command(after_help = "Example:\n  seatline invitation list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Make an open invitation worthless (publisher)
    #[command(after_help = "Example:\n  seatline invitation revoke inv_01j9")]
    Revoke { invitation: String },
    /// Make a new link for an invitation; the old one is worthless (publisher)
    #[command(after_help = "Example:\n  seatline invitation reissue inv_01j9")]
    Reissue { invitation: String },
    /// Show who asks and for what, before you accept (customer)
    #[command(after_help = "Example:\n  seatline invitation preview https://market.example/invitations/eyJh")]
    Preview {
        /// The link, or the token in it
        link: String,
    },
}

impl InvitationCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::List { page } => {
                let columns = ["id", "status", "note", "expires_at"];
                return session.table(session.get(&["invitations"], &page.query())?, &columns);
            }
            Self::Revoke { invitation } => {
                session.post(&["invitations", &invitation, "revoke"], &json!({}))?
            }
            Self::Reissue { invitation } => {
                session.post(&["invitations", &invitation, "reissue"], &json!({}))?
            }
            Self::Preview { link } => {
                session.post(&["invitations", "preview"], &json!({ "token": token(&link) }))?
            }
        };
        session.show(reply)
    }
}

/// The token of a link: what follows its last separator.
pub(super) fn token(link: &str) -> &str {
    link.trim().rsplit(['/', '=', '#']).next().unwrap_or(link)
}
