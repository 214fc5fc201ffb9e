//! The pages of a draft on the wire, and how they become valid pages.

use serde::{Deserialize, Serialize};
use types::{Country, Email, Name, Text, WebUrl};
use utoipa::ToSchema;

use crate::catalog::draft::{
    Availability, BaseLicenseModel, Contact, Listing, Page, Properties, Setup, TRIAL_MONTHS,
    TechnicalConfiguration, Terms, without_emoji,
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
    license_management: bool,
    /// With license management only.
    #[serde(default)]
    allow_install_without_license: Option<bool>,
    /// Without license management.
    #[serde(default)]
    listing_option: Option<ListingOption>,
    /// For a free trial.
    #[serde(default)]
    #[schema(max_length = 2048)]
    trial_url: Option<String>,
    /// For a free trial: 1, 3 or 6.
    #[serde(default)]
    trial_months: Option<i64>,
}

impl SetupBody {
    pub(super) fn parse(&self) -> Result<Page, Refused> {
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

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PropertiesBody {
    #[schema(max_length = 100)]
    primary_category: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    secondary_category: Option<String>,
    #[serde(default)]
    #[schema(max_items = 20)]
    industries: Vec<String>,
    #[schema(max_length = 50)]
    app_version: String,
    /// Either this or `terms_url`.
    #[serde(default)]
    #[schema(max_length = 100_000)]
    terms_text: Option<String>,
    #[serde(default)]
    #[schema(max_length = 2048)]
    terms_url: Option<String>,
}

impl PropertiesBody {
    pub(super) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let primary = fields.parse("primary_category", &self.primary_category, Name::<100>::parse);
        let secondary =
            fields.optional("secondary_category", self.secondary_category.as_deref(), Name::<100>::parse);
        let industries = texts::<100>(&mut fields, "industries", &self.industries, 20);
        let version = fields.parse("app_version", &self.app_version, Name::<50>::parse);
        let terms = match (&self.terms_text, &self.terms_url) {
            (Some(text), None) => fields
                .parse("terms_text", text, Text::<100_000>::parse)
                .map(|text| Terms::Text(text.into_string())),
            (None, Some(url)) => fields.parse("terms_url", url, WebUrl::parse).map(Terms::Url),
            _ => {
                fields.wrong("terms_url", "properties.terms", "either terms_text or terms_url must be given");
                None
            }
        };
        let (Some(primary), Some(secondary), Some(industries)) = (primary, secondary, industries) else {
            return Err(fields.refuse());
        };
        let (Some(version), Some(terms)) = (version, terms) else { return Err(fields.refuse()) };
        Ok(Page::Properties(Properties {
            primary_category: primary.into_string(),
            secondary_category: secondary.map(Name::into_string),
            industries,
            app_version: version.into_string(),
            terms,
        }))
    }
}

impl From<Properties> for PropertiesBody {
    fn from(page: Properties) -> Self {
        let (terms_text, terms_url) = match page.terms {
            Terms::Text(text) => (Some(text), None),
            Terms::Url(url) => (None, Some(url.into())),
        };
        Self {
            primary_category: page.primary_category,
            secondary_category: page.secondary_category,
            industries: page.industries,
            app_version: page.app_version,
            terms_text,
            terms_url,
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingBody {
    /// Without emoji.
    #[schema(max_length = 200)]
    name: String,
    #[schema(max_length = 100)]
    summary: String,
    /// CommonMark.
    #[schema(max_length = 5000)]
    description: String,
    #[serde(default)]
    #[schema(max_items = 3)]
    keywords: Vec<String>,
    /// What it works with.
    #[serde(default)]
    #[schema(max_items = 3)]
    products: Vec<String>,
    /// Must not be the support URL.
    #[schema(max_length = 2048)]
    help_url: String,
    #[schema(max_length = 2048)]
    support_url: String,
    #[schema(max_length = 2048)]
    privacy_url: String,
    /// Never shown to customers.
    support_contact: ListingContact,
    /// Never shown to customers.
    engineering_contact: ListingContact,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListingContact {
    #[schema(max_length = 200)]
    name: String,
    #[schema(max_length = 254)]
    email: String,
    #[schema(max_length = 50)]
    phone: String,
}

impl ListingContact {
    fn parse(&self, fields: &mut Fields, at: &str) -> Option<Contact> {
        let name = fields.parse(&format!("{at}.name"), &self.name, Name::<200>::parse);
        let email = fields.parse(&format!("{at}.email"), &self.email, Email::parse);
        let phone = fields.parse(&format!("{at}.phone"), &self.phone, Name::<50>::parse);
        Some(Contact { name: name?.into_string(), email: email?, phone: phone?.into_string() })
    }
}

impl ListingBody {
    pub(super) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        let name = fields.parse("name", &self.name, |text| {
            without_emoji(text)?;
            Name::<200>::parse(text)
        });
        let summary = fields.parse("summary", &self.summary, Name::<100>::parse);
        let description = fields.parse("description", &self.description, Text::<5000>::parse);
        let keywords = texts::<50>(&mut fields, "keywords", &self.keywords, 3);
        let products = texts::<100>(&mut fields, "products", &self.products, 3);
        let help_url = fields.parse("help_url", &self.help_url, WebUrl::parse);
        let support_url = fields.parse("support_url", &self.support_url, WebUrl::parse);
        let privacy_url = fields.parse("privacy_url", &self.privacy_url, WebUrl::parse);
        if help_url.is_some() && help_url == support_url {
            fields.wrong("help_url", "listing.same_urls", "must not be the support URL");
        }
        let support = self.support_contact.parse(&mut fields, "support_contact");
        let engineering = self.engineering_contact.parse(&mut fields, "engineering_contact");
        fields.finish()?;
        let listing = (|| {
            Some(Listing {
                name: name?.into_string(),
                summary: summary?.into_string(),
                description: description?.into_string(),
                keywords: keywords?,
                products: products?,
                help_url: help_url?,
                support_url: support_url?,
                privacy_url: privacy_url?,
                support_contact: support?,
                engineering_contact: engineering?,
            })
        })();
        listing
            .map(|listing| Page::Listing(Box::new(listing)))
            .ok_or_else(|| Refused::internal("a field without an error"))
    }
}

impl From<Listing> for ListingBody {
    fn from(page: Listing) -> Self {
        let contact = |contact: Contact| ListingContact {
            name: contact.name,
            email: contact.email.into(),
            phone: contact.phone,
        };
        Self {
            name: page.name,
            summary: page.summary,
            description: page.description,
            keywords: page.keywords,
            products: page.products,
            help_url: page.help_url.into(),
            support_url: page.support_url.into(),
            privacy_url: page.privacy_url.into(),
            support_contact: contact(page.support_contact),
            engineering_contact: contact(page.engineering_contact),
        }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AvailabilityBody {
    /// ISO 3166-1 alpha-2; at least one.
    #[schema(min_items = 1, max_items = 249)]
    markets: Vec<String>,
}

impl AvailabilityBody {
    pub(super) fn parse(&self) -> Result<Page, Refused> {
        let mut fields = Fields::default();
        if self.markets.is_empty() {
            fields.wrong("markets", "availability.no_market", "must name at least one market");
        }
        let parsed = self.markets.iter().enumerate();
        let mut markets: Vec<Country> = parsed
            .filter_map(|(at, code)| fields.parse(&format!("markets[{at}]"), code, Country::parse))
            .collect();
        fields.finish()?;
        markets.sort_unstable();
        markets.dedup();
        Ok(Page::Availability(Availability { markets }))
    }
}

impl From<Availability> for AvailabilityBody {
    fn from(page: Availability) -> Self {
        Self { markets: page.markets.into_iter().map(String::from).collect() }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TechnicalConfigurationBody {
    /// Must be `user` with license management.
    base_license_model: BaseLicenseModel,
}

impl TechnicalConfigurationBody {
    #[expect(clippy::unnecessary_wraps, reason = "every page's body parses in the same way")]
    pub(super) fn parse(&self) -> Result<Page, Refused> {
        let base_license_model = self.base_license_model;
        Ok(Page::TechnicalConfiguration(TechnicalConfiguration { base_license_model }))
    }
}

impl From<TechnicalConfiguration> for TechnicalConfigurationBody {
    fn from(page: TechnicalConfiguration) -> Self {
        Self { base_license_model: page.base_license_model }
    }
}

/// A short list of texts.
fn texts<const MAX: usize>(
    fields: &mut Fields,
    field: &str,
    values: &[String],
    most: usize,
) -> Option<Vec<String>> {
    if values.len() > most {
        fields.wrong(
            field,
            "field.too_many",
            format!("has {} entries; at most {most} are allowed", values.len()),
        );
        return None;
    }
    let parsed = values.iter().enumerate();
    let parsed: Vec<Option<Name<MAX>>> =
        parsed.map(|(at, text)| fields.parse(&format!("{field}[{at}]"), text, Name::<MAX>::parse)).collect();
    parsed.into_iter().map(|text| text.map(Name::into_string)).collect()
}
