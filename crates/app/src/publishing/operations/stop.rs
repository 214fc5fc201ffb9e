//! Stop distribution: the listing leaves the storefront, licenses go on (PUB-05).

use db::Tx;

use crate::access::{MARKETPLACE, OfferPublish, Permission, Right};
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, find, history::note};
use crate::catalog::{Offer, OfferRef, OfferState, Plan};
use crate::kit::{Expected, Refused};
use crate::publishing::events::{OfferLeftStorefront, StopAskedFor};
use crate::publishing::machine::{self, Move};
use crate::publishing::store;

/// Takes effect after `delay_seconds`; without a delay at once.
pub(crate) async fn stop_distribution(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    expected: &Expected,
    delay_seconds: i64,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let mut offer = advance::lock_own_offer(tx, right, offer, expected).await?;
    offer.state = machine::next(offer.state, Move::Stop, offer.state)?;
    let stops_at = right.now().plus_seconds(delay_seconds);
    store::update_stops_at(tx, &offer.id, stops_at).await?;
    advance::set_state(tx, &offer.id, offer.state).await?;
    note(tx, right, &offer.id, Action::StopAsked.as_str(), None).await?;
    right.record(tx, &StopAskedFor { offer: offer.id, stops_at })?;
    if delay_seconds <= 0 {
        leave(tx, right, &offer).await?;
    }
    let plans = find::plans(tx, &offer.id).await?;
    let offer = advance::lock_offer(tx, &offer.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    Ok((offer, plans))
}

/// The offer is no longer where customers look for it.
pub(crate) async fn leave<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &Offer,
) -> Result<OfferState, Refused> {
    let state = machine::next(offer.state, Move::Stopped, offer.state)?;
    store::stop_live(tx, &offer.id, right.now()).await?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, Action::Stopped.as_str(), None).await?;
    let event = OfferLeftStorefront { offer: offer.id, address: offer.address() };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    Ok(state)
}
