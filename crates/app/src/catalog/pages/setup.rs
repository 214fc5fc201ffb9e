//! Setup, availability and supplemental content of a draft.

use askama::Template;
use types::Country;

use super::draft::{DraftPage, Shown};
use super::frame::missing;
use crate::catalog::api::page_bodies::{AvailabilityBody, ListingOption, SetupBody, SupplementalContentBody};
use crate::catalog::draft::Page;
use crate::catalog::{Draft, FileHash, Offer};
use crate::kit::page::{Entered, Input, Subpages, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/setup.html")]
pub(super) struct SetupPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
}

impl DraftPage for SetupPage {
    const PAGE: &'static str = "setup";

    fn stored(draft: &Draft) -> Vec<(&'static str, String)> {
        let Some(setup) = draft.setup.clone().map(SetupBody::from) else { return Vec::new() };
        let managed = if setup.license_management { "yes" } else { "no" };
        let mut stored = vec![("license_management", managed.to_owned())];
        if setup.allow_install_without_license == Some(true) {
            stored.push(("allow_install_without_license", "yes".to_owned()));
        }
        stored.extend(setup.listing_option.map(|option| ("listing_option", option.as_str().to_owned())));
        stored.extend(setup.trial_url.map(|url| ("trial_url", url)));
        stored.extend(setup.trial_months.map(|months| ("trial_months", months.to_string())));
        stored
    }

    /// What belongs to the choice that was not made is left out.
    fn read(input: &Input) -> Result<Page, Refused> {
        let managed = input.text("license_management") == "yes";
        if !managed && input.text("license_management") != "no" {
            let mut fields = Fields::default();
            let _: Option<()> = fields.check("license_management", Err(missing()));
            return Err(fields.refuse());
        }
        let option = (!managed).then(|| ListingOption::parse(input.text("listing_option")).ok()).flatten();
        let trial = option == Some(ListingOption::FreeTrial);
        SetupBody {
            license_management: managed,
            allow_install_without_license: managed.then(|| input.checked("allow_install_without_license")),
            listing_option: option,
            trial_url: trial.then(|| input.text("trial_url").to_owned()),
            trial_months: trial.then(|| input.text("trial_months").parse().ok()).flatten(),
        }
        .parse()
    }

    fn of(Shown { t, form, pages, offer, action }: Shown) -> Self {
        Self { t, form, pages, offer, action }
    }
}

#[derive(Template)]
#[template(path = "catalog/pages/availability.html")]
pub(super) struct AvailabilityPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
    countries: Vec<(String, &'static str)>,
}

impl DraftPage for AvailabilityPage {
    const PAGE: &'static str = "availability";

    fn stored(draft: &Draft) -> Vec<(&'static str, String)> {
        let Some(page) = draft.availability.clone().map(AvailabilityBody::from) else { return Vec::new() };
        let markets = page.markets.into_iter().map(|market| ("markets", market));
        markets.chain(page.hide_key.map(|key| ("hide_key", key))).collect()
    }

    fn read(input: &Input) -> Result<Page, Refused> {
        AvailabilityBody {
            markets: input.all("markets").map(str::to_owned).collect(),
            hide_key: input.filled("hide_key").map(str::to_owned),
        }
        .parse()
    }

    fn of(Shown { t, form, pages, offer, action }: Shown) -> Self {
        let countries = Country::all().map(|country| (country.as_str().to_owned(), t.country(&country)));
        let mut countries: Vec<_> = countries.collect();
        countries.sort_by_key(|(_, name)| *name);
        Self { t, form, pages, offer, action, countries }
    }
}

#[derive(Template)]
#[template(path = "catalog/pages/supplemental.html")]
pub(super) struct SupplementalPage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    offer: Offer,
    action: String,
    scenarios: Option<FileHash>,
}

impl DraftPage for SupplementalPage {
    const PAGE: &'static str = "supplemental-content";

    fn stored(draft: &Draft) -> Vec<(&'static str, String)> {
        let notes = draft.supplemental_content.as_ref().and_then(|page| page.notes.clone());
        notes.map(|notes| ("notes", notes)).into_iter().collect()
    }

    fn read(input: &Input) -> Result<Page, Refused> {
        let notes = input.filled("notes").map(str::to_owned);
        SupplementalContentBody { key_usage_scenarios: None, notes }.parse()
    }

    fn keep(page: &mut Page, draft: &Draft) {
        if let (Page::SupplementalContent(page), Some(before)) = (page, &draft.supplemental_content) {
            page.key_usage_scenarios.clone_from(&before.key_usage_scenarios);
        }
    }

    fn of(Shown { t, form, pages, offer, action }: Shown) -> Self {
        let page = offer.draft.0.supplemental_content.as_ref();
        let scenarios = page.and_then(|page| page.key_usage_scenarios.clone());
        Self { t, form, pages, offer, action, scenarios }
    }
}
