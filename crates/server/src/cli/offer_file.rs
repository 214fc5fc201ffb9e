//! `seatline offer file …`, and the draft beside what is live.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::output;
use super::session::{Session, value};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum FileCommand {
    /// Upload an image (PNG) or a document (PDF); the answer has its hash
    #[command(after_help = "Example:\n  seatline offer file upload campus screenshot.png")]
    Upload {
        /// Id or offer id
        offer: String,
        file: PathBuf,
    },
    /// List what was uploaded
    #[command(after_help = "Example:\n  seatline offer file list campus")]
    List { offer: String },
    /// Fetch a file as it is served
    #[command(after_help = "Example:\n  seatline offer file download campus HASH --output logo.png")]
    Download {
        offer: String,
        hash: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Delete a file that the draft does not use
    #[command(after_help = "Example:\n  seatline offer file delete campus HASH")]
    Delete { offer: String, hash: String },
}

impl FileCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Upload { offer, file } => session.add_file(&["offers", &offer, "files"], &file)?,
            Self::List { offer } => {
                let columns = ["sha256", "content_type", "size", "width", "height"];
                return session.table(session.get(&["offers", &offer, "files"], &[])?, &columns);
            }
            Self::Download { offer, hash, output } => {
                return session.download(&["offers", &offer, "files", &hash], &output);
            }
            Self::Delete { offer, hash } => session.delete(&["offers", &offer, "files", &hash])?,
        };
        session.show(reply)
    }
}

/// What differs between the draft and what is live; or everything.
pub(super) fn compare(session: &Session, offer: &str, all: bool) -> Result<(), Failure> {
    let reply = session.get(&["offers", offer, "compare"], &[])?;
    if session.json || all {
        return session.table(reply, &["page", "field", "draft", "live", "changed"]);
    }
    let compared = value(&reply)?;
    let differ = compared["items"].as_array().into_iter().flatten().filter(|item| item["changed"] == true);
    let differ: Vec<&Value> = differ.collect();
    output::print(&output::list(&json!({ "items": differ }), &["page", "field", "draft", "live"]))
}
