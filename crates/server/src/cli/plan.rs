//! `seatline plan …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

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
    },
    /// List the plans of an offer
    #[command(after_help = "Example:\n  seatline plan list campus")]
    List { offer: String },
    /// Change a plan's name or description
    #[command(after_help = "Example:\n  seatline plan edit campus gold --description \"Everything.\"")]
    Edit {
        offer: String,
        plan: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        description: Option<String>,
    },
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

impl PlanCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Create { offer, plan_id, name, description } => {
                let body = json!({ "plan_id": plan_id, "name": name, "description": description });
                session.post(&["offers", &offer, "plans"], &super::body(&body)?)?
            }
            Self::List { offer } => {
                let columns = ["plan_id", "name", "service_id", "published_at"];
                return session.table(session.get(&["offers", &offer, "plans"], &[])?, &columns);
            }
            Self::Edit { offer, plan, name, description } => {
                let body = super::body(&json!({ "name": name, "description": description }))?;
                session.patch(&["offers", &offer, "plans", &plan], &body)?
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
