//! The pages of a draft on the wire, and how they become valid pages.

mod listing;

use serde::{Deserialize, Serialize};
use types::{Country, Name, Text, WebUrl};
use utoipa::ToSchema;

pub(crate) use listing::{ListingBody, ListingContact, TranslationBody, VideoBody};

use crate::catalog::FileHash;
use crate::catalog::draft::{
    Availability, BaseLicenseModel, HideKey, Page, Properties, Setup, SupplementalContent, TRIAL_MONTHS,
    TechnicalConfiguration, Terms,
};
use crate::kit::{Fields, Refused, text_enum};

text_enum! {
    /// What a visitor without license management can do.
    ListingOption {
        GetItNow = "get_it_now",
        FreeTrial = "free_trial",
        ContactMe = "contact_me",
    }
}

/// Either license management, or exactly one listing option.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupBody {
    pub(in crate::catalog) license_management: bool,
    /// With license management only.
    #[serde(default)]
    pub(in crate::catalog) allow_install_without_license: Option<bool>,
    /// Without license management.
    #[serde(default)]
    pub(in crate::catalog) listing_option: Option<ListingOption>,
    /// For a free trial.
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub(in crate::catalog) trial_url: Option<String>,
    /// For a free trial: 1, 3 or 6.
    #[serde(default)]
    pub(in crate::catalog) trial_months: Option<i64>,
}

impl SetupBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let trial = self.listing_option == Some(ListingOption::FreeTrial);
        if self.license_management && self.listing_option.is_some() {
            fields.wrong("listing_option", "setup.both", "must be absent with license management");
        }
        if !self.license_management && self.listing_option.is_none() {
            fields.wrong("listing_option", "setup.neither", "must be given without license management");
        }
        if !self.license_management && self.allow_install_without_license.is_some() {
            let message = "exists only with license management";
            fields.wrong("allow_install_without_license", "setup.not_managed", message);
        }
        if !trial && (self.trial_url.is_some() || self.trial_months.is_some()) {
            fields.wrong("trial_url", "setup.no_trial", "belongs to a free trial only");
        }
        if trial && !self.trial_months.is_some_and(|months| TRIAL_MONTHS.contains(&months)) {
            fields.wrong("trial_months", "setup.trial_months", "must be 1, 3 or 6");
        }
        let url = if trial {
            fields.parse("trial_url", self.trial_url.as_deref().unwrap_or_default(), WebUrl::parse)
        } else {
            None
        };
        fields.finish()?;
        let managed = Setup::LicenseManagement {
            allow_install_without_license: self.allow_install_without_license == Some(true),
        };
        let page = match (self.listing_option, url, self.trial_months) {
            (Some(ListingOption::FreeTrial), Some(url), Some(months)) => Setup::FreeTrial { url, months },
            (Some(ListingOption::GetItNow), ..) => Setup::GetItNow,
            (Some(ListingOption::ContactMe), ..) => Setup::ContactMe,
            _ => managed,
        };
        Ok(Page::Setup(page))
    }
}

impl From<Setup> for SetupBody {
    fn from(setup: Setup) -> Self {
        let option = |option| Self {
            license_management: false,
            allow_install_without_license: None,
            listing_option: Some(option),
            trial_url: None,
            trial_months: None,
        };
        match setup {
            Setup::LicenseManagement { allow_install_without_license } => Self {
                license_management: true,
                allow_install_without_license: Some(allow_install_without_license),
                listing_option: None,
                trial_url: None,
                trial_months: None,
            },
            Setup::GetItNow => option(ListingOption::GetItNow),
            Setup::ContactMe => option(ListingOption::ContactMe),
            Setup::FreeTrial { url, months } => Self {
                trial_url: Some(url.into()),
                trial_months: Some(months),
                ..option(ListingOption::FreeTrial)
            },
        }
    }
}

/// Whatever is left out is still missing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PropertiesBody {
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::catalog) primary_category: Option<String>,
    #[serde(default)]
    #[schema(max_items = 2)]
    pub(in crate::catalog) primary_subcategories: Vec<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::catalog) secondary_category: Option<String>,
    #[serde(default)]
    #[schema(max_items = 2)]
    pub(in crate::catalog) secondary_subcategories: Vec<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(in crate::catalog) industries: Vec<String>,
    #[serde(default)]
    #[schema(max_length = 50)]
    pub(in crate::catalog) app_version: Option<String>,
    /// Either this or `terms_url`.
    #[serde(default)]
    #[schema(max_length = 100_000)]
    pub(in crate::catalog) terms_text: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2048)]
    pub(in crate::catalog) terms_url: Option<String>,
}

