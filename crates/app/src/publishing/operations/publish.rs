//! Publish a draft: freeze it, validate it, put it into the operator's queue.

use ::package::Finding;
use ::package::store::{Expectations, Report};
use db::Tx;
use serde_json::json;
use types::PackageId;

use super::Notes;
use crate::access::{OfferPublish, Right};
use crate::catalog::history::Action;
use crate::catalog::operations::{advance, find, history::note};
use crate::catalog::{self, Offer, OfferRef, OfferState, PageStatus, Plan};
use crate::kit::{Expected, JsonColumn, Refused};
use crate::packages::operations::check::expectations;
use crate::packages::{self, Package};
use crate::publishing::events::{OfferPublished, SubmissionFailed};
use crate::publishing::machine::{self, Move};
use crate::publishing::submission::{
    PhaseFinding, PhaseName, PhaseOutcome, Snapshot, Submission, SubmissionStatus, sentence,
};
use crate::publishing::{DRAFT_CHANGED, INCOMPLETE, store};

/// What was checked before the unit began, because it takes time: the package, against this, and what else
/// is held against a publisher.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub package_id: PackageId,
    pub expectations: Expectations,
    pub report: Report,
    /// Of the checks of other features.
    pub findings: Vec<PhaseFinding>,
}

#[derive(Debug, Clone)]
pub(crate) struct Publish {
    pub notes: Option<Notes>,
    /// The revision that the publisher saw.
    pub expected: Expected,
    /// Absent where publishing would be refused without looking into the package.
    pub checked: Option<Checked>,
}

/// The package of a draft that could be published as it stands.
pub(crate) async fn publishable(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
) -> Result<Option<(Package, Expectations)>, Refused> {
    let offer = find::offer(tx, right, offer).await?;
    let plans = find::plans(tx, &offer.id).await?;
    let moves = machine::next(offer.state, Move::Publish, offer.state);
    let Some(id) = offer.package_id else { return Ok(None) };
    if moves.is_err() || refuse_incomplete(&offer, &plans).is_err() {
        return Ok(None);
    }
    let package = packages::operations::find::package(tx, &offer.id, &id).await?;
    Ok(package.map(|package| (package, expectations(&offer, &plans))))
}

pub(crate) async fn publish(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &OfferRef,
    command: Publish,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let offer = advance::lock_own_offer(tx, right, offer, &command.expected).await?;
    let plans = find::plans(tx, &offer.id).await?;
    let state = machine::next(offer.state, Move::Publish, offer.state)?;
    refuse_incomplete(&offer, &plans)?;
    let checked = command.checked.filter(|checked| fits(checked, &offer, &plans));
    let checked = checked.ok_or_else(|| DRAFT_CHANGED.because("Publish again."))?;
    let package = packages::operations::find::package(tx, &offer.id, &checked.package_id).await?;
    let package = package.ok_or_else(|| Refused::internal("the draft's package has no row"))?;
    let came_from = replace_running(tx, right, &offer).await?;
    let contents = checked.report.contents.clone();
    let findings = checked.report.findings.iter().map(phase_finding).chain(checked.findings).collect();
    let submission = Submission {
        id: right.new_id(),
        offer_id: offer.id,
        number: store::next_number(tx, &offer.id).await?,
        address: offer.address(),
        status: SubmissionStatus::InCertification,
        came_from,
        package_id: package.id,
        snapshot: JsonColumn(Snapshot::of(&offer, &plans, package.sha256_text(), contents)),
        notes: command.notes.map(Notes::into_string),
        live_at: None,
        created_at: right.now(),
    };
    store::insert_submission(tx, &submission).await?;
    advance::mark_published(tx, &offer.id, right.now()).await?;
    note(tx, right, &offer.id, Action::Published.as_str(), None).await?;
    let state = validate(tx, right, &submission, state, findings).await?;
    advance::set_state(tx, &offer.id, state).await?;
    Ok((Offer { state, revision: offer.revision + 1, ..offer }, plans))
}

/// PUB-02: everything that is missing, at once.
fn refuse_incomplete(offer: &Offer, plans: &[Plan]) -> Result<(), Refused> {
    let pages = catalog::pages(offer, plans);
    let lacking = pages.iter().filter(|page| page.state != PageStatus::Complete);
    let missing: Vec<_> = lacking
        .flat_map(|page| page.missing.iter().map(|field| json!({ "page": page.page, "field": field })))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = pages
        .iter()
        .filter(|page| page.state != PageStatus::Complete)
        .map(|page| page.page.as_str())
        .collect();
    let detail = format!("Complete these pages first: {}.", named.join(", "));
    Err(INCOMPLETE.because(detail).with_context(json!({ "missing": missing })))
}

fn fits(checked: &Checked, offer: &Offer, plans: &[Plan]) -> bool {
    offer.package_id == Some(checked.package_id) && checked.expectations == expectations(offer, plans)
}

/// A new submission takes the place of one that waits; where that came from, this one came from.
async fn replace_running(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    offer: &Offer,
) -> Result<OfferState, Refused> {
    let running = store::find_current(tx, &offer.id).await?;
    let running =
        running.filter(|_| matches!(offer.state, OfferState::Preview | OfferState::AttentionNeeded));
    let Some(running) = running else { return Ok(offer.state) };
    if running.status == SubmissionStatus::Preview {
        let (id, none) = (&running.id, JsonColumn(Vec::new()));
        store::end_phase(tx, id, PhaseName::SignOff, right.now(), PhaseOutcome::Cancelled, &none).await?;
        store::update_status(tx, &running.id, SubmissionStatus::Replaced).await?;
    }
    Ok(running.came_from)
}

/// PUB-03: validation is the package's rules and whether leads arrive; a failure needs attention, a pass goes to
/// the operator.
async fn validate(
    tx: &mut Tx,
    right: &Right<OfferPublish>,
    submission: &Submission,
    state: OfferState,
    findings: Vec<PhaseFinding>,
) -> Result<OfferState, Refused> {
    let (id, now) = (&submission.id, right.now());
    let (passes, findings) = (!findings.iter().any(PhaseFinding::is_error), JsonColumn(findings));
    store::insert_phase(tx, id, PhaseName::Validation, now).await?;
    if passes {
        store::end_phase(tx, id, PhaseName::Validation, now, PhaseOutcome::Passed, &findings).await?;
        store::insert_phase(tx, id, PhaseName::Certification, now).await?;
        right.record(tx, &OfferPublished { offer: submission.offer_id, submission: *id })?;
        return Ok(state);
    }
    store::end_phase(tx, id, PhaseName::Validation, now, PhaseOutcome::Failed, &findings).await?;
    store::update_status(tx, id, SubmissionStatus::AttentionNeeded).await?;
    note(tx, right, &submission.offer_id, Action::ValidationFailed.as_str(), None).await?;
    let phase = PhaseName::Validation.as_str().to_owned();
    right.record(tx, &SubmissionFailed { offer: submission.offer_id, submission: *id, phase })?;
    machine::next(state, Move::Fail, submission.came_from)
}

fn phase_finding(finding: &Finding) -> PhaseFinding {
    PhaseFinding {
        rule: finding.rule.to_string(),
        severity: if finding.is_error() { "error" } else { "warning" }.to_owned(),
        file: Some(finding.file.clone()),
        message: sentence(&finding.message),
        mend: Some(finding.mend.clone()),
    }
}
