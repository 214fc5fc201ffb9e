//! `seatline license bulk …`

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use clap::Subcommand;
use serde_json::{Value, json};

use super::PageArguments;
use super::client::Reply;
use super::session::{Session, value};
use crate::failure::Failure;

/// How often a batch is asked how far it is.
const LOOK: Duration = Duration::from_millis(500);

const LISTS: &str = "A list is CSV with the columns user (e-mail address or id), service_id and, if need be, action \
    (assign or unassign; assign if it is left out), up to 100,000 rows:\n\n  \
    user,service_id,action\n  ada@contoso.example,fabrikam.campus.gold,assign\n  \
    lin@contoso.example,fabrikam.campus.silver,unassign";

#[derive(Debug, Subcommand)]
pub(crate) enum BulkCommand {
    /// Show what a list would do, and every row that would change nothing; nothing is changed
    #[command(after_help = format!("Example:\n  seatline license bulk preview seats.csv\n\n{LISTS}"))]
    Preview {
        /// CSV file; - reads standard input
        file: PathBuf,
    },
    /// Apply a list: rows that cannot be done fail, the others are done
    #[command(after_help = format!("Examples:\n  seatline license bulk apply seats.csv --wait\n  \
        seatline license bulk rows bat_01j9 --outcome failed\n\n{LISTS}"))]
    Apply {
        /// CSV file; - reads standard input
        file: PathBuf,
        /// Show how far it is until it is done
        #[arg(long)]
        wait: bool,
    },
    /// List what was applied or is on its way, the newest first
    #[command(after_help = "Example:\n  seatline license bulk list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show how far a list is
    #[command(after_help = "Example:\n  seatline license bulk show bat_01j9")]
    Show { batch: String },
    /// List the rows that were applied, and what became of each
    #[command(after_help = "Examples:\n  seatline license bulk rows bat_01j9 --outcome failed\n  \
        seatline license bulk rows bat_01j9 --undo kept")]
    Rows {
        batch: String,
        /// Only `changed`, `unchanged` or `failed` ones
        #[arg(long)]
        outcome: Option<String>,
        /// Only those that undoing took back (`undone`) or could not (`kept`)
        #[arg(long)]
        undo: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Take back what a list changed and nobody changed since
    #[command(after_help = "Example:\n  seatline license bulk undo bat_01j9 --wait\n\n\
        What could not be taken back: seatline license bulk rows bat_01j9 --undo kept")]
    Undo {
        batch: String,
        /// Show how far it is until it is done
        #[arg(long)]
        wait: bool,
    },
}

impl BulkCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Preview { file } => {
                let reply = session.post_csv(&["assignment-batches", "preview"], &read(&file)?)?;
                show_preview(session, reply)
            }
            Self::Apply { file, wait } => {
                let reply = session.post_csv(&["assignment-batches"], &read(&file)?)?;
                finish(session, reply, wait)
            }
            Self::List { page } => {
                let columns =
                    ["id", "state", "total", "done", "changed", "failed", "undone", "kept", "created_at"];
                session.table(session.get(&["assignment-batches"], &page.query())?, &columns)
            }
            Self::Show { batch } => session.show(session.get(&["assignment-batches", &batch], &[])?),
            Self::Rows { batch, outcome, undo, page } => {
                let mut query = page.query();
                query.extend(outcome.map(|outcome| ("outcome", outcome)));
                query.extend(undo.map(|undo| ("undo", undo)));
                let columns =
                    ["row", "user", "service_id", "action", "outcome", "error", "undo", "undo_error"];
                session.table(session.get(&["assignment-batches", &batch, "rows"], &query)?, &columns)
            }
            Self::Undo { batch, wait } => {
                let reply = session.post(&["assignment-batches", &batch, "undo"], &json!({}))?;
                finish(session, reply, wait)
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(Failure::other)?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

/// The totals, then the conflicts.
fn show_preview(session: &Session, reply: Reply) -> Result<(), Failure> {
    if session.json {
        return session.show(reply);
    }
    let mut preview = value(&reply)?;
    let conflicts = preview.as_object_mut().and_then(|preview| preview.remove("conflicts"));
    session.show(Reply { body: preview.to_string(), freshness: None })?;
    let list = json!({ "items": conflicts.unwrap_or_else(|| json!([])) });
    let columns = ["row", "user", "service_id", "action", "outcome", "error"];
    session.table(Reply { body: list.to_string(), freshness: None }, &columns)
}

/// Shows a batch, at once or when it rests.
fn finish(session: &Session, mut reply: Reply, wait: bool) -> Result<(), Failure> {
    if !wait {
        return session.show(reply);
    }
    loop {
        let batch = value(&reply)?;
        let Some(progress) = progress(&batch) else { return session.show(reply) };
        report(&progress);
        #[expect(
            clippy::disallowed_methods,
            reason = "a program that asks again and again waits in between"
        )]
        thread::sleep(LOOK);
        let id = batch["id"].as_str().unwrap_or_default();
        reply = session.get(&["assignment-batches", id], &[])?;
    }
}

/// How far a batch is; `None` if it rests.
fn progress(batch: &Value) -> Option<String> {
    let count = |name: &str| batch[name].as_i64().unwrap_or_default();
    match batch["state"].as_str()? {
        "applying" => {
            Some(format!("{} of {} rows applied, {} failed", count("done"), count("total"), count("failed")))
        }
        "undoing" => {
            let (undone, kept) = (count("undone"), count("kept"));
            Some(format!("{} of {} changes looked at, {kept} kept", undone + kept, count("changed")))
        }
        _ => None,
    }
}

/// Beside the answer, which a program may read. Whoever does not listen misses it.
fn report(progress: &str) {
    let mut output = io::stderr();
    let (begin, end) = if output.is_terminal() { ("\r\x1b[K", "") } else { ("", "\n") };
    let _ = write!(output, "{begin}{progress}{end}");
    let _ = output.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_says_how_far_it_is_until_it_rests() {
        let mut batch = json!({ "state": "applying", "total": 9, "done": 4, "failed": 1, "changed": 3 });
        assert_eq!(progress(&batch).as_deref(), Some("4 of 9 rows applied, 1 failed"));
        batch["state"] = json!("undoing");
        batch["undone"] = json!(2);
        assert_eq!(progress(&batch).as_deref(), Some("2 of 3 changes looked at, 0 kept"));
        for rests in ["applied", "undone"] {
            batch["state"] = json!(rests);
            assert_eq!(progress(&batch), None);
        }
    }
}
