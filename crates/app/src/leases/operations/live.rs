//! What the live versions of offers say of what is leased.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use entitlement::FeatureValue;
use types::ServiceId;

use crate::kit::Refused;
use crate::publishing::operations::find;

/// The features of each of these services, and the components that they open.
pub(super) struct Opened {
    pub features: BTreeMap<ServiceId, BTreeMap<String, FeatureValue>>,
    pub components: BTreeSet<String>,
}

pub(super) async fn opened(tx: &mut Tx, services: &[ServiceId]) -> Result<Opened, Refused> {
    let mut opened = Opened { features: BTreeMap::new(), components: BTreeSet::new() };
    let offers: BTreeSet<&str> = services.iter().map(ServiceId::offer).collect();
    for offer in offers {
        let Some(live) = find::ever_live(tx, offer).await? else { continue };
        let snapshot = &live.snapshot.0;
        for plan in snapshot.plans.iter().filter(|plan| services.contains(&plan.service_id)) {
            let features = plan.features.iter().map(|it| (it.key.clone(), it.value.clone())).collect();
            opened.features.insert(plan.service_id.clone(), features);
        }
        let components = snapshot.contents.iter().flat_map(|contents| &contents.components);
        let components = components.map(|component| &component.unique_name);
        let open = |name: &&String| snapshot.openers(name).iter().any(|service| services.contains(service));
        opened.components.extend(components.filter(open).cloned());
    }
    Ok(opened)
}

/// The services that open a component of an offer.
pub(super) async fn opening(tx: &mut Tx, unique_name: &str, offer: &str) -> Result<Vec<ServiceId>, Refused> {
    let live = find::ever_live(tx, offer).await?;
    Ok(live.map(|live| live.snapshot.0.openers(unique_name)).unwrap_or_default())
}
