//! Answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::ServiceId;

use crate::{Component, EnforcementMode, FeatureValue};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    /// Of the best right that was found, if there was one.
    pub state: Option<State>,
    pub reason: Reason,
    /// The service whose seat was used, where one was.
    pub used: Option<ServiceId>,
    /// The service ids that would do; for a component without a mapping, none.
    pub services: Vec<ServiceId>,
    /// Allowed by the mode of enforcement alone: no right was found, for this `reason` (PLN-07).
    pub waived: bool,
    /// Of the service that allowed; where none did, the strictest of those that would do.
    pub enforcement: EnforcementMode,
    /// Of every service that the user may use among those that would do: of several values for one key the
    /// better, that is yes, and the greater limit.
    pub features: BTreeMap<String, FeatureValue>,
    /// The component asked about, where one was.
    pub component: Option<Component>,
    /// The version of the tenant's log at which this was decided.
    pub version: i64,
}
