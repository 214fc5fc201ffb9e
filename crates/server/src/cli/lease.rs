//! `seatline lease …`

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;
use serde_json::json;

use super::PageArguments;
use super::client::Reply;
use super::output::print;
use super::private_file::Pending;
use super::session::{Session, value};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum LeaseCommand {
    /// Get a lease: of your own seats, of a user's, of a block of free seats, or of a customer's user (publisher)
    #[command(after_help = "Examples:\n  \
        seatline lease issue --service-id fabrikam.campus.gold --seconds 604800 --output campus.lease\n  \
        seatline lease issue --user ada@contoso.example --component fab_Campus --offer fabrikam.campus\n  \
        seatline lease issue --seats 20 --service-id fabrikam.campus.gold\n\n\
        An app that carries the lease decides without the server until it expires. As long, the seat is held.")]
    Issue(Box<Issue>),
    /// List leases, also those that have ended: of your organisation, your own, or of a customer (publisher)
    #[command(after_help = "Examples:\n  seatline lease list\n  seatline lease list --self")]
    List {
        #[command(flatten)]
        whose: Whose,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Return a lease that no app uses any more: its seats are held no longer
    #[command(after_help = "Example:\n  seatline lease return lse_018bcfe568007000b000000000000000")]
    Return {
        lease: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// Revoke a lease: it is on the revocation list from now on, and its seats are held until it is over
    #[command(after_help = "Example:\n  seatline lease revoke lse_018bcfe568007000b000000000000000")]
    Revoke {
        lease: String,
        /// The customer's tenant id, when a publisher revokes
        #[arg(long, value_name = "TENANT")]
        customer: Option<String>,
    },
    /// Get the signed list of what was revoked, for apps without a connection
    #[command(after_help = "Examples:\n  \
        seatline lease revocations --publisher fabrikam --output fabrikam.revocations\n  \
        seatline lease revocations --customer ten_018bcfe568007000b000000000000000 --output contoso.revocations")]
    Revocations {
        /// Whose apps carry the leases
        #[arg(long, required_unless_present = "customer", conflicts_with = "customer")]
        publisher: Option<String>,
        #[command(flatten)]
        whose: Whose,
        /// Where to write the list, as apps read it; - for standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Whose leases: of the organisation, unless said.
#[derive(Debug, clap::Args)]
pub(crate) struct Whose {
    /// Your own
    #[arg(long = "self", conflicts_with = "customer")]
    own: bool,
    /// The customer's tenant id, when a publisher asks
    #[arg(long, value_name = "TENANT")]
    customer: Option<String>,
}

#[derive(Debug, clap::Args, Serialize)]
#[command(group = clap::ArgGroup::new("thing").required(true).args(["service_ids", "component"]))]
pub(crate) struct Issue {
    /// Whose seats: id or e-mail address; yourself, if absent
    #[arg(long, conflicts_with = "seats")]
    user: Option<String>,
    /// A block of as many free seats, for any users of your organisation
    #[arg(long)]
    seats: Option<u32>,
    /// The user's organisation, when a publisher asks
    #[arg(long = "customer", value_name = "TENANT", requires = "user")]
    tenant: Option<String>,
    /// Plan: `publisher.offer.plan`; may be repeated
    #[arg(long = "service-id")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    service_ids: Vec<String>,
    /// Unique name of an app, together with --offer
    #[arg(long, requires = "offer")]
    component: Option<String>,
    /// The offer that the component belongs to: `publisher.offer`
    #[arg(long, requires = "component")]
    offer: Option<String>,
    /// How long, at least a minute; it may be shorter [default: a day]
    #[arg(long)]
    seconds: Option<i64>,
    /// ES256 or EdDSA [default: ES256]
    #[arg(long)]
    algorithm: Option<String>,
    /// Where to write the lease, as the app carries it; - for standard output
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    output: Option<PathBuf>,
}

impl LeaseCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Issue(issue) => {
                let path: &[&str] = match (&issue.tenant, &issue.user, issue.seats) {
                    (Some(_), ..) => &["customer-leases"],
                    (None, None, None) => &["me", "leases"],
                    _ => &["leases"],
                };
                let output = issue.output.as_deref().map(Output::begin).transpose()?;
                show(session, session.post(path, &super::body(&issue)?)?, output)
            }
            Self::List { whose, page } => {
                let mut query = page.query();
                query.extend(whose.customer.clone().map(|tenant| ("tenant", tenant)));
                let columns = ["id", "status", "user", "seats", "service_ids", "expires_at"];
                session.table(session.get(&whose.leases(), &query)?, &columns)
            }
            Self::Return { lease, whose } => {
                let path = [whose.leases(), vec![lease.as_str(), "return"]].concat();
                session.show(session.post(&path, &tenant(whose.customer.as_deref()))?)
            }
            Self::Revoke { lease, customer } => {
                let leases = if customer.is_some() { "customer-leases" } else { "leases" };
                session.show(session.post(&[leases, &lease, "revoke"], &tenant(customer.as_deref()))?)
            }
            Self::Revocations { publisher, whose, output } => {
                let path: &[&str] = match (whose.own, &whose.customer) {
                    (true, _) => &["me", "lease-revocations"],
                    (false, Some(_)) => &["customer-lease-revocations"],
                    (false, None) => &["lease-revocations"],
                };
                let publisher = publisher.map(|publisher| ("publisher", publisher));
                let tenant = whose.customer.map(|tenant| ("tenant", tenant));
                let query: Vec<_> = publisher.into_iter().chain(tenant).collect();
                let output = output.as_deref().map(Output::begin).transpose()?;
                show(session, session.get(path, &query)?, output)
            }
        }
    }
}

impl Whose {
    fn leases(&self) -> Vec<&'static str> {
        match (self.own, &self.customer) {
            (true, _) => vec!["me", "leases"],
            (false, Some(_)) => vec!["customer-leases"],
            (false, None) => vec!["leases"],
        }
    }
}

/// What is sent along where a publisher says whose lease it is.
fn tenant(customer: Option<&str>) -> serde_json::Value {
    customer.map_or_else(|| json!({}), |tenant| json!({ "tenant": tenant }))
}

/// Where a token goes: what cannot be written is found out before there is one.
struct Output<'a> {
    path: &'a Path,
    /// `None` for standard output.
    file: Option<Pending>,
}

impl<'a> Output<'a> {
    fn begin(path: &'a Path) -> Result<Self, Failure> {
        let file = (path != Path::new("-")).then(|| Pending::begin(path)).transpose();
        Ok(Self { path, file: file.map_err(|error| unwritten(path, error))? })
    }
}

fn unwritten(path: &Path, error: impl Display) -> Failure {
    Failure::Other(format!("{}: {error}", path.display()))
}

/// Shows what came; writes its token where that is wanted.
fn show(session: &Session, reply: Reply, output: Option<Output<'_>>) -> Result<(), Failure> {
    let Some(Output { path, file }) = output else { return session.show(reply) };
    let answer = value(&reply)?;
    let token = answer["token"].as_str().unwrap_or_default();
    // Whoever has a lease has what it allows.
    let Some(file) = file else { return print(if session.json { &reply.body } else { token }) };
    let id = answer["id"].as_str();
    file.finish(token).map_err(|error| {
        let issued = id.map(|id| format!("; {id} is issued: return it, and try again")).unwrap_or_default();
        unwritten(path, format!("{error}{issued}"))
    })?;
    if session.json {
        return print(&reply.body);
    }
    let what = id.map(|id| format!("{id} is ")).unwrap_or_default();
    print(&format!("{what}written to {}", path.display()))
}
