//! `seatline user …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;
use crate::password;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Add a user to the directory
    #[command(after_help = "Examples:\n  \
        seatline user create --email ada@contoso.example --name Ada\n  \
        seatline user create --email lin@contoso.example --name Lin --role license_admin --password-file lin.txt")]
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Besides `user`, which everybody holds; may be repeated
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// File with a password, - for standard input; without, the user does not sign in here
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List the directory
    #[command(after_help = "Example:\n  seatline user list --search ada")]
    List {
        /// Part of a name or address
        #[arg(long)]
        search: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a user
    #[command(after_help = "Example:\n  seatline user show ada@contoso.example")]
    Show {
        /// Id or e-mail address
        user: String,
    },
    /// Replace a user's roles
    #[command(after_help = "Example:\n  seatline user roles lin@contoso.example license_admin user_admin")]
    Roles { user: String, roles: Vec<String> },
    /// Deactivate a user: no sign-in, and its seats are free
    #[command(after_help = "Example:\n  seatline user deactivate ada@contoso.example")]
    Deactivate { user: String },
    /// Activate a user again; directly assigned seats do not come back by themselves
    #[command(after_help = "Example:\n  seatline user activate ada@contoso.example")]
    Activate { user: String },
    /// Say that a user is on leave, or back: what it does not use meanwhile is not idle
    #[command(
        after_help = "Examples:\n  seatline user leave ada@contoso.example --until 2026-12-31T00:00:00Z\n  \
        seatline user leave ada@contoso.example --end"
    )]
    Leave {
        user: String,
        /// RFC 3339; without, from now on
        #[arg(long, conflicts_with = "end")]
        from: Option<String>,
        /// RFC 3339; without, until it is ended
        #[arg(long, conflicts_with = "end")]
        until: Option<String>,
        #[arg(long)]
        end: bool,
    },
    /// Delete a user; its seats are free
    #[command(after_help = "Example:\n  seatline user delete ada@contoso.example")]
    Delete { user: String },
}

impl UserCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Create { email, name, roles, password_file } => {
                let password = password_file.map(|path| password::read(Some(&path))).transpose()?;
                let body = json!({ "email": email, "name": name, "roles": roles, "password": password });
                session.post(&["users"], &super::body(&body)?)?
            }
            Self::List { search, page } => {
                let mut query = page.query();
                query.extend(search.map(|search| ("search", search)));
                let columns = ["id", "email", "name", "status", "roles"];
                return session.table(session.get(&["users"], &query)?, &columns);
            }
            Self::Show { user } => session.get(&["users", &user], &[])?,
            Self::Roles { user, roles } => {
                session.put(&["users", &user, "roles"], &json!({ "roles": roles }))?
            }
            Self::Deactivate { user } => session.post(&["users", &user, "deactivate"], &json!({}))?,
            Self::Activate { user } => session.post(&["users", &user, "activate"], &json!({}))?,
            Self::Leave { user, end: true, .. } => session.delete(&["users", &user, "leave"])?,
            Self::Leave { user, from, until, .. } => {
                let body = super::body(&json!({ "from": from, "until": until }))?;
                session.put(&["users", &user, "leave"], &body)?
            }
            Self::Delete { user } => session.delete(&["users", &user])?,
        };
        session.show(reply)
    }
}
