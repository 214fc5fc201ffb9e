//! The index of a node: the catalogue and the tenants' holdings, read far more often than changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwap;
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId};

use crate::{
    Catalog, Change, Component, Decision, EnforcementMode, FeatureValue, Holdings, Reason, Service, State,
};

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Service(ServiceId),
    /// A component by its unique name; `offer` (`publisherid.offerid`) where the name alone is not clear.
    Component {
        unique_name: String,
        offer: Option<String>,
    },
}

/// One question: may this user of this tenant use that?
#[derive(Debug, Clone)]
pub struct Question {
    pub tenant: TenantId,
    pub user: UserId,
    pub target: Target,
    /// Set where a publisher's app asks: only this publisher's services and components count.
    pub publisher: Option<PublisherId>,
    /// Decide at this version of the tenant's log or a later one.
    pub at_least: i64,
    /// The present: dates decide what is left of rights that end.
    pub now: Timestamp,
}

/// The index stands below the version that was asked for; feed it and ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// `None`: the tenant is not loaded.
    pub version: Option<i64>,
}

/// Several live offers have a component of this name; the question must say which offer it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    pub offers: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Index {
    catalog: ArcSwap<Catalog>,
    tenants: RwLock<HashMap<TenantId, Arc<RwLock<Holdings>>>>,
}

impl Index {
    pub fn catalog(&self) -> Arc<Catalog> {
        self.catalog.load_full()
    }

    /// Puts a catalogue in place, unless a later one already stands.
    pub fn replace_catalog(&self, catalog: Catalog) {
        let catalog = Arc::new(catalog);
        self.catalog.rcu(|current| {
            if current.version() > catalog.version() { Arc::clone(current) } else { Arc::clone(&catalog) }
        });
    }

    /// The version of a tenant's log the index stands at; `None`: not loaded.
    pub fn version(&self, tenant: &TenantId) -> Option<i64> {
        self.holdings(tenant).map(|holdings| read(&holdings).version())
    }

    /// Puts a snapshot in place, unless a later version already stands.
    pub fn load(&self, tenant: TenantId, snapshot: Holdings) {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        match tenants.get(&tenant) {
            Some(current) if read(current).version() > snapshot.version() => {}
            _ => {
                tenants.insert(tenant, Arc::new(RwLock::new(snapshot)));
            }
        }
    }

    /// Takes the steps from version `from` to version `to`; false, and nothing done, if the index
    /// stands elsewhere.
    pub fn apply(&self, tenant: &TenantId, from: i64, to: i64, changes: Vec<Change>) -> bool {
        let Some(holdings) = self.holdings(tenant) else { return false };
        let mut holdings = holdings.write().unwrap_or_else(PoisonError::into_inner);
        if holdings.version() != from {
            return false;
        }
        holdings.apply(changes, to);
        true
    }

    /// Every tenant that is loaded, with its version.
    pub fn loaded(&self) -> Vec<(TenantId, i64)> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.iter().map(|(tenant, holdings)| (*tenant, read(holdings).version())).collect()
    }

    /// Decides (CHK-01, CHK-02). Touches no database and waits for no write.
    pub fn check(&self, question: &Question) -> Result<Result<Decision, Unclear>, Stale> {
        let holdings = self.holdings(&question.tenant).ok_or(Stale { version: None })?;
        let holdings = read(&holdings);
        if holdings.version() < question.at_least {
            return Err(Stale { version: Some(holdings.version()) });
        }
        let catalog = self.catalog.load();
        Ok(decide(&catalog, &holdings, question))
    }

    fn holdings(&self, tenant: &TenantId) -> Option<Arc<RwLock<Holdings>>> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.get(tenant).cloned()
    }
}

fn read(holdings: &RwLock<Holdings>) -> std::sync::RwLockReadGuard<'_, Holdings> {
    holdings.read().unwrap_or_else(PoisonError::into_inner)
}

