//! What somebody sees of one offer, and how they stand to it.

use db::Tx;
use types::ServiceId;

use super::buttons::{Button, Standing, buttons};
use super::viewer::{Belongings, Viewer};
use crate::access::Principal;
use crate::catalog::operations::find as catalog;
use crate::catalog::{PlanVersion, Visibility};
use crate::kit::Refused;
use crate::publishing::operations::find as publishing;
use crate::publishing::{LiveOffer, Snapshot};

/// An offer on the storefront in somebody's eyes.
pub(crate) struct Sight {
    pub live: LiveOffer,
    pub publisher_name: String,
    /// Those that are for this viewer.
    pub plans: Vec<PlanVersion>,
    pub standing: Standing,
}

impl Sight {
    pub(crate) fn buttons(&self) -> Vec<Button> {
        let setup = self.live.snapshot.0.draft.setup.as_ref();
        setup.map(|setup| buttons(setup, self.standing)).unwrap_or_default()
    }
}

/// STO-05: an offer all of whose plans are for others is not found.
pub(crate) async fn look(
    tx: &mut Tx,
    principal: Option<&Principal>,
    address: &str,
) -> Result<Sight, Refused> {
    let found = publishing::live_offer(tx, address).await?;
    let (live, publisher_name) = found.ok_or_else(|| Refused::not_found("offer"))?;
    let stopped = catalog::stopped_plans(tx, Some(&live.offer_id)).await?;
    let belongings = Viewer::belongings(principal, tx).await?;
    let plans = visible_plans(&live.snapshot.0, &stopped, &belongings);
    let plans = plans.ok_or_else(|| Refused::not_found("offer"))?;
    let standing = standing(&live.snapshot.0, &belongings, principal);
    Ok(Sight { live, publisher_name, plans, standing })
}

/// The plans on sale that are for this viewer; `None`: there are some, and none is.
fn visible_plans(
    snapshot: &Snapshot,
    stopped: &[ServiceId],
    belongings: &Belongings,
) -> Option<Vec<PlanVersion>> {
    let on_sale = || snapshot.plans.iter().filter(|plan| !stopped.contains(&plan.service_id));
    let for_viewer = |plan: &&PlanVersion| {
        plan.visibility == Visibility::Public || belongings.private_plans.contains(&plan.service_id)
    };
    let plans: Vec<PlanVersion> = on_sale().filter(for_viewer).cloned().collect();
    (!plans.is_empty() || on_sale().next().is_none()).then_some(plans)
}

/// What is about to be live. Every plan of it is shown.
pub(crate) struct Preview {
    pub snapshot: Snapshot,
    pub publisher_name: String,
    pub standing: Standing,
}

/// OFF-12: for whoever has the hide key.
pub(crate) async fn preview(
    tx: &mut Tx,
    principal: Option<&Principal>,
    address: &str,
    key: &str,
) -> Result<Preview, Refused> {
    let (snapshot, publisher_name) = publishing::preview(tx, address, key).await?;
    let belongings = Viewer::belongings(principal, tx).await?;
    let standing = standing(&snapshot, &belongings, principal);
    Ok(Preview { snapshot, publisher_name, standing })
}

fn standing(snapshot: &Snapshot, belongings: &Belongings, principal: Option<&Principal>) -> Standing {
    let markets =
        snapshot.draft.availability.as_ref().map(|page| page.markets.as_slice()).unwrap_or_default();
    Standing {
        has_seat: snapshot.plans.iter().any(|plan| belongings.seats.contains(&plan.service_id)),
        is_administrator: Viewer::is_administrator(principal),
        outside_markets: belongings.country.is_some_and(|country| !markets.contains(&country)),
    }
}
