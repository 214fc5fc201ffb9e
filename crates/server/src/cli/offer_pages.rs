//! The pages of an offer's draft: each as arguments, or several from one file. The arguments are the request's body.

use std::path::Path;

use serde::Serialize;

use super::client::Reply;
use super::read_document;
use super::session::Session;
use crate::failure::Failure;

/// The pages as a file names them, in the order they are sent, and as the address does.
const PAGES: [(&str, &str); 6] = [
    ("setup", "setup"),
    ("properties", "properties"),
    ("listing", "listing"),
    ("availability", "availability"),
    ("technical_configuration", "technical-configuration"),
    ("supplemental_content", "supplemental-content"),
];

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct Setup {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    /// Licenses are managed here; fixed once published
    #[arg(long)]
    license_management: bool,
    /// The app may be installed by those without a license
    #[arg(long, requires = "license_management", num_args = 0..=1, default_missing_value = "true")]
    allow_install_without_license: Option<bool>,
    /// Without license management: `get_it_now`, `free_trial` or `contact_me`
    #[arg(long)]
    listing_option: Option<String>,
    #[arg(long)]
    trial_url: Option<String>,
    /// 1, 3 or 6
    #[arg(long)]
    trial_months: Option<u32>,
}

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct Properties {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    #[arg(long)]
    primary_category: Option<String>,
    /// Below the primary category; may be repeated, up to twice
    #[arg(long = "primary-subcategory", value_name = "CATEGORY", requires = "primary_category")]
    primary_subcategories: Vec<String>,
    #[arg(long)]
    secondary_category: Option<String>,
    /// Below the secondary category; may be repeated, up to twice
    #[arg(long = "secondary-subcategory", value_name = "CATEGORY", requires = "secondary_category")]
    secondary_subcategories: Vec<String>,
    /// May be repeated
    #[arg(long = "industry", value_name = "INDUSTRY")]
    industries: Vec<String>,
    #[arg(long)]
    app_version: Option<String>,
    #[arg(long, conflicts_with = "terms_url")]
    terms_text: Option<String>,
    #[arg(long)]
    terms_url: Option<String>,
}

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct Availability {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    /// Two letters each, ISO 3166-1
    #[arg(required = true)]
    markets: Vec<String>,
    /// Opens the preview to whoever has it: a-z and 0-9, at least 8
    #[arg(long)]
    hide_key: Option<String>,
}

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct TechnicalConfiguration {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    /// `user` or `resource`
    #[arg(long, default_value = "user")]
    base_license_model: String,
}

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct SupplementalContent {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    /// The hash of an uploaded PDF document: what to try, and how
    #[arg(long, value_name = "HASH")]
    key_usage_scenarios: Option<String>,
    /// For the people who certify
    #[arg(long)]
    notes: Option<String>,
}

/// Sends every page that the file has; what an earlier page changed stays if a later one is refused.
pub(super) fn apply(session: &Session, offer: &str, file: &Path) -> Result<Reply, Failure> {
    let document = read_document(file)?;
    let unknown: Vec<&str> =
        document.keys().map(String::as_str).filter(|key| PAGES.iter().all(|(page, _)| page != key)).collect();
    if !unknown.is_empty() || document.is_empty() {
        let pages = PAGES.map(|(page, _)| page).join(", ");
        let unknown = unknown.join(", ");
        return Err(Failure::Usage(format!(
            "{}: the tables are {pages}; unknown: {}",
            file.display(),
            if unknown.is_empty() { "none, but there is none at all" } else { &unknown }
        )));
    }
    for (page, segment) in PAGES {
        if let Some(body) = document.get(page) {
            session.put(&["offers", offer, segment], body)?;
        }
    }
    session.get(&["offers", offer], &[])
}
