//! A submission as it is judged: who submitted what, what was found, and the decision.

use askama::Template;
use axum::response::Response;

use super::{QUEUE, TEXTS, Views, address, id, status};
use crate::access::SubmissionCertify;
use crate::catalog::OfferState;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Entered, Sheet, Wording};
use crate::publishing::operations::examine::{self, Examined};
use crate::publishing::submission::{Phase, PhaseFinding, PhaseName, PhaseOutcome, SubmissionStatus};

#[derive(Template)]
#[template(path = "publishing/pages/certification/submission.html")]
struct Submission<'a> {
    t: Wording,
    form: Entered,
    views: Views,
    at: String,
    examined: &'a Examined,
    status: (String, &'static str),
    is_update: bool,
    submitted: String,
    steps: Vec<Step>,
    findings: Vec<Finding<'a>>,
    /// Only what waits can be decided.
    waits: bool,
}

struct Step {
    state: &'static str,
    label: String,
    text: String,
}

#[expect(clippy::struct_field_names, reason = "a finding, and the phase that has it")]
struct Finding<'a> {
    phase: String,
    is_error: bool,
    finding: &'a PhaseFinding,
}

pub(super) async fn look(
    Path(submission): Path<String>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &submission, form).await
}

pub(super) async fn show(
    visit: &Visit<SubmissionCertify>,
    submission: &str,
    form: Entered,
) -> Result<Response, Refused> {
    let id = id(submission)?;
    let found = visit.read(move |tx, right| Box::pin(async move { examine::examine(tx, right, &id).await }));
    let (t, examined) = (visit.wording(&TEXTS), found.await?);
    let body = Submission {
        t,
        form: form.clone(),
        views: Views::of(t, &examined, ""),
        at: address(&id),
        status: status(t, examined.submission.status),
        is_update: examined.submission.came_from != OfferState::Draft,
        submitted: t.ago(&examined.submission.created_at, &visit.reader.now),
        steps: steps(t, &examined.phases),
        findings: findings(t, &examined.phases),
        waits: examined.submission.status == SubmissionStatus::InCertification,
        examined: &examined,
    };
    let sheet = Sheet::new(examined.submission.snapshot.0.name(), &body)?;
    let lead = examined.place.map_or_else(|| body.status.0.clone(), |place| t.count("place-in-queue", place));
    visit.show(sheet.below(t.of("queue-title"), QUEUE).lead(lead).answering(&form))
}

fn steps(t: Wording, phases: &[Phase]) -> Vec<Step> {
    let step = |name: &PhaseName| {
        let phase = phases.iter().find(|phase| phase.phase == *name);
        let state = match phase.map(|phase| phase.outcome) {
            None => "",
            Some(None) => "now",
            Some(Some(PhaseOutcome::Passed)) => "done",
            Some(Some(PhaseOutcome::Failed | PhaseOutcome::Cancelled)) => "failed",
        };
        let at = phase.map(|phase| t.moment(&phase.ended_at.unwrap_or(phase.started_at)));
        Step { state, label: phase_name(t, *name), text: at.unwrap_or_default() }
    };
    PhaseName::ALL.iter().map(step).collect()
}

fn findings(t: Wording, phases: &[Phase]) -> Vec<Finding<'_>> {
    let all = phases.iter().flat_map(|phase| phase.findings.0.iter().map(move |finding| (phase, finding)));
    all.map(|(phase, finding)| Finding {
        phase: phase_name(t, phase.phase),
        is_error: finding.is_error(),
        finding,
    })
    .collect()
}

fn phase_name(t: Wording, phase: PhaseName) -> String {
    t.of(&format!("phase-{}", phase.as_str().replace('_', "-")))
}