impl PropertiesBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let primary = optional::<100>(&mut fields, "primary_category", self.primary_category.as_deref());
        let secondary =
            optional::<100>(&mut fields, "secondary_category", self.secondary_category.as_deref());
        let below_primary =
            texts::<100>(&mut fields, "primary_subcategories", &self.primary_subcategories, 2);
        let below_secondary =
            texts::<100>(&mut fields, "secondary_subcategories", &self.secondary_subcategories, 2);
        let of_what = |category: &Option<String>, below: &[String]| category.is_none() && !below.is_empty();
        if of_what(&self.primary_category, &self.primary_subcategories) {
            fields.wrong("primary_subcategories", "properties.no_category", "belong to a category");
        }
        if of_what(&self.secondary_category, &self.secondary_subcategories) {
            fields.wrong("secondary_subcategories", "properties.no_category", "belong to a category");
        }
        if secondary.is_some() && primary == secondary {
            fields.wrong("secondary_category", "properties.same_category", "must not be the primary one");
        }
        let industries = texts::<100>(&mut fields, "industries", &self.industries, 20);
        let app_version = optional::<50>(&mut fields, "app_version", self.app_version.as_deref());
        let terms = self.terms(&mut fields);
        fields.finish()?;
        Ok(Page::Properties(Properties {
            primary_category: primary,
            primary_subcategories: below_primary,
            secondary_category: secondary,
            secondary_subcategories: below_secondary,
            industries,
            app_version,
            terms,
        }))
    }

    fn terms(&self, fields: &mut Fields) -> Option<Terms> {
        match (&self.terms_text, &self.terms_url) {
            (Some(text), None) => fields
                .parse("terms_text", text, Text::<100_000>::parse)
                .map(|text| Terms::Text(text.into_string())),
            (None, Some(url)) => fields.parse("terms_url", url, WebUrl::parse).map(Terms::Url),
            (None, None) => None,
            (Some(_), Some(_)) => {
                fields.wrong("terms_url", "properties.terms", "either terms_text or terms_url can be given");
                None
            }
        }
    }
}

impl From<Properties> for PropertiesBody {
    fn from(page: Properties) -> Self {
        let (terms_text, terms_url) = match page.terms {
            Some(Terms::Text(text)) => (Some(text), None),
            Some(Terms::Url(url)) => (None, Some(url.into())),
            None => (None, None),
        };
        Self {
            primary_category: page.primary_category,
            primary_subcategories: page.primary_subcategories,
            secondary_category: page.secondary_category,
            secondary_subcategories: page.secondary_subcategories,
            industries: page.industries,
            app_version: page.app_version,
            terms_text,
            terms_url,
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AvailabilityBody {
    /// ISO 3166-1 alpha-2; at least one.
    #[schema(min_items = 1, max_items = 249)]
    pub(in crate::catalog) markets: Vec<String>,
    /// Opens the preview to whoever has it: `a-z`, `0-9`, at least 8.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(in crate::catalog) hide_key: Option<String>,
}

impl AvailabilityBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        if self.markets.is_empty() {
            fields.wrong("markets", "availability.no_market", "must name at least one market");
        }
        let parsed = self.markets.iter().enumerate();
        let mut markets: Vec<Country> = parsed
            .filter_map(|(at, code)| fields.parse(&format!("markets[{at}]"), code, Country::parse))
            .collect();
        let hide_key = fields.optional("hide_key", self.hide_key.as_deref(), HideKey::parse).flatten();
        fields.finish()?;
        markets.sort_unstable();
        markets.dedup();
        Ok(Page::Availability(Availability { markets, hide_key }))
    }
}

impl From<Availability> for AvailabilityBody {
    fn from(page: Availability) -> Self {
        Self {
            markets: page.markets.into_iter().map(String::from).collect(),
            hide_key: page.hide_key.map(String::from),
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TechnicalConfigurationBody {
    /// Must be `user` with license management.
    pub(in crate::catalog) base_license_model: BaseLicenseModel,
}

impl TechnicalConfigurationBody {
    #[expect(clippy::unnecessary_wraps, reason = "every page's body parses in the same way")]
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let base_license_model = self.base_license_model;
        Ok(Page::TechnicalConfiguration(TechnicalConfiguration { base_license_model }))
    }
}

impl From<TechnicalConfiguration> for TechnicalConfigurationBody {
    fn from(page: TechnicalConfiguration) -> Self {
        Self { base_license_model: page.base_license_model }
    }
}

/// For the people who certify; never shown to customers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplementalContentBody {
    /// The hash of a PDF document: what to try, and how.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub(in crate::catalog) key_usage_scenarios: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub(in crate::catalog) notes: Option<String>,
}

impl SupplementalContentBody {
    pub(in crate::catalog) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let given = self.key_usage_scenarios.as_deref();
        let key_usage_scenarios = fields.optional("key_usage_scenarios", given, FileHash::parse).flatten();
        let notes = fields.optional("notes", self.notes.as_deref(), Text::<2000>::parse).flatten();
        let notes = notes.map(Text::into_string);
        fields.finish()?;
        Ok(Page::SupplementalContent(SupplementalContent { key_usage_scenarios, notes }))
    }
}

impl From<SupplementalContent> for SupplementalContentBody {
    fn from(page: SupplementalContent) -> Self {
        Self { key_usage_scenarios: page.key_usage_scenarios.map(String::from), notes: page.notes }
    }
}

/// A line that may be left out.
fn optional<const MAX: usize>(fields: &mut Fields, field: &str, text: Option<&str>) -> Option<String> {
    fields.optional(field, text, Name::<MAX>::parse).flatten().map(Name::into_string)
}

/// A short list of texts, each once.
fn texts<const MAX: usize>(fields: &mut Fields, field: &str, values: &[String], most: usize) -> Vec<String> {
    at_most(fields, field, values.len(), most);
    let mut found: Vec<String> = Vec::new();
    for (at, text) in values.iter().enumerate() {
        let field = format!("{field}[{at}]");
        let Some(text) = fields.parse(&field, text, Name::<MAX>::parse).map(Name::into_string) else {
            continue;
        };
        if found.contains(&text) {
            fields.wrong(&field, "field.repeated", "is there twice");
        }
        found.push(text);
    }
    found
}

fn at_most(fields: &mut Fields, field: &str, length: usize, most: usize) {
    if length > most {
        let message = format!("has {length} entries; at most {most} are allowed");
        fields.wrong(field, "field.too_many", message);
    }
}
