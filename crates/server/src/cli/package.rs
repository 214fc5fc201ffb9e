//! `seatline package …`: locally build and check, upload and fetch.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::client::Reply;
use super::local_package::{Build, Check};
use super::session::{Connection, Session, value};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum PackageCommand {
    /// Build a store package of solutions, icon and terms, on this machine
    #[command(after_help = "Example:\n  seatline package build --solution Campus_managed.zip \
        --provider-name Fabrikam --icon logo32x32.png --terms TermsOfUse.html --countries US,KR \
        --start-date 2026-01-31 --end-date 2036-01-31 --learn-more https://fabrikam.example/campus \
        --output Fabrikam_Campus.zip")]
    Build(Box<Build>),
    /// Check a store package by the rules the server has, on this machine
    #[command(
        after_help = "Example:\n  seatline package check Fabrikam_Campus.zip --plan fabrikam.campus.gold"
    )]
    Check(Check),
    /// Upload a store package to an offer's draft
    #[command(after_help = "Example:\n  seatline package upload campus Fabrikam_Campus.zip")]
    Upload {
        /// Id or offer id
        offer: String,
        file: PathBuf,
    },
    /// Have a store package fetched into an offer's draft; publishing fetches it again
    #[command(
        after_help = "Example:\n  seatline package fetch campus \"https://store.example/Fabrikam_Campus.zip?se=…&sig=…\""
    )]
    Fetch { offer: String, url: String },
    /// Show what is in the draft's package, and what is wrong with it
    #[command(after_help = "Example:\n  seatline package show campus")]
    Show { offer: String },
    /// Fetch a package of the offer by its hash: what was certified, as submissions name it
    #[command(after_help = "Example:\n  seatline package export campus SHA256 --output certified.zip")]
    Export {
        offer: String,
        sha256: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
    /// Fetch the draft's package
    #[command(after_help = "Example:\n  seatline package download campus --output Fabrikam_Campus.zip")]
    Download {
        offer: String,
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

impl PackageCommand {
    pub(super) fn run(self, connection: &Connection) -> Result<(), Failure> {
        let session = || connection.session();
        match self {
            Self::Build(command) => command.run(),
            Self::Check(command) => command.run(connection.json),
            Self::Upload { offer, file } => {
                let session = session()?;
                usable(&session, session.upload(&["offers", &offer, "package"], &file, "application/zip")?)
            }
            Self::Fetch { offer, url } => {
                let session = session()?;
                usable(&session, session.put(&["offers", &offer, "package-url"], &json!({ "url": url }))?)
            }
            Self::Show { offer } => {
                let session = session()?;
                session.show(session.get(&["offers", &offer, "package"], &[])?)
            }
            Self::Export { offer, sha256, output } => {
                session()?.download(&["offers", &offer, "packages", &sha256, "content"], &output)
            }
            Self::Download { offer, output } => {
                session()?.download(&["offers", &offer, "package", "content"], &output)
            }
        }
    }
}

/// Shows what was found; a package with errors is kept, and publishing it would fail.
fn usable(session: &Session, reply: Reply) -> Result<(), Failure> {
    let errors = value(&reply)?["report"]["errors"].as_u64().unwrap_or_default();
    session.show(reply)?;
    if errors == 0 {
        return Ok(());
    }
    let what = "the package is kept, and cannot be published: mend what was found, then send it again";
    Err(Failure::Other(what.to_owned()))
}
