//! `seatline group …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum GroupCommand {
    /// Make a group
    #[command(after_help = "Example:\n  seatline group create Sales")]
    Create { name: String },
    /// List groups
    #[command(after_help = "Example:\n  seatline group list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Delete a group that has no licenses
    #[command(after_help = "Example:\n  seatline group delete grp_01j9")]
    Delete { group: String },
    /// List who is in a group directly
    #[command(after_help = "Example:\n  seatline group members grp_01j9")]
    Members {
        group: String,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Bring users and groups into a group; they get its licenses, or wait for a seat
    #[command(after_help = "Example:\n  \
        seatline group add grp_01j9 ada@contoso.example lin@contoso.example --group grp_01ja")]
    Add {
        group: String,
        #[command(flatten)]
        members: MemberArguments,
    },
    /// Take users and groups out of a group
    #[command(after_help = "Example:\n  seatline group remove grp_01j9 ada@contoso.example")]
    Remove {
        group: String,
        #[command(flatten)]
        members: MemberArguments,
    },
    /// List the licenses of a group
    #[command(after_help = "Example:\n  seatline group licenses grp_01j9")]
    Licenses { group: String },
    /// Give a license to a group: the earliest members have seats, the others wait
    #[command(after_help = "Example:\n  seatline group license grp_01j9 --service-id fabrikam.campus.gold")]
    License {
        group: String,
        #[arg(long)]
        service_id: String,
    },
    /// Take a license off a group
    #[command(after_help = "Example:\n  seatline group unlicense grp_01j9 --service-id fabrikam.campus.gold")]
    Unlicense {
        group: String,
        #[arg(long)]
        service_id: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct MemberArguments {
    /// Ids or e-mail addresses
    #[arg(required_unless_present = "groups")]
    users: Vec<String>,
    /// Id of a group; may be repeated
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
}

impl GroupCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Create { name } => session.post(&["groups"], &json!({ "name": name }))?,
            Self::List { page } => {
                let columns = ["id", "name", "created_at"];
                return session.table(session.get(&["groups"], &page.query())?, &columns);
            }
            Self::Delete { group } => session.delete(&["groups", &group])?,
            Self::Members { group, page } => {
                let columns = ["kind", "user", "group", "since"];
                return session.table(session.get(&["groups", &group, "members"], &page.query())?, &columns);
            }
            Self::Add { group, members: MemberArguments { users, groups } } => {
                session.post(&["groups", &group, "members"], &json!({ "users": users, "groups": groups }))?
            }
            Self::Remove { group, members: MemberArguments { users, groups } } => {
                let body = json!({ "users": users, "groups": groups });
                session.post(&["groups", &group, "members", "remove"], &body)?
            }
            Self::Licenses { group } => {
                let columns = ["service_id", "since", "pending", "ending", "progress.done", "progress.total"];
                return session.table(session.get(&["groups", &group, "licenses"], &[])?, &columns);
            }
            Self::License { group, service_id } => {
                session.put(&["groups", &group, "licenses", &service_id], &json!({}))?
            }
            Self::Unlicense { group, service_id } => {
                session.delete(&["groups", &group, "licenses", &service_id])?
            }
        };
        session.show(reply)
    }
}
