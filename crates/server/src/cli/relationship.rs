//! `seatline relationship …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::invitation::token;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum RelationshipCommand {
    /// Accept an invitation: that publisher may provision licenses to you
    #[command(
        after_help = "Example:\n  seatline relationship accept https://market.example/invitations/eyJh"
    )]
    Accept {
        /// The link, or the token in it
        link: String,
    },
    /// End the relationship with a publisher (customer), once none of its licenses is active
    #[command(after_help = "Example:\n  seatline relationship end rel_01j9")]
    End { relationship: String },
    /// List the publishers you have accepted
    #[command(after_help = "Example:\n  seatline relationship list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
}

impl RelationshipCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Accept { link } => {
                session.show(session.post(&["relationships"], &json!({ "token": token(&link) }))?)
            }
            Self::End { relationship } => {
                session.show(session.post(&["relationships", &relationship, "end"], &json!({}))?)
            }
            Self::List { page } => {
                let columns = ["id", "publisher_id", "publisher_name", "accepted_at", "ended_at"];
                session.table(session.get(&["relationships"], &page.query())?, &columns)
            }
        }
    }
}
