//! `seatline plan …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::PageArguments;
use super::output::print;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Create a plan of an offer; the answer has its service id
    #[command(after_help = "Example:\n  seatline plan create campus --plan-id gold --name \"Campus Gold\"")]
    Create {
        /// Id or offer id
        offer: String,
        /// a-z, 0-9, - and _; the last part of its service id, for ever
        #[arg(long)]
        plan_id: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        description: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// List the plans of an offer
    #[command(after_help = "Example:\n  seatline plan list campus")]
    List { offer: String },
    /// Change a plan's draft
    #[command(after_help = "Examples:\n  seatline plan edit campus gold --description \"Everything.\"\n  \
        seatline plan edit campus gold --enforcement warn --feature \"rooms.max;Rooms;250\" --feature \"export;Export;true\"")]
    Edit {
        offer: String,
        plan: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        description: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Say whom a private plan is for, in the place of those before; in effect with the next version, or by `sync`
    #[command(after_help = "Examples:\n  seatline plan audience campus vip --tenant ten_0198…\n  \
        seatline plan audience campus vip --file audience.csv\n\n\
        The file has the columns ID,Description,Type; the type is TenantID. Without either, it lists them.")]
    Audience {
        offer: String,
        plan: String,
        /// May be repeated, up to ten times
        #[arg(long = "tenant", value_name = "TENANT")]
        tenants: Vec<String>,
        /// Up to 20,000 rows
        #[arg(long, conflicts_with = "tenants")]
        file: Option<PathBuf>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Put the audience of a private plan into effect, without certification
    #[command(after_help = "Example:\n  seatline plan sync campus vip")]
    Sync { offer: String, plan: String },
    /// Hide a published plan from new sales; licenses go on
    #[command(after_help = "Example:\n  seatline plan stop campus gold")]
    Stop { offer: String, plan: String },
    /// Put a stopped plan on sale again
    #[command(after_help = "Example:\n  seatline plan resume campus gold")]
    Resume { offer: String, plan: String },
    /// Delete a plan that was never published
    #[command(after_help = "Example:\n  seatline plan delete campus gold")]
    Delete { offer: String, plan: String },
    /// Export the plan-definition CSV, for `solution add-license`
    #[command(after_help = "Example:\n  seatline plan export campus --output plan_definition.csv")]
    Export {
        offer: String,
        /// Instead of standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What a plan has besides its name.
#[derive(Debug, clap::Args)]
pub(crate) struct Details {
    /// `public`, or `private`: for its audience alone
    #[arg(long)]
    visibility: Option<String>,
    /// What a refused check means: `audit`, `warn` or `block`
    #[arg(long)]
    enforcement: Option<String>,
    /// What checks return: true or false, a whole number, or a text; may be repeated, all of them count
    #[arg(long = "feature", value_name = "KEY;NAME;VALUE", value_parser = feature)]
    features: Vec<Value>,
}

impl Details {
    fn add_to(self, body: &mut Value) {
        body["visibility"] = json!(self.visibility);
        body["enforcement"] = json!(self.enforcement);
        if !self.features.is_empty() {
            body["features"] = Value::Array(self.features);
        }
    }
}

fn feature(text: &str) -> Result<Value, String> {
    let parts: Vec<&str> = text.splitn(3, ';').map(str::trim).collect();
    let [key, name, value] = parts[..] else {
        return Err("write key, name and value with semicolons between".to_owned());
    };
    let flag = value.parse::<bool>().map(Value::from);
    let value = flag.or_else(|_| value.parse::<i64>().map(Value::from)).unwrap_or_else(|_| value.into());
    Ok(json!({ "key": key, "name": name, "value": value }))
}

impl PlanCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Create { offer, plan_id, name, description, details } => {
                let mut body = json!({ "plan_id": plan_id, "name": name, "description": description });
                details.add_to(&mut body);
                session.post(&["offers", &offer, "plans"], &super::body(&body)?)?
            }
            Self::List { offer } => {
                let columns = [
                    "plan_id",
                    "name",
                    "service_id",
                    "visibility",
                    "enforcement",
                    "published_at",
                    "stopped_at",
                ];
                return session.table(session.get(&["offers", &offer, "plans"], &[])?, &columns);
            }
            Self::Edit { offer, plan, name, description, details } => {
                let mut body = json!({ "name": name, "description": description });
                details.add_to(&mut body);
                session.patch(&["offers", &offer, "plans", &plan], &super::body(&body)?)?
            }
            Self::Audience { offer, plan, tenants, file, page } => match file {
                Some(file) => {
                    session.upload(&["offers", &offer, "plans", &plan, "audience.csv"], &file, "text/csv")?
                }
                None if tenants.is_empty() => {
                    let path = ["offers", &offer, "plans", &plan, "audience"];
                    return session.table(session.get(&path, &page.query())?, &["id", "description"]);
                }
                None => {
                    let rows: Vec<Value> = tenants.iter().map(|tenant| json!({ "id": tenant })).collect();
                    session
                        .put(&["offers", &offer, "plans", &plan, "audience"], &json!({ "tenants": rows }))?
                }
            },
            Self::Sync { offer, plan } => {
                session.post(&["offers", &offer, "plans", &plan, "sync-audience"], &json!({}))?
            }
            Self::Stop { offer, plan } => {
                session.post(&["offers", &offer, "plans", &plan, "stop"], &json!({}))?
            }
            Self::Resume { offer, plan } => {
                session.post(&["offers", &offer, "plans", &plan, "resume"], &json!({}))?
            }
            Self::Delete { offer, plan } => session.delete(&["offers", &offer, "plans", &plan])?,
            Self::Export { offer, output } => {
                let path = ["offers", offer.as_str(), "plan-definitions.csv"];
                return match output {
                    Some(output) => session.download(&path, &output),
                    None => print(&session.get(&path, &[])?.body),
                };
            }
        };
        session.show(reply)
    }
}
