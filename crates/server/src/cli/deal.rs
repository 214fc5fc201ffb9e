//! `seatline deal …`

use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;
use serde_json::{Value, json};

use super::session::Session;
use super::{PageArguments, read_document};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum DealCommand {
    /// Register a sale, as a draft
    #[command(after_help = "Examples:\n  seatline deal create --file deal.toml\n  \
        seatline deal create --file deal.toml --company Contoso --signed-on 2026-05-01\n\n\
        The file has the members of the request; arguments override it.")]
    Create {
        #[command(flatten)]
        deal: DealArguments,
    },
    /// List deals
    #[command(after_help = "Example:\n  seatline deal list --tab action_required --search contoso")]
    List {
        #[arg(long)]
        status: Option<String>,
        /// `action_required`, `in_progress` or `closed`
        #[arg(long)]
        tab: Option<String>,
        /// `new` or `renewal`
        #[arg(long)]
        contract_type: Option<String>,
        #[arg(long)]
        search: Option<String>,
        #[arg(long)]
        customer: Option<String>,
        /// The deals that wait for review (operator)
        #[arg(long)]
        to_review: bool,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a deal
    #[command(after_help = "Example:\n  seatline deal show dea_01j9")]
    Show { deal: String },
    /// Replace a deal that is not submitted
    #[command(after_help = "Example:\n  seatline deal edit dea_01j9 --file deal.toml")]
    Edit {
        id: String,
        #[command(flatten)]
        deal: DealArguments,
    },
    /// Submit a deal for review
    #[command(after_help = "Example:\n  seatline deal submit dea_01j9")]
    Submit { deal: String },
    /// Approve a deal (operator)
    #[command(after_help = "Example:\n  seatline deal approve dea_01j9")]
    Approve { deal: String },
    /// Reject a deal (operator)
    #[command(after_help = "Example:\n  seatline deal reject dea_01j9 --reason \"Registered twice\"")]
    Reject {
        deal: String,
        #[arg(long)]
        reason: String,
    },
    /// Ask the publisher to mend a deal (operator)
    #[command(
        after_help = "Example:\n  seatline deal request-update dea_01j9 --reason \"The end date is missing\""
    )]
    RequestUpdate {
        deal: String,
        #[arg(long)]
        reason: String,
    },
}

/// A deal as arguments; what is missing the server names, all at once.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct DealArguments {
    /// TOML or JSON with the deal's members
    #[arg(long)]
    #[serde(skip)]
    file: Option<PathBuf>,
    #[command(flatten)]
    customer: CustomerArguments,
    /// Id or offer id
    #[arg(long)]
    offer: Option<String>,
    /// `new` or `renewal`
    #[arg(long)]
    contract_type: Option<String>,
    /// Of both values, such as USD
    #[arg(long, requires_all = ["total_value", "solution_value"])]
    #[serde(skip)]
    currency: Option<String>,
    /// In the currency's smallest unit: cents
    #[arg(long, requires = "currency")]
    #[serde(skip)]
    total_value: Option<i64>,
    /// In the currency's smallest unit: cents
    #[arg(long, requires = "currency")]
    #[serde(skip)]
    solution_value: Option<i64>,
    /// `customer_cloud`, `partner_cloud`, `on_premises` or `other`
    #[arg(long)]
    hosting: Option<String>,
    /// `customer` or `partner`
    #[arg(long)]
    consumption_tenant: Option<String>,
    #[arg(long)]
    consumption_tenant_id: Option<String>,
    /// YYYY-MM-DD
    #[arg(long)]
    signed_on: Option<String>,
    /// YYYY-MM-DD
    #[arg(long)]
    starts_on: Option<String>,
    /// YYYY-MM-DD; without, perpetual
    #[arg(long)]
    ends_on: Option<String>,
    /// The licenses end with the contract
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    licenses_end_with_contract: bool,
    #[command(flatten)]
    contact: ContactArguments,
}

#[derive(Debug, clap::Args, Serialize)]
struct CustomerArguments {
    #[arg(long)]
    company: Option<String>,
    /// Two letters, ISO 3166-1
    #[arg(long)]
    country: Option<String>,
    #[arg(long)]
    state: Option<String>,
    #[arg(long)]
    city: Option<String>,
}

#[derive(Debug, clap::Args, Serialize)]
struct ContactArguments {
    #[arg(long = "contact-first-name")]
    first_name: Option<String>,
    #[arg(long = "contact-last-name")]
    last_name: Option<String>,
    #[arg(long = "contact-phone")]
    phone: Option<String>,
    #[arg(long = "contact-email")]
    email: Option<String>,
}

impl DealArguments {
    /// The file's members with the arguments over them.
    fn body(&self) -> Result<Value, Failure> {
        let mut body =
            self.file.as_deref().map(read_document).transpose()?.map_or_else(|| json!({}), Value::Object);
        merge(&mut body, super::body(self)?);
        for (name, amount) in [("total_value", self.total_value), ("solution_value", self.solution_value)] {
            if let Some(amount) = amount {
                body[name] = json!({ "amount": amount, "currency": self.currency });
            }
        }
        Ok(body)
    }
}

fn merge(into: &mut Value, over: Value) {
    match (into, over) {
        (Value::Object(into), Value::Object(over)) => {
            for (name, member) in over {
                merge(into.entry(name).or_insert(Value::Null), member);
            }
        }
        (into, over) => *into = over,
    }
}

impl DealCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let review =
            |deal: &str, verdict: &str, body: Value| session.post(&["deal-reviews", deal, verdict], &body);
        let reply = match self {
            Self::Create { deal } => session.post(&["deals"], &deal.body()?)?,
            Self::List { status, tab, contract_type, search, customer, to_review, page } => {
                let mut query = page.query();
                let filters = [
                    ("status", status),
                    ("tab", tab),
                    ("contract_type", contract_type),
                    ("search", search),
                    ("customer", customer),
                ];
                query.extend(filters.into_iter().filter_map(|(name, value)| Some((name, value?))));
                let path = if to_review { "deal-reviews" } else { "deals" };
                let columns =
                    ["id", "status", "customer.company", "offer_id", "contract_type", "starts_on", "ends_on"];
                return session.table(session.get(&[path], &query)?, &columns);
            }
            Self::Show { deal } => session.get(&["deals", &deal], &[])?,
            Self::Edit { id, deal } => session.patch(&["deals", &id], &deal.body()?)?,
            Self::Submit { deal } => session.post(&["deals", &deal, "submit"], &json!({}))?,
            Self::Approve { deal } => review(&deal, "approve", json!({}))?,
            Self::Reject { deal, reason } => review(&deal, "reject", json!({ "reason": reason }))?,
            Self::RequestUpdate { deal, reason } => {
                review(&deal, "request-update", json!({ "reason": reason }))?
            }
        };
        session.show(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_go_over_the_file() {
        let mut deal = json!({ "customer": { "company": "A", "country": "US" }, "offer": "campus" });
        merge(&mut deal, json!({ "customer": { "company": "B" }, "signed_on": "2026-05-01" }));
        let merged = json!({
            "customer": { "company": "B", "country": "US" }, "offer": "campus", "signed_on": "2026-05-01",
        });
        assert_eq!(deal, merged);
    }
}
