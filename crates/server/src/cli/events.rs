//! `seatline events`

use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct Events {
    /// Position of the last event that is known
    #[arg(long)]
    after: Option<u64>,
    /// Seconds to wait for an event, if there is none yet; at most 30
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u32>,
    /// Events at most
    #[arg(long)]
    limit: Option<u32>,
}

impl Events {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let after = self.after.map(|after| ("after", after.to_string()));
        let wait = self.wait.map(|wait| ("wait", wait.to_string()));
        let query: Vec<_> = after
            .into_iter()
            .chain(wait)
            .chain(self.limit.map(|limit| ("limit", limit.to_string())))
            .collect();
        session.table(session.get(&["events"], &query)?, &["position", "at", "kind", "data"])
    }
}
