//! Plans.

use entitlement::{EnforcementMode, FeatureValue};
use serde::{Deserialize, Serialize};
use types::{OfferId, PlanId, PlanSlug, ServiceId, Timestamp, Violation};

use crate::kit::{JsonColumn, text_enum};

text_enum! {
    /// Who sees a plan on the storefront (PLN-05).
    #[derive(Default)]
    Visibility {
        #[default]
        Public = "public",
        /// Its audience alone.
        Private = "private",
    }
}

text_enum! {
    /// What a refused check means for the app (PLN-07).
    #[derive(Default)]
    Enforcement {
        /// Always allow; record who would have been refused.
        Audit = "audit",
        /// Allow with a notice.
        Warn = "warn",
        #[default]
        Block = "block",
    }
}

impl From<Enforcement> for EnforcementMode {
    fn from(mode: Enforcement) -> Self {
        match mode {
            Enforcement::Audit => Self::Audit,
            Enforcement::Warn => Self::Warn,
            Enforcement::Block => Self::Block,
        }
    }
}

/// Something a plan has and the app asks for (PLN-07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Feature {
    /// What the app looks up: `^[a-z][a-z0-9_.-]{0,49}$`.
    pub key: String,
    pub name: String,
    pub value: FeatureValue,
}

impl Feature {
    pub(super) fn parse_key(text: &str) -> Result<String, Violation> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-".contains(c);
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if begins && text.len() <= 50 && text.chars().all(plain) {
            Ok(text.to_owned())
        } else {
            let message = "must begin with a-z and have a-z, 0-9, ., - and _ only, at most 50 of them";
            Err(Violation::new("feature.key_malformed", message))
        }
    }
}

db::rows! {
    /// An edition of an offer, as its publisher drafts it.
    pub(crate) struct Plan in "plans" {
        pub id: PlanId,
        pub offer_id: OfferId,
        /// The *plan id* of the rules.
        pub slug: PlanSlug,
        /// PLN-03: `publisherid.offerid.planid`, made at creation.
        pub service_id: ServiceId,
        pub name: String,
        pub description: String,
        pub visibility: Visibility,
        pub enforcement: Enforcement,
        pub features: JsonColumn<Vec<Feature>>,
        /// Tenants that a private plan is for, as drafted.
        pub audience_size: i64,
        /// The audience as drafted is not the one in effect.
        pub audience_changed: bool,
        pub created_at: Timestamp,
        /// Set from the first time the plan went live; from then on it cannot be deleted (PLN-06).
        pub published_at: Option<Timestamp>,
        /// Set from the first time it went live as a public plan: it never is private again (PLN-05).
        pub public_since: Option<Timestamp>,
        /// Set: hidden from new sales (PLN-06).
        pub stopped_at: Option<Timestamp>,
        pub revision: i64,
    }
}

impl Plan {
    /// On sale once its offer is: published, and not stopped.
    pub(crate) fn is_sold(&self) -> bool {
        self.published_at.is_some() && self.stopped_at.is_none()
    }
}

/// What goes live of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlanVersion {
    pub service_id: ServiceId,
    pub name: String,
    pub description: String,
    #[serde(default)]
    pub visibility: Visibility,
    #[serde(default)]
    pub enforcement: Enforcement,
    #[serde(default)]
    pub features: Vec<Feature>,
}

impl From<&Plan> for PlanVersion {
    fn from(plan: &Plan) -> Self {
        Self {
            service_id: plan.service_id.clone(),
            name: plan.name.clone(),
            description: plan.description.clone(),
            visibility: plan.visibility,
            enforcement: plan.enforcement,
            features: plan.features.0.clone(),
        }
    }
}

/// PLN-04: plans an offer has at most.
pub(super) const MAX: usize = 100;
/// PLN-04: private ones among them.
pub(super) const PRIVATE_MAX: usize = 45;
/// Features of a plan.
pub(super) const FEATURES_MAX: usize = 50;
/// PLN-05: tenants of an audience, named one by one.
pub(crate) const AUDIENCE_BY_HAND: usize = 10;
/// PLN-05: tenants of an audience, from a file.
pub(super) const AUDIENCE_BY_FILE: usize = 20_000;
