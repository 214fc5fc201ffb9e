//! `seatline lead …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::PageArguments;
use super::session::{Session, value};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum LeadCommand {
    /// List who asked to be contacted, the newest first
    #[command(after_help = "Example:\n  seatline lead list --offer fabrikam.campus --status new")]
    List {
        /// publisherid.offerid
        #[arg(long)]
        offer: Option<String>,
        /// new, contacted, won or lost
        #[arg(long)]
        status: Option<String>,
        /// PLT: asked to be contacted; INS: installed; LIC: asked for more licenses
        #[arg(long)]
        action: Option<String>,
        /// Part of a name, a company, an e-mail address or an offer's title
        #[arg(long)]
        search: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a lead with its contact data
    #[command(after_help = "Example:\n  seatline lead show lea_018bcfe568007000b000000000000000")]
    Show { lead: String },
    /// Say how far you are with a lead
    #[command(after_help = "Example:\n  seatline lead status lea_018bcfe568007000b000000000000000 contacted")]
    Status {
        lead: String,
        /// new, contacted, won or lost
        status: String,
    },
    /// Show how a lead fares at each destination
    #[command(after_help = "Example:\n  seatline lead deliveries lea_018bcfe568007000b000000000000000")]
    Deliveries { lead: String },
    /// Try for three more days what was given up at an endpoint
    #[command(after_help = "Example:\n  \
        seatline lead resend lea_018bcfe568007000b000000000000000 dlv_018bcfe568007000b000000000000000")]
    Resend { lead: String, delivery: String },
    /// Where the leads of all your offers go, besides this list
    #[command(subcommand)]
    Destination(DestinationCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DestinationCommand {
    /// Have leads sent to an endpoint or an e-mail address; an endpoint's secret is shown once
    #[command(after_help = "Examples:\n  \
        seatline lead destination create --url https://crm.fabrikam.example/leads\n  \
        seatline lead destination create --email sales@fabrikam.example --language ko")]
    Create {
        /// https://…, reachable from the internet
        #[arg(long, required_unless_present = "email", conflicts_with = "email")]
        url: Option<String>,
        #[arg(long)]
        email: Option<String>,
        /// Of mails: en or ko [default: en]
        #[arg(long)]
        language: Option<String>,
    },
    /// List where leads go
    #[command(after_help = "Example:\n  seatline lead destination list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Send a test lead now, and say whether it arrived; exit code 1 if it did not
    #[command(
        after_help = "Example:\n  seatline lead destination validate led_018bcfe568007000b000000000000000"
    )]
    Validate { destination: String },
    /// Send no more leads there; the leads stay
    #[command(
        after_help = "Example:\n  seatline lead destination delete led_018bcfe568007000b000000000000000"
    )]
    Delete { destination: String },
}

impl LeadCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::List { offer, status, action, search, page } => {
                let filters = [("offer", offer), ("status", status), ("action", action), ("search", search)];
                let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value?)));
                let query: Vec<_> = filters.chain(page.query()).collect();
                let columns =
                    ["id", "offer", "action", "status", "contact.company", "contact.email", "created_at"];
                session.table(session.get(&["leads"], &query)?, &columns)
            }
            Self::Show { lead } => session.show(session.get(&["leads", &lead], &[])?),
            Self::Status { lead, status } => {
                session.show(session.post(&["leads", &lead, "status"], &json!({ "status": status }))?)
            }
            Self::Deliveries { lead } => {
                let columns = ["id", "destination", "state", "attempts", "error", "due_at"];
                session.table(session.get(&["leads", &lead, "deliveries"], &[])?, &columns)
            }
            Self::Resend { lead, delivery } => {
                let path = ["leads", &lead, "deliveries", &delivery, "resend"];
                session.show(session.post(&path, &json!({}))?)
            }
            Self::Destination(command) => command.run(session),
        }
    }
}

impl DestinationCommand {
    fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Create { url, email, language } => {
                let body = json!({ "url": url, "email": email, "language": language });
                session.show(session.post(&["lead-destinations"], &super::body(&body)?)?)
            }
            Self::List { page } => {
                let columns = ["id", "kind", "address", "language", "created_at"];
                session.table(session.get(&["lead-destinations"], &page.query())?, &columns)
            }
            Self::Validate { destination } => {
                let path = ["lead-destinations", &destination, "validate"];
                let reply = session.post(&path, &json!({}))?;
                let arrived = value(&reply)?["arrived"] == Value::Bool(true);
                session.show(reply)?;
                if arrived { Ok(()) } else { Err(Failure::Other("the test lead did not arrive".to_owned())) }
            }
            Self::Delete { destination } => {
                session.show(session.delete(&["lead-destinations", &destination])?)
            }
        }
    }
}
