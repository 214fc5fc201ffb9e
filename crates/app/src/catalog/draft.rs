//! The draft of an offer, page by page. A page is there once it was saved, and what was saved is valid.

use serde::{Deserialize, Serialize};
use types::{Country, Email, Violation, WebUrl};

use crate::kit::text_enum;

/// The pages that were saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub setup: Option<Setup>,
    pub properties: Option<Properties>,
    pub listing: Option<Listing>,
    pub availability: Option<Availability>,
    pub technical_configuration: Option<TechnicalConfiguration>,
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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Properties {
    pub primary_category: String,
    pub secondary_category: Option<String>,
    pub industries: Vec<String>,
    pub app_version: String,
    pub terms: Terms,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Terms {
    Text(String),
    Url(WebUrl),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub name: String,
    pub summary: String,
    pub description: String,
    pub keywords: Vec<String>,
    pub products: Vec<String>,
    pub help_url: WebUrl,
    pub support_url: WebUrl,
    pub privacy_url: WebUrl,
    /// Never shown to customers.
    pub support_contact: Contact,
    /// Never shown to customers.
    pub engineering_contact: Contact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub name: String,
    pub email: Email,
    pub phone: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Availability {
    /// At least one, sorted, each once.
    pub markets: Vec<Country>,
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

/// A page as it is saved.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    Setup(Setup),
    Properties(Properties),
    Listing(Box<Listing>),
    Availability(Availability),
    TechnicalConfiguration(TechnicalConfiguration),
}

impl Draft {
    pub(super) fn save(&mut self, page: Page) {
        match page {
            Page::Setup(page) => self.setup = Some(page),
            Page::Properties(page) => self.properties = Some(page),
            Page::Listing(page) => self.listing = Some(*page),
            Page::Availability(page) => self.availability = Some(page),
            Page::TechnicalConfiguration(page) => self.technical_configuration = Some(page),
        }
    }
}

/// OFF-10: a name carries no emoji; signs such as ™ and ® are none.
pub(super) fn without_emoji(text: &str) -> Result<(), Violation> {
    let emoji = |c: char| matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x231A..=0x231B | 0x23E9..=0x23FA | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE0F | 0x200D);
    match text.chars().find(|c| emoji(*c)) {
        Some(found) => {
            Err(Violation::new("listing.emoji", format!("must not contain emoji such as {found}")))
        }
        None => Ok(()),
    }
}
