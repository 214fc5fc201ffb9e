//! `seatline tenant …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;
use crate::password;

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Admit an organisation with its first global admin
    #[command(
        after_help = "Example:\n  seatline tenant create --slug fabrikam --name Fabrikam --country US \
        --publisher-id fabrikam --admin-email fay@fabrikam.example --admin-name Fay --admin-password-file fay.txt"
    )]
    Create {
        /// Short name
        #[arg(long)]
        slug: String,
        #[arg(long)]
        name: String,
        /// Two letters, ISO 3166-1
        #[arg(long)]
        country: String,
        /// For one that sells: the first part of its service ids, for ever
        #[arg(long)]
        publisher_id: Option<String>,
        #[arg(long)]
        admin_email: String,
        #[arg(long)]
        admin_name: String,
        /// File with the admin's password, - for standard input; otherwise `SEATLINE_PASSWORD`, or you are asked
        #[arg(long, value_name = "FILE")]
        admin_password_file: Option<PathBuf>,
    },
    /// List the organisations of the marketplace
    #[command(after_help = "Example:\n  seatline tenant list --limit 100")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
}

impl TenantCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Create {
                slug,
                name,
                country,
                publisher_id,
                admin_email,
                admin_name,
                admin_password_file,
            } => {
                let password = password::read(admin_password_file.as_deref())?;
                let body = super::body(&json!({
                    "slug": slug, "name": name, "country": country, "publisher_id": publisher_id,
                    "admin": { "email": admin_email, "name": admin_name, "password": password },
                }))?;
                session.show(session.post(&["tenants"], &body)?)
            }
            Self::List { page } => {
                let columns = ["id", "slug", "name", "country", "publisher_id", "created_at"];
                session.table(session.get(&["tenants"], &page.query())?, &columns)
            }
        }
    }
}
