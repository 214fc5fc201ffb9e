//! `seatline offer …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::PageArguments;
use super::listing::Listing;
use super::offer_file::{self, FileCommand};
use super::offer_pages::{
    self, Availability, Properties, Setup, SupplementalContent, TechnicalConfiguration,
};
use super::session::{Session, value};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum OfferCommand {
    /// Create an offer
    #[command(after_help = "Example:\n  seatline offer create --offer-id campus --alias \"Campus 2026\"")]
    Create {
        /// a-z, 0-9, - and _; part of every service id, for ever
        #[arg(long)]
        offer_id: String,
        /// For your eyes only, for ever
        #[arg(long)]
        alias: String,
    },
    /// List your offers
    #[command(after_help = "Example:\n  seatline offer list")]
    List {
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show an offer, its pages and what they miss
    #[command(after_help = "Example:\n  seatline offer show campus")]
    Show {
        /// Id or offer id
        offer: String,
    },
    /// Replace the page of setup: how the offer is licensed
    #[command(after_help = "Examples:\n  \
        seatline offer setup campus --license-management\n  \
        seatline offer setup toolbox --listing-option free_trial --trial-url https://fabrikam.example/try --trial-months 3")]
    Setup(Setup),
    /// Replace the page of properties: categories, version, terms
    #[command(after_help = "Example:\n  seatline offer properties campus --primary-category education \
        --app-version 1.2 --terms-url https://fabrikam.example/terms")]
    Properties(Properties),
    /// Replace the page of the listing: what customers read
    #[command(
        after_help = "Example:\n  seatline offer listing campus --name Campus --summary \"Runs a campus\" \
        --description \"Courses and rooms.\" --logo HASH --screenshot \"HASH;Courses\" --document \"HASH;Guide\" --help-url https://fabrikam.example/help \
        --support-url https://fabrikam.example/support --privacy-url https://fabrikam.example/privacy \
        --support-contact \"Sue;sue@fabrikam.example;+1 555 0100\" \
        --engineering-contact \"Eve;eve@fabrikam.example;+1 555 0101\""
    )]
    Listing(Box<Listing>),
    /// Replace the page of availability: the markets
    #[command(after_help = "Example:\n  seatline offer availability campus US KR DE --hide-key opensesame1")]
    Availability(Availability),
    /// Replace the page of the technical configuration
    #[command(after_help = "Example:\n  seatline offer technical campus --base-license-model user")]
    Technical(TechnicalConfiguration),
    /// Replace the page of supplemental content: what helps those who certify
    #[command(after_help = "Example:\n  seatline offer supplemental campus --key-usage-scenarios HASH")]
    Supplemental(SupplementalContent),
    /// Images and documents of the listing: upload them, then name them by their hash
    #[command(subcommand)]
    File(FileCommand),
    /// Compare the draft with what is live, field by field
    #[command(after_help = "Example:\n  seatline offer compare campus")]
    Compare {
        offer: String,
        /// Also what is the same
        #[arg(long)]
        all: bool,
    },
    /// Replace several pages at once, from one TOML or JSON file
    #[command(after_help = "Example:\n  seatline offer apply campus offer.toml\n\n\
        The file has a table for each page: setup, properties, listing, availability, technical_configuration, supplemental_content.")]
    Apply { offer: String, file: PathBuf },
    /// Publish the draft: validation, then certification
    #[command(after_help = "Example:\n  seatline offer publish campus --notes \"First version\"")]
    Publish {
        offer: String,
        /// For the people who certify
        #[arg(long)]
        notes: Option<String>,
    },
    /// Take a submission back before sign-off
    #[command(after_help = "Example:\n  seatline offer cancel campus")]
    Cancel { offer: String },
    /// Sign off the preview: it goes on sale
    #[command(after_help = "Example:\n  seatline offer go-live campus")]
    GoLive { offer: String },
    /// Stop distribution: off the storefront, licenses go on
    #[command(after_help = "Example:\n  seatline offer stop campus")]
    Stop { offer: String },
    /// List the submissions with their phases and findings
    #[command(after_help = "Example:\n  seatline offer submissions campus --json")]
    Submissions { offer: String },
    /// List what was published, by whom and when
    #[command(after_help = "Example:\n  seatline offer history campus")]
    History { offer: String },
}

impl OfferCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Create { offer_id, alias } => {
                session.post(&["offers"], &json!({ "offer_id": offer_id, "alias": alias }))?
            }
            Self::List { page } => {
                let columns = ["id", "offer_id", "alias", "status", "web_address"];
                return session.table(session.get(&["offers"], &page.query())?, &columns);
            }
            Self::Show { offer } => session.get(&["offers", &offer], &[])?,
            Self::Setup(page) => session.put(&["offers", &page.offer, "setup"], &super::body(&page)?)?,
            Self::Properties(page) => {
                session.put(&["offers", &page.offer, "properties"], &super::body(&page)?)?
            }
            Self::Listing(page) => session.put(&["offers", &page.offer, "listing"], &super::body(&page)?)?,
            Self::Availability(page) => {
                session.put(&["offers", &page.offer, "availability"], &super::body(&page)?)?
            }
            Self::Technical(page) => {
                session.put(&["offers", &page.offer, "technical-configuration"], &super::body(&page)?)?
            }
            Self::Supplemental(page) => {
                session.put(&["offers", &page.offer, "supplemental-content"], &super::body(&page)?)?
            }
            Self::File(command) => return command.run(session),
            Self::Compare { offer, all } => return offer_file::compare(session, &offer, all),
            Self::Apply { offer, file } => offer_pages::apply(session, &offer, &file)?,
            Self::Publish { offer, notes } => return publish(session, &offer, notes.as_deref()),
            Self::Cancel { offer } => session.post(&["offers", &offer, "cancel-publish"], &json!({}))?,
            Self::GoLive { offer } => session.post(&["offers", &offer, "go-live"], &json!({}))?,
            Self::Stop { offer } => session.post(&["offers", &offer, "stop-distribution"], &json!({}))?,
            Self::Submissions { offer } => session.get(&["offers", &offer, "submissions"], &[])?,
            Self::History { offer } => {
                let reply = session.get(&["offers", &offer, "history"], &[])?;
                return session.table(reply, &["at", "actor", "what"]);
            }
        };
        session.show(reply)
    }
}

/// Shows how far it went; not passing validation is a failure.
fn publish(session: &Session, offer: &str, notes: Option<&str>) -> Result<(), Failure> {
    let reply = session.post(&["offers", offer, "publish"], &super::body(&json!({ "notes": notes }))?)?;
    let passed = value(&reply)?["status"] != "attention_needed";
    session.show(reply)?;
    if passed {
        Ok(())
    } else {
        let what = "validation failed: `seatline offer submissions` says what was found; mend it, then publish again";
        Err(Failure::Other(what.to_owned()))
    }
}
