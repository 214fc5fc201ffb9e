//! What the live versions of offers say of what is leased.

use std::collections::{BTreeMap, BTreeSet};

use db::Tx;
use entitlement::FeatureValue;
use types::ServiceId;

use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::publishing::operations::find;

/// `publisherid.offerid` of a service id.
fn offer_of(service: &ServiceId) -> &str {
    service.as_str().rsplit_once('.').map_or("", |(offer, _)| offer)
}

/// The features of each of these services, and the components that they open.
pub(super) struct Opened {
    pub features: BTreeMap<ServiceId, BTreeMap<String, FeatureValue>>,
    pub components: BTreeSet<String>,
}

pub(super) async fn opened(tx: &mut Tx, services: &[ServiceId]) -> Result<Opened, Refused> {
    let mut opened = Opened { features: BTreeMap::new(), components: BTreeSet::new() };
    let offers: BTreeSet<&str> = services.iter().map(offer_of).collect();
    for offer in offers {
        let Some(live) = find::ever_live(tx, offer).await? else { continue };
        for plan in live.snapshot.0.plans.iter().filter(|plan| services.contains(&plan.service_id)) {
            let features = plan.features.iter().map(|it| (it.key.clone(), it.value.clone())).collect();
            opened.features.insert(plan.service_id.clone(), features);
        }
        let wanted = |id: &str| services.iter().any(|service| service.as_str() == id);
        opened
            .components
            .extend(mappings(&live).filter(|(id, _)| wanted(id)).map(|(_, component)| component.to_owned()));
    }
    Ok(opened)
}

/// The services that open a component of an offer.
pub(super) async fn opening(tx: &mut Tx, unique_name: &str, offer: &str) -> Result<Vec<ServiceId>, Refused> {
    let Some(live) = find::ever_live(tx, offer).await? else { return Ok(Vec::new()) };
    let opening = mappings(&live).filter(|(_, component)| *component == unique_name);
    Ok(opening.filter_map(|(id, _)| ServiceId::parse(id).ok()).collect())
}

/// Service ids and the components they open.
fn mappings(live: &LiveOffer) -> impl Iterator<Item = (&str, &str)> {
    let contents = live.snapshot.0.contents.iter();
    contents.flat_map(|contents| {
        contents.mappings.iter().map(|mapping| (mapping.service_id.as_str(), mapping.component.as_str()))
    })
}
