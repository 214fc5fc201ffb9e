//! Stop distribution: the listing leaves the storefront, licenses go on (PUB-05).

use db::Tx;

use super::note;
use crate::access::{MARKETPLACE, OfferPublish, Right};
use crate::catalog::operations::{advance, find};
use crate::catalog::{Offer, OfferRef, Plan};
use crate::kit::{Expected, Refused};
use crate::publishing::events::OfferLeftStorefront;
use crate::publishing::machine::{self, Move};
use crate::publishing::store;

pub(crate) async fn stop_distribution(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    expected: &Expected,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let offer = advance::lock_own_offer(tx, right, offer, expected).await?;
    let pending = machine::next(offer.state, Move::Stop, offer.state)?;
    note(tx, right, &offer.id, "stop of distribution asked for", None).await?;
    store::stop_live(tx, &offer.id, right.now()).await?;
    let state = machine::next(pending, Move::Stopped, offer.state)?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, "distribution stopped", None).await?;
    let event = OfferLeftStorefront { offer: offer.id, address: offer.address() };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    let plans = find::plans(tx, &offer.id).await?;
    Ok((Offer { state, revision: offer.revision + 1, ..offer }, plans))
}
