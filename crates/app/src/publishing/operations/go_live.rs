//! Sign off, and arrive when the time has come.

use db::Tx;
use types::TenantId;

use crate::access::{MARKETPLACE, OfferPublish, Permission, Right};
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, find, history::note};
use crate::catalog::{Offer, OfferRef, OfferState, Plan, Published};
use crate::kit::{Expected, JsonColumn, Refused};
use crate::publishing::events::{OfferSignedOff, OfferWentLive};
use crate::publishing::machine::{self, Move};
use crate::publishing::store;
use crate::publishing::submission::{PhaseName, PhaseOutcome, Snapshot, Submission, SubmissionStatus};

/// PUB-04: takes effect after `delay_seconds`; without a delay at once.
pub(crate) async fn go_live(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    expected: &Expected,
    delay_seconds: i64,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let mut offer = advance::lock_own_offer(tx, right, offer, expected).await?;
    let state = machine::next(offer.state, Move::GoLive, offer.state)?;
    let submission = store::find_current(tx, &offer.id).await?;
    let submission = submission.ok_or_else(|| Refused::internal("a preview without a submission"))?;
    let (id, now, none) = (&submission.id, right.now(), JsonColumn(Vec::new()));
    store::end_phase(tx, id, PhaseName::SignOff, now, PhaseOutcome::Passed, &none).await?;
    store::insert_phase(tx, id, PhaseName::Live, now).await?;
    store::update_status(tx, id, SubmissionStatus::GoingLive).await?;
    store::update_live_at(tx, id, now.plus_seconds(delay_seconds)).await?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, Action::SignedOff.as_str(), None).await?;
    right.record(tx, &OfferSignedOff { offer: offer.id, submission: *id })?;
    offer.state = state;
    if delay_seconds <= 0 {
        offer.state = arrive(tx, right, &submission, offer.tenant_id).await?;
    }
    let plans = find::plans(tx, &offer.id).await?;
    let offer = advance::lock_offer(tx, &offer.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    Ok((offer, plans))
}

/// The submission becomes what customers see and checks go by.
pub(crate) async fn arrive<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    submission: &Submission,
    publisher: TenantId,
) -> Result<OfferState, Refused> {
    let state = machine::next(OfferState::GoingLive, Move::Arrive, submission.came_from)?;
    let (now, none) = (right.now(), JsonColumn(Vec::new()));
    store::end_phase(tx, &submission.id, PhaseName::Live, now, PhaseOutcome::Passed, &none).await?;
    store::update_status(tx, &submission.id, SubmissionStatus::Live).await?;
    let live = store::upsert_live(tx, submission, now).await?;
    let live = live.ok_or_else(|| Refused::internal("going live wrote no row"))?;
    let Snapshot { draft, plans, .. } = submission.snapshot.0.clone();
    let published = Published { draft, plans, package: submission.package_id };
    advance::set_live(tx, &submission.offer_id, live.version, published, now).await?;
    advance::set_state(tx, &submission.offer_id, state).await?;
    note(tx, right, &submission.offer_id, Action::Live.as_str(), None).await?;
    let event = OfferWentLive { offer: submission.offer_id, address: live.address, version: live.version };
    right.record_for(tx, &[publisher, MARKETPLACE], &event)?;
    Ok(state)
}
