//! What a listing is besides its texts: who may see it, and what it can be filtered by.

use std::collections::{BTreeMap, BTreeSet};

use types::{Country, PublisherId, ServiceId, Timestamp};

use crate::catalog::listing::Listing;
use crate::kit::text_enum;

text_enum! {
    /// How an offer is had (OFF-05).
    LicensingOption {
        LicenseManagement = "license_management",
        GetItNow = "get_it_now",
        FreeTrial = "free_trial",
        ContactMe = "contact_me",
    }
}

/// A live listing as it is searched and shown in lists.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// `publisherid.offerid`.
    pub address: String,
    pub publisher_id: PublisherId,
    pub publisher_name: String,
    pub listing: Listing,
    /// Primary and, if there is one, secondary.
    pub categories: Vec<String>,
    pub industries: Vec<String>,
    pub markets: Vec<Country>,
    pub licensing_option: LicensingOption,
    pub live_since: Timestamp,
    /// Anybody sees it; else those alone whom one of its private plans is for (STO-05).
    pub public: bool,
    pub private_plans: Vec<ServiceId>,
}

/// What is asked for beside the words; of several values of one kind, any.
#[derive(Debug, Default)]
pub(crate) struct Filters {
    pub categories: Vec<String>,
    pub industries: Vec<String>,
    pub products: Vec<String>,
    pub markets: Vec<Country>,
    pub licensing_options: Vec<LicensingOption>,
    /// The private plans that are for the viewer.
    pub private_plans: BTreeSet<ServiceId>,
}

/// For each kind of filter: how many hits there are behind each value, the other filters applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FacetCounts {
    pub categories: BTreeMap<String, usize>,
    pub industries: BTreeMap<String, usize>,
    pub products: BTreeMap<String, usize>,
    pub markets: BTreeMap<Country, usize>,
    pub licensing_options: BTreeMap<LicensingOption, usize>,
}

impl Filters {
    pub(crate) fn sees(&self, entry: &Entry) -> bool {
        entry.public || entry.private_plans.iter().any(|plan| self.private_plans.contains(plan))
    }

    /// Keeps what fits every filter, and counts what would fit but for one.
    pub(super) fn apply<T>(
        &self,
        items: impl Iterator<Item = T>,
        entry: impl Fn(&T) -> &Entry,
    ) -> (Vec<T>, FacetCounts) {
        let (mut kept, mut facets) = (Vec::new(), FacetCounts::default());
        for item in items {
            let of = entry(&item);
            let fits = [
                fits(&self.categories, &of.categories),
                fits(&self.industries, &of.industries),
                fits(&self.products, &of.listing.products),
                fits(&self.markets, &of.markets),
                fits(&self.licensing_options, std::slice::from_ref(&of.licensing_option)),
            ];
            let but_for = |kind: usize| fits.iter().enumerate().all(|(at, fits)| *fits || at == kind);
            if but_for(0) {
                count(&mut facets.categories, &of.categories);
            }
            if but_for(1) {
                count(&mut facets.industries, &of.industries);
            }
            if but_for(2) {
                count(&mut facets.products, &of.listing.products);
            }
            if but_for(3) {
                count(&mut facets.markets, &of.markets);
            }
            if but_for(4) {
                count(&mut facets.licensing_options, std::slice::from_ref(&of.licensing_option));
            }
            if fits.iter().all(|fits| *fits) {
                kept.push(item);
            }
        }
        (kept, facets)
    }
}

fn fits<T: PartialEq>(wanted: &[T], has: &[T]) -> bool {
    wanted.is_empty() || has.iter().any(|value| wanted.contains(value))
}

fn count<T: Ord + Clone>(counts: &mut BTreeMap<T, usize>, values: &[T]) {
    for value in values {
        if let Some(count) = counts.get_mut(value) {
            *count += 1;
        } else {
            counts.insert(value.clone(), 1);
        }
    }
}
