//! The draft of an offer, page by page. A page is there once it was saved; what was saved of it is valid,
//! what is still missing `page_state` tells.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use types::{Country, Violation, WebUrl};

use super::FileHash;
pub(crate) use super::listing::Listing;
use crate::kit::text_enum;

/// The pages that were saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub setup: Option<Setup>,
    pub properties: Option<Properties>,
    pub listing: Option<Listing>,
    pub availability: Option<Availability>,
    pub technical_configuration: Option<TechnicalConfiguration>,
    #[serde(default)]
    pub supplemental_content: Option<SupplementalContent>,
}

/// OFF-05: either license management, or exactly one listing option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Setup {
    LicenseManagement {
        /// OFF-07: exists only here.
        allow_install_without_license: bool,
    },
    GetItNow,
    FreeTrial {
        url: WebUrl,
        months: i64,
    },
    ContactMe,
}

impl Setup {
    pub(crate) fn license_management(&self) -> bool {
        matches!(self, Self::LicenseManagement { .. })
    }

    pub(crate) fn allow_install_without_license(&self) -> bool {
        matches!(self, Self::LicenseManagement { allow_install_without_license: true })
    }
}

/// OFF-05: months a free trial may last.
pub(super) const TRIAL_MONTHS: [i64; 3] = [1, 3, 6];

/// OFF-11.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Properties {
    pub primary_category: Option<String>,
    pub primary_subcategories: Vec<String>,
    pub secondary_category: Option<String>,
    pub secondary_subcategories: Vec<String>,
    pub industries: Vec<String>,
    pub app_version: Option<String>,
    pub terms: Option<Terms>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Terms {
    Text(String),
    Url(WebUrl),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Availability {
    /// At least one, sorted, each once.
    pub markets: Vec<Country>,
    /// Opens the preview.
    #[serde(default)]
    pub hide_key: Option<HideKey>,
}

/// OFF-12: `[a-z0-9]{8,}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct HideKey(String);

impl HideKey {
    pub(super) fn parse(text: &str) -> Result<Self, Violation> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if (8..=100).contains(&text.len()) && text.chars().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            let message = "must be 8 to 100 characters of a-z and 0-9";
            Err(Violation::new("availability.hide_key", message))
        }
    }

    /// Takes as long for a wrong key as for the right one.
    pub(crate) fn is(&self, given: &str) -> bool {
        let digest = |text: &str| ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        let (own, given) = (digest(&self.0), digest(given));
        own.as_ref().iter().zip(given.as_ref()).fold(0, |different, (a, b)| different | (a ^ b)) == 0
    }
}

impl From<HideKey> for String {
    fn from(key: HideKey) -> Self {
        key.0
    }
}

text_enum! {
    /// What a license counts.
    BaseLicenseModel {
        User = "user",
        Resource = "resource",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TechnicalConfiguration {
    pub base_license_model: BaseLicenseModel,
}

/// For the people who certify; never shown to customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SupplementalContent {
    /// A PDF document: what to try, and how.
    pub key_usage_scenarios: Option<FileHash>,
    pub notes: Option<String>,
}

/// A page as it is saved.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    Setup(Setup),
    Properties(Properties),
    Listing(Box<Listing>),
    Availability(Availability),
    TechnicalConfiguration(TechnicalConfiguration),
    SupplementalContent(SupplementalContent),
}

impl Draft {
    pub(super) fn save(&mut self, page: Page) {
        match page {
            Page::Setup(page) => self.setup = Some(page),
            Page::Properties(page) => self.properties = Some(page),
            Page::Listing(page) => self.listing = Some(*page),
            Page::Availability(page) => self.availability = Some(page),
            Page::TechnicalConfiguration(page) => self.technical_configuration = Some(page),
            Page::SupplementalContent(page) => self.supplemental_content = Some(page),
        }
    }

    /// The files that customers see.
    pub(crate) fn shown_files(&self) -> BTreeSet<&FileHash> {
        self.listing.iter().flat_map(Listing::files).map(|(_, file, _)| file).collect()
    }

    /// Every file that the draft names.
    pub(crate) fn files(&self) -> BTreeSet<&FileHash> {
        let mut files = self.shown_files();
        files.extend(self.supplemental_content.iter().filter_map(|page| page.key_usage_scenarios.as_ref()));
        files
    }
}
