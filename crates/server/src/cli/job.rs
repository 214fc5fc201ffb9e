//! `seatline job …`

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// List jobs, the newest first
    #[command(
        after_help = "Examples:\n  seatline job list --state dead\n  seatline job list --kind webhook.deliver"
    )]
    List {
        /// queued, running, done or dead
        #[arg(long)]
        state: Option<String>,
        /// Only jobs of this kind
        #[arg(long)]
        kind: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a job with its last error
    #[command(after_help = "Example:\n  seatline job show job_01j9")]
    Show { job: String },
    /// Have a job tried again that is dead, or that waits for its next attempt
    #[command(after_help = "Example:\n  seatline job retry job_01j9")]
    Retry { job: String },
    /// List what is brought about again and again, and how that went last
    #[command(after_help = "Example:\n  seatline job reconcilers")]
    Reconcilers,
}

impl JobCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::List { state, kind, page } => {
                let filters = [("state", state), ("kind", kind)];
                let filters = filters.into_iter().filter_map(|(name, value)| Some((name, value?)));
                let query: Vec<_> = filters.chain(page.query()).collect();
                let columns = ["id", "kind", "key", "state", "attempts", "due_at", "error"];
                return session.table(session.get(&["jobs"], &query)?, &columns);
            }
            Self::Show { job } => session.get(&["jobs", &job], &[])?,
            Self::Retry { job } => session.post(&["jobs", &job, "retry"], &json!({}))?,
            Self::Reconcilers => {
                let columns = ["name", "last_run_at", "duration_ms", "failed", "error"];
                return session.table(session.get(&["reconcilers"], &[])?, &columns);
            }
        };
        session.show(reply)
    }
}
