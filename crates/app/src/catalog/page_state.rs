//! How far each page of an offer is (OFF-09).

use serde::{Deserialize, Serialize};
use types::PackageId;

use super::draft::{BaseLicenseModel, Draft, Properties, Setup};
use super::{Offer, Plan, PlanVersion, Visibility};
use crate::kit::text_enum;

text_enum! {
    PageName {
        Setup = "setup",
        Properties = "properties",
        Listing = "listing",
        Availability = "availability",
        Plans = "plans",
        TechnicalConfiguration = "technical_configuration",
        SupplementalContent = "supplemental_content",
    }
}

text_enum! {
    PageStatus {
        NotStarted = "not_started",
        Incomplete = "incomplete",
        Complete = "complete",
    }
}

/// One page, and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageState {
    pub page: PageName,
    pub state: PageStatus,
    pub missing: Vec<String>,
    /// The offer was live, and the page is no longer as it went live.
    pub unpublished_changes: bool,
}

/// What went live last, beside which the draft is held (OFF-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Published {
    pub draft: Draft,
    pub plans: Vec<PlanVersion>,
    pub package: PackageId,
}

/// Every page of an offer, in the order in which they are filled in.
pub(crate) fn pages(offer: &Offer, plans: &[Plan]) -> Vec<PageState> {
    PageName::ALL
        .iter()
        .map(|page| {
            let (started, missing) = missing(*page, offer, plans);
            let state = match (missing.is_empty(), started) {
                (true, _) => PageStatus::Complete,
                (false, true) => PageStatus::Incomplete,
                (false, false) => PageStatus::NotStarted,
            };
            PageState { page: *page, state, missing, unpublished_changes: changed(*page, offer, plans) }
        })
        .collect()
}

/// Whether anything of the page was saved, and what it lacks.
fn missing(page: PageName, offer: &Offer, plans: &[Plan]) -> (bool, Vec<String>) {
    let draft = &offer.draft.0;
    match page {
        PageName::Setup => (draft.setup.is_some(), lacking(&[("license_management", draft.setup.is_none())])),
        PageName::Properties => {
            let none = Properties::default();
            let page = draft.properties.as_ref().unwrap_or(&none);
            let fields = [
                ("primary_category", page.primary_category.is_none()),
                ("app_version", page.app_version.is_none()),
                ("terms", page.terms.is_none()),
            ];
            (draft.properties.is_some(), lacking(&fields))
        }
        PageName::Listing => {
            let started = draft.listing.is_some();
            (started, draft.listing.clone().unwrap_or_default().missing())
        }
        PageName::Availability => {
            (draft.availability.is_some(), lacking(&[("markets", draft.availability.is_none())]))
        }
        PageName::Plans => (!plans.is_empty(), lacking_plans(offer, plans)),
        PageName::TechnicalConfiguration => lacking_technically(offer),
        PageName::SupplementalContent => {
            let page = draft.supplemental_content.as_ref();
            let scenarios = page.and_then(|page| page.key_usage_scenarios.as_ref());
            (page.is_some(), lacking(&[("key_usage_scenarios", scenarios.is_none())]))
        }
    }
}

fn lacking(fields: &[(&str, bool)]) -> Vec<String> {
    fields.iter().filter(|(_, lacks)| *lacks).map(|(field, _)| (*field).to_owned()).collect()
}

fn lacking_plans(offer: &Offer, plans: &[Plan]) -> Vec<String> {
    let managed = offer.draft.0.setup.as_ref().is_some_and(Setup::license_management);
    if managed && plans.is_empty() {
        return vec!["plan".to_owned()];
    }
    let lonely = |plan: &&Plan| plan.visibility == Visibility::Private && plan.audience_size == 0;
    plans.iter().filter(lonely).map(|plan| format!("{}.audience", plan.slug)).collect()
}

fn lacking_technically(offer: &Offer) -> (bool, Vec<String>) {
    let managed = offer.draft.0.setup.as_ref().is_some_and(Setup::license_management);
    let page = offer.draft.0.technical_configuration.as_ref();
    let model = page.map(|page| page.base_license_model);
    // OFF-08
    let wrong = managed && model == Some(BaseLicenseModel::Resource);
    let fields = [("base_license_model", model.is_none() || wrong), ("package", offer.package_id.is_none())];
    (page.is_some() || offer.package_id.is_some(), lacking(&fields))
}

fn changed(page: PageName, offer: &Offer, plans: &[Plan]) -> bool {
    let Some(published) = offer.published.as_ref().map(|published| &published.0) else { return false };
    let (draft, live) = (&offer.draft.0, &published.draft);
    match page {
        PageName::Setup => draft.setup != live.setup,
        PageName::Properties => draft.properties != live.properties,
        PageName::Listing => draft.listing != live.listing,
        PageName::Availability => draft.availability != live.availability,
        PageName::Plans => {
            let drafted: Vec<PlanVersion> = plans.iter().map(PlanVersion::from).collect();
            let audience = |plan: &Plan| {
                plan.visibility == Visibility::Private && plan.audience_changed && plan.is_sold()
            };
            drafted != published.plans || plans.iter().any(audience)
        }
        PageName::TechnicalConfiguration => {
            draft.technical_configuration != live.technical_configuration
                || offer.package_id != Some(published.package)
        }
        PageName::SupplementalContent => draft.supplemental_content != live.supplemental_content,
    }
}
