//! What live offers say of plans and components.

use db::Tx;
use entitlement::Thing;
use types::{PublisherId, ServiceId};

use super::Subject;
use crate::catalog::PlanVersion;
use crate::entitlements::COMPONENT_UNCLEAR;
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::publishing::operations::find as publishing;
use crate::rights::chain::ExplainedComponent;

/// The offer that a question is about, if there is or was a live one that whoever asks may ask about.
pub(super) async fn asked_about(
    tx: &mut Tx,
    subject: &Subject,
    target: &Thing,
) -> Result<Option<LiveOffer>, Refused> {
    let publisher = subject.publisher();
    match target {
        Thing::Service(service) => Ok(of_service(tx, service).await?.filter(|live| is_of(live, publisher))),
        Thing::Component { unique_name, offer } => {
            let offers = match offer {
                Some(address) => publishing::ever_live(tx, address).await?.into_iter().collect(),
                None => publishing::live_offers(tx).await?,
            };
            let mut having: Vec<LiveOffer> = offers
                .into_iter()
                .filter(|live| is_of(live, publisher) && component(live, unique_name).is_some())
                .collect();
            if having.len() > 1 {
                let offers: Vec<String> = having.into_iter().map(|live| live.address).collect();
                let detail = format!("Say which offer: {}.", offers.join(", "));
                let context = serde_json::json!({ "offers": offers });
                return Err(COMPONENT_UNCLEAR.because(detail).with_context(context));
            }
            Ok(having.pop())
        }
    }
}

fn is_of(live: &LiveOffer, publisher: Option<&PublisherId>) -> bool {
    publisher.is_none_or(|publisher| live.snapshot.0.publisher_id == *publisher)
}

/// The offer of a service id, if it is or was live.
pub(super) async fn of_service(tx: &mut Tx, service: &ServiceId) -> Result<Option<LiveOffer>, Refused> {
    let Some((address, _)) = service.as_str().rsplit_once('.') else { return Ok(None) };
    Ok(publishing::ever_live(tx, address).await?)
}

pub(super) fn plan<'a>(live: &'a LiveOffer, service: &ServiceId) -> Option<&'a PlanVersion> {
    live.snapshot.0.plans.iter().find(|plan| plan.service_id == *service)
}

/// As packaged, else the plan's name.
pub(super) fn display_name(live: &LiveOffer, plan: &PlanVersion) -> String {
    let packaged = live.snapshot.0.contents.iter().flat_map(|contents| &contents.service_plans);
    let named = packaged.into_iter().find(|packaged| packaged.service_id == plan.service_id.as_str());
    named.map_or_else(|| plan.name.clone(), |packaged| packaged.display_name.clone())
}

/// A component of an offer, with the plans that open it in the order of the mapping.
pub(super) fn component(live: &LiveOffer, unique_name: &str) -> Option<ExplainedComponent> {
    let contents = live.snapshot.0.contents.as_ref()?;
    let component = contents.components.iter().find(|component| component.unique_name == unique_name)?;
    let mapped = contents.mappings.iter().filter(|mapping| mapping.component == unique_name);
    Some(ExplainedComponent {
        unique_name: component.unique_name.clone(),
        id: component.id.clone(),
        offer: live.address.clone(),
        service_ids: mapped.filter_map(|mapping| ServiceId::parse(&mapping.service_id).ok()).collect(),
    })
}
