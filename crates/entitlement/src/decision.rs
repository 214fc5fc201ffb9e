//! Answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Catalog, Component, EnforcementMode, FeatureValue, Service};

/// The state of a usage right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Best first, so that the least of several is the one that counts.
    Active,
    /// Usable, for a while (LIC-07, LIC-08).
    Warning,
    /// Not usable, kept until it is gone (LIC-08).
    Suspended,
    /// Not usable, in the queue for a seat (LIC-07, ASG-04).
    Waiting,
}

impl State {
    pub fn usable(self) -> bool {
        matches!(self, Self::Active | Self::Warning)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Warning => "warning",
            Self::Suspended => "suspended",
            Self::Waiting => "waiting",
        }
    }
}

/// Why a check was decided as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The user holds a usable right to the service, or to one that opens the component.
    Licensed,
    /// The component is mapped to no plan.
    Unrestricted,
    /// The tenant holds seats that would do, this user has none of them.
    NoSeat,
    /// The tenant holds no license that would do.
    NoLicense,
    /// There is a right, but it is suspended.
    Suspended,
    /// The user waits for a seat.
    Waiting,
    /// The tenant has no active user of this id.
    UserUnknown,
    /// No live offer has this service id.
    ServiceUnknown,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Licensed => "licensed",
            Self::Unrestricted => "unrestricted",
            Self::NoSeat => "no_seat",
            Self::NoLicense => "no_license",
            Self::Suspended => "suspended",
            Self::Waiting => "waiting",
            Self::UserUnknown => "user_unknown",
            Self::ServiceUnknown => "service_unknown",
        }
    }
}

/// The answer to one question (CHK-03).
#[derive(Debug, Clone, Copy)]
pub struct Decision<'c> {
    pub allowed: bool,
    /// Of the best right that was found, if there was one.
    pub state: Option<State>,
    pub reason: Reason,
    /// Allowed by the mode of enforcement alone: no right was found, for this `reason` (PLN-07).
    pub waived: bool,
    /// Of the service that allowed; where none did, the strictest of those that would do.
    pub enforcement: EnforcementMode,
    /// The version of the tenant's log at which this was decided, or a later one.
    pub version: i64,
    pub(crate) catalog: &'c Catalog,
    pub(crate) component: Option<&'c Component>,
    /// Places in the catalogue.
    pub(crate) would_do: &'c [usize],
    /// Which of `would_do` the user may use; an offer has at most a hundred plans.
    pub(crate) usable: u128,
}

impl<'c> Decision<'c> {
    /// The component asked about, where one was.
    pub fn component(&self) -> Option<&'c Component> {
        self.component
    }

    /// The services that would do; for a component without a mapping, none.
    pub fn services(&self) -> impl Iterator<Item = &'c Service> + use<'c> {
        let catalog = self.catalog;
        self.would_do.iter().map(|place| catalog.at(*place).0)
    }

    /// The service whose seat was used, where one was.
    pub fn used(&self) -> Option<&'c Service> {
        self.usable().next()
    }

    /// The place of that service in the catalogue.
    pub(crate) fn used_place(&self) -> Option<usize> {
        let first = self.usable.trailing_zeros() as usize;
        self.would_do.get(first).copied()
    }

    /// Of every service that the user may use among those that would do (PLN-07): of several values for one
    /// key yes, the greater limit, and the text of the last, in the order in which the package maps the plans.
    pub fn features(&self) -> BTreeMap<&'c str, &'c FeatureValue> {
        let mut features = BTreeMap::new();
        for service in self.usable() {
            for (key, value) in &service.features {
                let kept = features.entry(key.as_str()).or_insert(value);
                *kept = better(kept, value);
            }
        }
        features
    }

    fn usable(&self) -> impl Iterator<Item = &'c Service> + use<'c> {
        let usable = self.usable;
        self.services().take(128).enumerate().filter(move |(at, _)| usable & (1 << at) != 0).map(|(_, it)| it)
    }
}

/// Of two values of one feature, in the order of their services.
fn better<'c>(kept: &'c FeatureValue, value: &'c FeatureValue) -> &'c FeatureValue {
    use FeatureValue::{Flag, Limit};
    match (kept, value) {
        (Flag(true), Flag(false)) => kept,
        (Limit(most), Limit(limit)) if most > limit => kept,
        _ => value,
    }
}
