//! What the marketplace has: services, and the components that need one of them.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use types::{PublisherId, ServiceId};

use crate::names::{Names, Number};

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

impl EnforcementMode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub id: ServiceId,
    /// As packaged, else the plan's name; shown to a refused person.
    pub display_name: String,
    pub more_info_url: Option<String>,
    pub enforcement: EnforcementMode,
    pub features: BTreeMap<String, FeatureValue>,
}

/// A part of a live offer's app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub offer: OfferAddress,
    pub publisher: PublisherId,
    pub unique_name: String,
    /// The id the package gives it; empty where it gives none.
    pub id: String,
    /// Any one of these opens it; none at all: it is not restricted. In the order in which the package maps
    /// them.
    pub services: Vec<ServiceId>,
}

/// Everything that is live, at one version of the marketplace's log.
#[derive(Debug)]
pub struct Catalog {
    version: i64,
    services: Vec<Service>,
    /// By the place of a service: its number, and its place again, so that one alone is a slice.
    numbers: Vec<Number>,
    places: Vec<usize>,
    by_id: HashMap<String, usize, RandomState>,
    publishers: HashMap<String, Number, RandomState>,
    components: HashMap<String, Vec<Mapped>, RandomState>,
}

/// A component, and the places of its services.
#[derive(Debug)]
pub(crate) struct Mapped {
    pub(crate) component: Component,
    pub(crate) places: Vec<usize>,
}

/// Not loaded: below every version, because an empty catalogue would restrict nothing.
impl Default for Catalog {
    fn default() -> Self {
        CatalogBuilder::at(-1).build()
    }
}

/// Collects what is live, offer by offer; as it is sent to others.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogBuilder {
    version: i64,
    services: Vec<Service>,
    components: Vec<Component>,
}

impl CatalogBuilder {
    #[must_use]
    pub fn at(version: i64) -> Self {
        Self { version, ..Self::default() }
    }

    pub fn service(&mut self, service: Service) -> &mut Self {
        self.services.push(service);
        self
    }

    pub fn component(&mut self, component: Component) -> &mut Self {
        self.components.push(component);
        self
    }

    /// What is one publisher's.
    #[must_use]
    pub fn only_of(&self, publisher: &PublisherId) -> Self {
        let services = self.services.iter().filter(|service| service.id.publisher() == publisher.as_str());
        let components = self.components.iter().filter(|component| component.publisher == *publisher);
        let (services, components) = (services.cloned().collect(), components.cloned().collect());
        Self { version: self.version, services, components }
    }

    /// Where a service id is given twice the later one counts.
    pub fn build(self) -> Catalog {
        let mut services: Vec<Service> = Vec::with_capacity(self.services.len());
        let mut by_id = HashMap::with_capacity_and_hasher(self.services.len(), RandomState::default());
        for service in self.services {
            if let Some(place) = by_id.get(service.id.as_str()) {
                services[*place] = service;
            } else {
                by_id.insert(service.id.as_str().to_owned(), services.len());
                services.push(service);
            }
        }
        let mut components: HashMap<String, Vec<Mapped>, RandomState> = HashMap::default();
        for component in self.components {
            let places = component.services.iter().filter_map(|id| by_id.get(id.as_str()).copied()).collect();
            let named = components.entry(component.unique_name.clone()).or_default();
            named.push(Mapped { component, places });
        }
        let places = (0..services.len()).collect();
        let (numbers, publishers) = Default::default();
        Catalog { version: self.version, services, numbers, places, by_id, publishers, components }
    }
}

impl Catalog {
    pub fn version(&self) -> i64 {
        self.version
    }

    pub fn service(&self, id: &str) -> Option<&Service> {
        self.by_id.get(id).map(|place| &self.services[*place])
    }

    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.iter()
    }

    /// Looked up by what the tenants' rights say for it.
    pub(crate) fn numbered(mut self, names: &Names) -> Self {
        self.numbers = self.services.iter().map(|service| names.number(service.id.as_str())).collect();
        let owners = self.services.iter().map(|service| service.id.publisher());
        self.publishers = owners.map(|owner| (owner.to_owned(), names.number(owner))).collect();
        self
    }

    /// The number of a publisher that has services.
    pub(crate) fn publisher(&self, id: &str) -> Option<Number> {
        self.publishers.get(id).copied()
    }

    pub(crate) fn at(&self, place: usize) -> (&Service, Number) {
        (&self.services[place], self.numbers[place])
    }

    /// A slice of the service's place.
    pub(crate) fn place(&self, id: &str) -> &[usize] {
        self.by_id.get(id).map_or(&[], |place| &self.places[*place..=*place])
    }

    /// The components of this name: offers of different publishers may use the same one.
    pub(crate) fn components(&self, unique_name: &str) -> &[Mapped] {
        self.components.get(unique_name).map_or(&[], Vec::as_slice)
    }
}
