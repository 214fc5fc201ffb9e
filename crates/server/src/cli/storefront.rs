//! `seatline storefront …`

use std::path::PathBuf;

use clap::Subcommand;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum StorefrontCommand {
    /// Search what is on sale; without words the latest first
    #[command(after_help = "Examples:\n  seatline storefront list --server https://market.example\n  \
        seatline storefront list --search \"field service\" --category operations --market KR")]
    List(Search),
    /// Show an offer as you see it, with what you can do
    #[command(after_help = "Example:\n  seatline storefront show fabrikam.campus")]
    Show {
        /// `publisher.offer`
        address: String,
    },
    /// Ask an offer's publisher to contact you; needs a sign-in and your consent
    #[command(after_help = "Example:\n  \
        seatline storefront contact fabrikam.campus --consent --phone \"+82 2 555 0100\"")]
    Contact(Contact),
    /// Show the version that waits to go live, with its hide key
    #[command(after_help = "Example:\n  seatline storefront preview fabrikam.campus --key opensesame1")]
    Preview {
        /// `publisher.offer`
        address: String,
        #[arg(long)]
        key: String,
    },
    /// Fetch an image or a document of an offer that is live
    #[command(after_help = "Example:\n  seatline storefront file HASH --output guide.pdf")]
    File {
        hash: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// A filter may be repeated: any of its values will do.
#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    /// Words; beginnings and typos count
    #[arg(long = "search", value_name = "WORDS")]
    words: Option<String>,
    #[arg(long = "category", value_name = "CATEGORY")]
    categories: Vec<String>,
    #[arg(long = "industry", value_name = "INDUSTRY")]
    industries: Vec<String>,
    /// What the offer works with
    #[arg(long = "product", value_name = "PRODUCT")]
    products: Vec<String>,
    /// Two letters, ISO 3166-1
    #[arg(long = "market", value_name = "MARKET")]
    markets: Vec<String>,
    /// `license_management`, `get_it_now`, `free_trial` or `contact_me`
    #[arg(long = "licensing-option", value_name = "OPTION")]
    licensing_options: Vec<String>,
    #[command(flatten)]
    page: PageArguments,
}

/// What is not given is what the marketplace knows of you.
#[derive(Debug, clap::Args, serde::Serialize)]
pub(crate) struct Contact {
    /// `publisher.offer`
    #[serde(skip)]
    address: String,
    /// You agree that your contact data is shared with the publisher
    #[arg(long)]
    consent: bool,
    #[arg(long)]
    first_name: Option<String>,
    #[arg(long)]
    last_name: Option<String>,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    /// Two letters, ISO 3166-1
    #[arg(long)]
    country: Option<String>,
    #[arg(long)]
    company: Option<String>,
    /// Yours, in the company
    #[arg(long)]
    title: Option<String>,
}

impl Search {
    fn query(self) -> Vec<(&'static str, String)> {
        let filters = [
            ("category", self.categories),
            ("industry", self.industries),
            ("product", self.products),
            ("market", self.markets),
            ("licensing_option", self.licensing_options),
        ];
        let filters =
            filters.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name, value)));
        self.words.map(|words| ("q", words)).into_iter().chain(filters).chain(self.page.query()).collect()
    }
}

impl StorefrontCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::List(search) => {
                let columns = ["address", "name", "publisher_name", "summary"];
                session.table(session.get(&["storefront", "offers"], &search.query())?, &columns)
            }
            Self::Show { address } => session.show(session.get(&["storefront", "offers", &address], &[])?),
            Self::Contact(contact) => {
                let path = ["storefront", "offers", &contact.address, "contact"];
                session.show(session.post(&path, &super::body(&contact)?)?)
            }
            Self::Preview { address, key } => {
                session.show(session.get(&["storefront", "previews", &address], &[("key", key)])?)
            }
            Self::File { hash, output } => session.download(&["storefront", "files", &hash], &output),
        }
    }
}
