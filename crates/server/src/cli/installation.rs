//! `seatline installation …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum InstallationCommand {
    /// Install an offer in an environment; what stands in the way is said all at once
    #[command(after_help = "Example:\n  \
        seatline installation create --offer fabrikam.campus --environment env_018bcfe568007000b000000000000000 --accept-terms")]
    Create {
        /// publisherid.offerid
        #[arg(long)]
        offer: String,
        #[arg(long)]
        environment: String,
        /// You accept the terms of the offer
        #[arg(long)]
        accept_terms: bool,
        /// You agree that your contact data is shared with the publisher
        #[arg(long)]
        share_contact: bool,
    },
    /// List what is installed, and whether there is something newer
    #[command(after_help = "Example:\n  seatline installation list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show one installation
    #[command(after_help = "Example:\n  seatline installation show ins_018bcfe568007000b000000000000000")]
    Show { installation: String },
    /// Update to what is live now
    #[command(
        after_help = "Example:\n  seatline installation update ins_018bcfe568007000b000000000000000 --accept-terms"
    )]
    Update {
        installation: String,
        /// You accept the terms of the version that is live now
        #[arg(long)]
        accept_terms: bool,
    },
    /// Uninstall; licenses and seats stay
    #[command(after_help = "Example:\n  seatline installation delete ins_018bcfe568007000b000000000000000")]
    Delete { installation: String },
    /// Download the package that is installed, byte for byte as it was certified
    #[command(after_help = "Example:\n  \
        seatline installation package ins_018bcfe568007000b000000000000000 --output installed.zip")]
    Package {
        installation: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

impl InstallationCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Create { offer, environment, accept_terms, share_contact } => {
                let body = json!({
                    "offer": offer, "environment": environment, "accept_terms": accept_terms,
                    "share_contact": share_contact,
                });
                session.show(session.post(&["installations"], &body)?)
            }
            Self::List { page } => {
                let columns = ["id", "offer", "version", "environment", "update.version", "updated_at"];
                session.table(session.get(&["installations"], &page.query())?, &columns)
            }
            Self::Show { installation } => session.show(session.get(&["installations", &installation], &[])?),
            Self::Update { installation, accept_terms } => {
                let body = json!({ "accept_terms": accept_terms });
                session.show(session.post(&["installations", &installation, "update"], &body)?)
            }
            Self::Delete { installation } => session.show(session.delete(&["installations", &installation])?),
            Self::Package { installation, output } => {
                session.download(&["installations", &installation, "package"], &output)
            }
        }
    }
}
