//! `seatline request …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    /// Ask your administrators for a seat
    #[command(
        after_help = "Example:\n  seatline request seat --service-id fabrikam.campus.gold --note \"For the audit\""
    )]
    Seat {
        #[arg(long)]
        service_id: String,
        #[arg(long)]
        note: Option<String>,
    },
    /// Ask the publisher for more seats of a plan (customer)
    #[command(
        after_help = "Example:\n  seatline request licenses --service-id fabrikam.campus.gold --seats 20"
    )]
    Licenses {
        #[arg(long)]
        service_id: String,
        /// More than there are
        #[arg(long)]
        seats: u64,
        #[arg(long)]
        note: Option<String>,
    },
    /// List what your users ask for (customer), what you asked for, or what customers ask for (publisher)
    #[command(
        after_help = "Examples:\n  seatline request list\n  seatline request list --state declined\n  \
        seatline request list --mine\n  seatline request list --from-customers"
    )]
    List {
        /// `open` (default), `granted` or `declined`
        #[arg(long, conflicts_with_all = ["mine", "from_customers"])]
        state: Option<String>,
        /// Your own
        #[arg(long, conflicts_with = "from_customers")]
        mine: bool,
        /// For more licenses (publisher)
        #[arg(long)]
        from_customers: bool,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Grant a request for a seat: the user is assigned (customer)
    #[command(after_help = "Example:\n  seatline request grant srq_01j9")]
    Grant { request: String },
    /// Decline a request for a seat (customer)
    #[command(after_help = "Example:\n  seatline request decline srq_01j9 --reason \"Next year\"")]
    Decline {
        request: String,
        #[arg(long)]
        reason: Option<String>,
    },
}

impl RequestCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let seat = ["id", "state", "user", "service_id", "created_at", "note", "reason"];
        let reply = match self {
            Self::Seat { service_id, note } => {
                session.post(&["me", "seat-requests"], &json!({ "service_id": service_id, "note": note }))?
            }
            Self::Licenses { service_id, seats, note } => session
                .post(&["licenses", &service_id, "requests"], &json!({ "seats": seats, "note": note }))?,
            Self::List { mine: true, page, .. } => {
                return session.table(session.get(&["me", "seat-requests"], &page.query())?, &seat);
            }
            Self::List { from_customers: true, page, .. } => {
                let columns = ["id", "customer", "deal", "service_id", "seats", "created_at", "note"];
                return session.table(session.get(&["license-requests"], &page.query())?, &columns);
            }
            Self::List { state, page, .. } => {
                let mut query = page.query();
                query.extend(state.map(|state| ("state", state)));
                return session.table(session.get(&["seat-requests"], &query)?, &seat);
            }
            Self::Grant { request } => session.post(&["seat-requests", &request, "grant"], &json!({}))?,
            Self::Decline { request, reason } => {
                session.post(&["seat-requests", &request, "decline"], &json!({ "reason": reason }))?
            }
        };
        session.show(reply)
    }
}
