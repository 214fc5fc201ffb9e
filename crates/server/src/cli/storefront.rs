//! `seatline storefront …`

use clap::Subcommand;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum StorefrontCommand {
    /// List what is on sale
    #[command(after_help = "Example:\n  seatline storefront list --server https://market.example")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show an offer as customers see it
    #[command(after_help = "Example:\n  seatline storefront show fabrikam.campus")]
    Show {
        /// `publisher.offer`
        address: String,
    },
}

impl StorefrontCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::List { page } => {
                let columns = ["address", "name", "publisher_name", "summary"];
                session.table(session.get(&["storefront", "offers"], &page.query())?, &columns)
            }
            Self::Show { address } => session.show(session.get(&["storefront", "offers", &address], &[])?),
        }
    }
}
