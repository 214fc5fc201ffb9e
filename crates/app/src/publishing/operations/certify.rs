//! The operator's decision: certified, or sent back with findings.

use db::Tx;
use types::SubmissionId;

use super::Notes;
use crate::access::{MARKETPLACE, Right, SubmissionCertify};
use crate::catalog::Offer;
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, history::note};
use crate::kit::{JsonColumn, Refused};
use crate::publishing::events::{SubmissionCertified, SubmissionFailed};
use crate::publishing::machine::{self, Move};
use crate::publishing::submission::{PhaseFinding, PhaseName, PhaseOutcome, Submission, SubmissionStatus};
use crate::publishing::{MOVE_NOT_ALLOWED, NO_FINDINGS, store};

pub(crate) async fn approve(
    tx: &mut Tx,
    right: &Right<SubmissionCertify>,
    id: &SubmissionId,
    notes: Option<Notes>,
) -> Result<Submission, Refused> {
    let (submission, offer) = waiting(tx, id).await?;
    let state = machine::next(offer.state, Move::Pass, submission.came_from)?;
    let (now, none) = (right.now(), JsonColumn(Vec::new()));
    store::end_phase(tx, id, PhaseName::Certification, now, PhaseOutcome::Passed, &none).await?;
    store::insert_phase(tx, id, PhaseName::Preview, now).await?;
    store::end_phase(tx, id, PhaseName::Preview, now, PhaseOutcome::Passed, &none).await?;
    store::insert_phase(tx, id, PhaseName::SignOff, now).await?;
    store::update_status(tx, id, SubmissionStatus::Preview).await?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, Action::Certified.as_str(), notes.map(Notes::into_string)).await?;
    let event = SubmissionCertified { offer: offer.id, submission: *id };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    Ok(Submission { status: SubmissionStatus::Preview, ..submission })
}

pub(crate) async fn send_back(
    tx: &mut Tx,
    right: &Right<SubmissionCertify>,
    id: &SubmissionId,
    findings: Vec<PhaseFinding>,
) -> Result<Submission, Refused> {
    if findings.is_empty() {
        return Err(NO_FINDINGS.because("Say what to mend."));
    }
    let (submission, offer) = waiting(tx, id).await?;
    let state = machine::next(offer.state, Move::Fail, submission.came_from)?;
    let findings = JsonColumn(findings);
    store::end_phase(tx, id, PhaseName::Certification, right.now(), PhaseOutcome::Failed, &findings).await?;
    store::update_status(tx, id, SubmissionStatus::AttentionNeeded).await?;
    advance::set_state(tx, &offer.id, state).await?;
    note(tx, right, &offer.id, Action::SentBack.as_str(), None).await?;
    let phase = PhaseName::Certification.as_str().to_owned();
    let event = SubmissionFailed { offer: offer.id, submission: *id, phase };
    right.record_for(tx, &[offer.tenant_id, MARKETPLACE], &event)?;
    Ok(Submission { status: SubmissionStatus::AttentionNeeded, ..submission })
}

/// A submission in the queue, and its offer, held until the end of the unit.
async fn waiting(tx: &mut Tx, id: &SubmissionId) -> Result<(Submission, Offer), Refused> {
    let known = store::find_submission(tx, id).await?.ok_or_else(|| Refused::not_found("submission"))?;
    let offer = advance::lock_offer(tx, &known.offer_id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    // Read again: it may have been decided or taken back before the offer was ours.
    let submission = store::find_submission(tx, id).await?.ok_or_else(|| Refused::not_found("submission"))?;
    if submission.status != SubmissionStatus::InCertification {
        let detail = format!("The submission is {}, no longer in the queue.", submission.status.as_str());
        return Err(MOVE_NOT_ALLOWED.because(detail));
    }
    Ok((submission, offer))
}
