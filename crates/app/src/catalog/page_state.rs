//! How far each page of an offer is (OFF-09).

use serde::Serialize;

use super::draft::BaseLicenseModel;
use super::{Offer, Plan};
use crate::kit::text_enum;

text_enum! {
    PageName {
        Setup = "setup",
        Properties = "properties",
        Listing = "listing",
        Availability = "availability",
        Plans = "plans",
        TechnicalConfiguration = "technical_configuration",
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PageState {
    pub page: PageName,
    pub state: PageStatus,
    pub missing: Vec<&'static str>,
}

/// Every page of an offer, in the order in which they are filled in.
pub(crate) fn pages(offer: &Offer, plans: &[Plan]) -> Vec<PageState> {
    let draft = &offer.draft.0;
    let license_management = draft.setup.as_ref().is_some_and(super::draft::Setup::license_management);
    let saved = |page, is_there: bool| {
        if is_there {
            PageState { page, state: PageStatus::Complete, missing: Vec::new() }
        } else {
            PageState { page, state: PageStatus::NotStarted, missing: vec!["page"] }
        }
    };
    let technical = draft.technical_configuration.as_ref();
    let mut lacks = Vec::new();
    match technical.map(|page| page.base_license_model) {
        None => lacks.push("base_license_model"),
        // OFF-08
        Some(BaseLicenseModel::Resource) if license_management => lacks.push("base_license_model"),
        Some(_) => {}
    }
    if offer.package_id.is_none() {
        lacks.push("package");
    }
    let started = technical.is_some() || offer.package_id.is_some();
    let state = match (lacks.is_empty(), started) {
        (true, _) => PageStatus::Complete,
        (false, true) => PageStatus::Incomplete,
        (false, false) => PageStatus::NotStarted,
    };
    let technical = PageState { page: PageName::TechnicalConfiguration, state, missing: lacks };
    let plans = match (license_management, plans.is_empty()) {
        (true, true) => {
            PageState { page: PageName::Plans, state: PageStatus::NotStarted, missing: vec!["plan"] }
        }
        _ => saved(PageName::Plans, true),
    };
    vec![
        saved(PageName::Setup, draft.setup.is_some()),
        saved(PageName::Properties, draft.properties.is_some()),
        saved(PageName::Listing, draft.listing.is_some()),
        saved(PageName::Availability, draft.availability.is_some()),
        plans,
        technical,
    ]
}
