//! `seatline certification …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum CertificationCommand {
    /// List the submissions that wait
    #[command(after_help = "Example:\n  seatline certification list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a submission with the report of its package
    #[command(after_help = "Example:\n  seatline certification show sub_01j9")]
    Show { submission: String },
    /// Fetch the package that is to be certified
    #[command(after_help = "Example:\n  seatline certification download sub_01j9 --output package.zip")]
    Download {
        submission: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Show the pages and plans as they were submitted
    #[command(after_help = "Example:\n  seatline certification draft sub_01j9")]
    Draft { submission: String },
    /// Fetch an image or a document that was submitted, the key usage scenarios too
    #[command(after_help = "Example:\n  seatline certification file sub_01j9 HASH --output scenarios.pdf")]
    File {
        submission: String,
        hash: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Certify: the publisher can go live
    #[command(after_help = "Example:\n  seatline certification approve sub_01j9 --notes \"Looks good\"")]
    Approve {
        submission: String,
        #[arg(long)]
        notes: Option<String>,
    },
    /// Send back with findings
    #[command(after_help = "Example:\n  seatline certification send-back sub_01j9 \
        --finding \"The terms name another company; write your own\"")]
    SendBack {
        submission: String,
        /// What is wrong, and after a semicolon how to mend it; may be repeated
        #[arg(long = "finding", value_name = "TEXT", required = true)]
        findings: Vec<String>,
    },
}

impl CertificationCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::List { page } => {
                let columns = ["id", "address", "publisher_id", "number", "created_at"];
                return session.table(session.get(&["certifications"], &page.query())?, &columns);
            }
            Self::Show { submission } => session.get(&["certifications", &submission], &[])?,
            Self::Download { submission, output } => {
                return session.download(&["certifications", &submission, "package"], &output);
            }
            Self::Draft { submission } => session.get(&["certifications", &submission, "draft"], &[])?,
            Self::File { submission, hash, output } => {
                return session.download(&["certifications", &submission, "files", &hash], &output);
            }
            Self::Approve { submission, notes } => {
                let body = super::body(&json!({ "notes": notes }))?;
                session.post(&["certifications", &submission, "approve"], &body)?
            }
            Self::SendBack { submission, findings } => {
                let findings: Vec<_> = findings.iter().map(|text| finding(text)).collect();
                session
                    .post(&["certifications", &submission, "send-back"], &json!({ "findings": findings }))?
            }
        };
        session.show(reply)
    }
}

fn finding(text: &str) -> serde_json::Value {
    match text.split_once(';') {
        Some((message, mend)) => json!({ "message": message.trim(), "mend": mend.trim() }),
        None => json!({ "message": text.trim() }),
    }
}
