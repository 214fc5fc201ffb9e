//! What live offers say of plans and components.

use db::Tx;
use entitlement::Thing;
use types::{PublisherId, ServiceId};

use super::Subject;
use crate::entitlements::unclear;
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
            let has = |live: &LiveOffer| is_of(live, publisher) && component(live, unique_name).is_some();
            if let Some(address) = offer
                && let Some(named) = publishing::ever_live(tx, address).await?.filter(&has)
            {
                return Ok(Some(named));
            }
            let mut having = publishing::live_offers(tx).await?;
            having.retain(has);
            // Where others have it, the one that was named is a mistake.
            if having.len() > usize::from(offer.is_none()) {
                return Err(unclear(having.into_iter().map(|live| live.address).collect()));
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
    Ok(publishing::ever_live(tx, service.offer()).await?)
}

/// A component of an offer, with the plans that open it.
pub(super) fn component(live: &LiveOffer, unique_name: &str) -> Option<ExplainedComponent> {
    let snapshot = &live.snapshot.0;
    let contents = snapshot.contents.as_ref()?;
    let component = contents.components.iter().find(|component| component.unique_name == unique_name)?;
    Some(ExplainedComponent {
        unique_name: component.unique_name.clone(),
        id: component.id.clone(),
        offer: live.address.clone(),
        service_ids: snapshot.openers(unique_name),
    })
}