fn decide(catalog: &Catalog, holdings: &Holdings, question: &Question) -> Result<Decision, Unclear> {
    let component = match &question.target {
        Target::Service(_) => None,
        Target::Component { unique_name, offer } => {
            find_component(catalog, unique_name, offer.as_deref(), question.publisher.as_ref())?
        }
    };
    let would_do: Vec<&Service> = match (&question.target, component) {
        (Target::Service(id), _) => catalog
            .service(id)
            .filter(|service| {
                question.publisher.as_ref().is_none_or(|publisher| owns(publisher, &service.id))
            })
            .into_iter()
            .collect(),
        (_, Some(component)) => component.services.iter().filter_map(|id| catalog.service(id)).collect(),
        (_, None) => Vec::new(),
    };
    let held: Vec<(&Service, State)> = would_do
        .iter()
        .filter_map(|service| Some((*service, holdings.right(&question.user, &service.id, question.now)?)))
        .collect();
    let state = held.iter().map(|(_, state)| *state).min();
    let reason = reason(question, holdings, component, &would_do, state);
    let enforcement = enforcement(&would_do, &held);
    // Whom the tenant does not know is let in by no mode: enforcement is about licenses.
    let waived = matches!(reason, Reason::NoSeat | Reason::NoLicense | Reason::Suspended | Reason::Waiting)
        && enforcement < EnforcementMode::Block;
    Ok(Decision {
        allowed: waived || matches!(reason, Reason::Licensed | Reason::Unrestricted),
        state,
        reason,
        waived,
        enforcement,
        used: held.iter().find(|(_, state)| state.usable()).map(|(service, _)| service.id.clone()),
        features: features(&held),
        services: would_do.iter().map(|service| service.id.clone()).collect(),
        component: component.cloned(),
        version: holdings.version(),
    })
}

fn enforcement(would_do: &[&Service], held: &[(&Service, State)]) -> EnforcementMode {
    let used = held.iter().find(|(_, state)| state.usable()).map(|(service, _)| service.enforcement);
    used.or_else(|| would_do.iter().map(|service| service.enforcement).max()).unwrap_or_default()
}

fn reason(
    question: &Question,
    holdings: &Holdings,
    component: Option<&Component>,
    would_do: &[&Service],
    state: Option<State>,
) -> Reason {
    let is_component = matches!(question.target, Target::Component { .. });
    if !holdings.knows(&question.user) {
        return Reason::UserUnknown;
    }
    if is_component && component.is_none_or(|component| component.services.is_empty()) {
        return Reason::Unrestricted;
    }
    match state {
        Some(state) if state.usable() => Reason::Licensed,
        Some(State::Waiting) => Reason::Waiting,
        Some(_) => Reason::Suspended,
        None if would_do.is_empty() => Reason::ServiceUnknown,
        None if would_do.iter().any(|service| holdings.licensed(&service.id, question.now)) => Reason::NoSeat,
        None => Reason::NoLicense,
    }
}

fn features(held: &[(&Service, State)]) -> BTreeMap<String, FeatureValue> {
    let mut features = BTreeMap::new();
    for (service, _) in held.iter().filter(|(_, state)| state.usable()) {
        for (key, value) in &service.features {
            let kept = features.entry(key.clone()).or_insert_with(|| value.clone());
            match (kept, value) {
                (FeatureValue::Flag(kept), FeatureValue::Flag(value)) => *kept |= *value,
                (FeatureValue::Limit(kept), FeatureValue::Limit(value)) => *kept = (*kept).max(*value),
                (kept, value) => *kept = value.clone(),
            }
        }
    }
    features
}

fn owns(publisher: &PublisherId, service: &ServiceId) -> bool {
    service.as_str().split_once('.').is_some_and(|(owner, _)| owner == publisher.as_str())
}

fn find_component<'a>(
    catalog: &'a Catalog,
    unique_name: &str,
    offer: Option<&str>,
    publisher: Option<&PublisherId>,
) -> Result<Option<&'a Component>, Unclear> {
    let found: Vec<&Component> = catalog
        .components(unique_name)
        .iter()
        .filter(|component| offer.is_none_or(|offer| component.offer == offer))
        .filter(|component| publisher.is_none_or(|publisher| component.publisher == *publisher))
        .collect();
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => Err(Unclear { offers: several.iter().map(|component| component.offer.clone()).collect() }),
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
