//! CHK-07: all service ids of a user.

use std::collections::HashMap;

use db::Tx;
use entitlement::State;
use types::ServiceId;

use super::{Subject, offers};
use crate::events;
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;
use crate::rights::chain::{HeldRight, HeldRights};
use crate::rights::verdict;
use crate::seats::operations::find as seats;

/// Every right of a user, usable or not; a publisher sees those to its own services.
pub(crate) async fn list_rights(tx: &mut Tx, subject: &Subject) -> Result<HeldRights, Refused> {
    let Subject { tenant, user, now, .. } = subject;
    let version = events::head(tx, tenant).await?;
    let of_pools: HashMap<ServiceId, _> = licenses::pools_of(tx, tenant).await?.into_iter().collect();
    let mut items = Vec::new();
    for seat in seats::seats_of_user(tx, tenant, user, *now).await? {
        let license = of_pools.get(&seat.service_id).copied().flatten();
        let Some(state) = verdict::state(&seat, license, *now).filter(|_| subject.sees(&seat.service_id))
        else {
            continue;
        };
        let live = offers::of_service(tx, &seat.service_id).await?;
        let offer = live.as_ref().map(|live| &live.snapshot.0);
        let plan = offer.and_then(|offer| Some((offer, offer.plan(&seat.service_id)?)));
        let features = plan.filter(|_| state.usable()).into_iter().flat_map(|(_, plan)| &plan.features);
        let dates = verdict::dates(&seat, license);
        items.push(HeldRight {
            plan: plan.map(|(offer, plan)| offer.display_name(plan).to_owned()),
            state: Some(state).into(),
            usable: state.usable(),
            since: seat.since,
            usable_until: dates.map(|dates| dates.usable_until).filter(|_| state != State::Waiting),
            kept_until: dates.and_then(|dates| dates.kept_until),
            features: features.map(|feature| (feature.key.clone(), feature.value.clone())).collect(),
            service_id: seat.service_id,
        });
    }
    Ok(HeldRights { items, version })
}
