//! What the marketplace has: services, and the components that need one of them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use types::{PublisherId, ServiceId};

/// `publisherid.offerid`.
pub type OfferAddress = String;

/// What a refused check means for the app (PLN-07); the strictest is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnforcementMode {
    /// Always allow; record who would have been refused.
    Audit,
    /// Allow with a notice.
    Warn,
    #[default]
    Block,
}

/// The value of a plan's feature (PLN-07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FeatureValue {
    Flag(bool),
    Limit(i64),
    Text(String),
}

/// One plan of a live offer, as checks see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub id: ServiceId,
    /// As packaged, else the plan's name; shown to a refused person.
    pub display_name: String,
    pub more_info_url: Option<String>,
    pub enforcement: EnforcementMode,
    pub features: BTreeMap<String, FeatureValue>,
}

/// A part of a live offer's app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    pub offer: OfferAddress,
    pub publisher: PublisherId,
    pub unique_name: String,
    /// The id the package gives it; empty where it gives none.
    pub id: String,
    /// Any one of these opens it; none at all: it is not restricted.
    pub services: Vec<ServiceId>,
}

/// Everything that is live, at one version of the marketplace's log.
#[derive(Debug)]
pub struct Catalog {
    version: i64,
    services: HashMap<ServiceId, Service>,
    components: HashMap<String, Vec<Component>>,
}

/// Not loaded: below every version, because an empty catalogue would restrict nothing.
impl Default for Catalog {
    fn default() -> Self {
        Self { version: -1, services: HashMap::new(), components: HashMap::new() }
    }
}

/// Collects what is live, offer by offer.
#[derive(Debug, Default)]
pub struct CatalogBuilder(Catalog);

impl CatalogBuilder {
    #[must_use]
    pub fn at(version: i64) -> Self {
        Self(Catalog { version, ..Catalog::default() })
    }

    pub fn service(&mut self, service: Service) -> &mut Self {
        self.0.services.insert(service.id.clone(), service);
        self
    }

    pub fn component(&mut self, component: Component) -> &mut Self {
        self.0.components.entry(component.unique_name.clone()).or_default().push(component);
        self
    }

    pub fn build(self) -> Catalog {
        self.0
    }
}

impl Catalog {
    pub fn version(&self) -> i64 {
        self.version
    }

    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.get(id)
    }

    /// The components of this name: offers of different publishers may use the same one.
    pub fn components(&self, unique_name: &str) -> &[Component] {
        self.components.get(unique_name).map_or(&[], Vec::as_slice)
    }
}
