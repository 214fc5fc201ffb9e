//! Take a submission back before it was certified.

use db::Tx;

use crate::access::{OfferPublish, Right};
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, find, history::note};
use crate::catalog::{Offer, OfferRef, Plan};
use crate::kit::{Expected, JsonColumn, Refused};
use crate::publishing::events::SubmissionCancelled;
use crate::publishing::machine::{self, Move};
use crate::publishing::store;
use crate::publishing::submission::{PhaseName, PhaseOutcome, SubmissionStatus};

pub(crate) async fn cancel(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    expected: &Expected,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let offer = advance::lock_own_offer(tx, right, offer, expected).await?;
    let current = store::find_current(tx, &offer.id).await?;
    let came_from = current.as_ref().map_or(offer.state, |submission| submission.came_from);
    let state = machine::next(offer.state, Move::Cancel, came_from)?;
    let submission = current.ok_or_else(|| Refused::internal("publishing without a submission"))?;
    let none = JsonColumn(Vec::new());
    store::end_phase(
        tx,
        &submission.id,
        PhaseName::Certification,
        right.now(),
        PhaseOutcome::Cancelled,
        &none,
    )
    .await?;
    store::update_status(tx, &submission.id, SubmissionStatus::Cancelled).await?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, Action::Cancelled.as_str(), None).await?;
    right.record(tx, &SubmissionCancelled { offer: offer.id, submission: submission.id })?;
    let plans = find::plans(tx, &offer.id).await?;
    Ok((Offer { state, revision: offer.revision + 1, ..offer }, plans))
}
