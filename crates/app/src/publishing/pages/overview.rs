//! Where an offer stands: the steps of its submission with what was found, and what can be done now.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{OfferPublish, OfferView, Permission};
use crate::catalog::pages::frame;
use crate::catalog::{Offer, OfferRef, OfferState, PageStatus, pages};
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Sheet, Subpages, Wording};
use crate::kit::{Expected, Refused};
use crate::publishing::operations::{cancel, find, go_live, stop};
use crate::publishing::submission::{
    Phase, PhaseFinding, PhaseName, PhaseOutcome, Submission, SubmissionStatus,
};

#[derive(Template)]
#[template(path = "publishing/pages/overview.html")]
struct Overview {
    t: Wording,
    form: Entered,
    pages: Subpages,
    base: String,
    offer: Offer,
    state: OfferState,
    badge: (&'static str, String),
    plans: usize,
    complete: bool,
    /// No version is on its way.
    publishable: bool,
    submission: Option<Shown>,
    /// Of the preview, where there is one and a hide key for it.
    preview: Option<String>,
    /// On the storefront, while it is there.
    listing: Option<String>,
}

/// The latest submission.
struct Shown {
    number: i64,
    at: String,
    notes: Option<String>,
    steps: Vec<Step>,
    findings: Vec<PhaseFinding>,
}

struct Step {
    state: &'static str,
    label: String,
    text: String,
}

const PHASES: [PhaseName; 5] = [
    PhaseName::Validation,
    PhaseName::Certification,
    PhaseName::Preview,
    PhaseName::SignOff,
    PhaseName::Live,
];

impl Shown {
    fn new(t: Wording, submission: &Submission, phases: &[Phase]) -> Self {
        let step = |name: &PhaseName| {
            let phase = phases.iter().find(|phase| phase.phase == *name);
            let state = match phase.map(|phase| (phase.outcome, phase.ended_at)) {
                Some((Some(PhaseOutcome::Passed), _)) => "done",
                Some((Some(_), _)) => "failed",
                Some((None, _)) => "now",
                None => "",
            };
            let at = phase.map(|phase| phase.ended_at.unwrap_or(phase.started_at));
            Step {
                state,
                label: t.of(&format!("phase-{}", name.as_str().replace('_', "-"))),
                text: at.map(|at| t.moment(&at)).unwrap_or_default(),
            }
        };
        let findings = phases.iter().flat_map(|phase| phase.findings.0.iter().cloned());
        Self {
            number: submission.number,
            at: t.moment(&submission.created_at),
            notes: submission.notes.clone(),
            steps: PHASES.iter().map(step).collect(),
            findings: findings.collect(),
        }
    }
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, form).await
}

async fn show<P: Permission>(visit: &Visit<P>, offer: &str, form: Entered) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(visit, offer).await?;
    let named = OfferRef::Id(offer.id);
    let found = visit
        .also::<OfferView>()?
        .read(move |tx, right| Box::pin(async move { find::submissions(tx, right, &named).await }))
        .await?;
    let (t, latest) = (visit.wording(&TEXTS), found.first());
    let body = Overview {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "overview"),
        base: frame::address(&offer, "overview"),
        state: offer.state,
        badge: frame::status_badge(&visit.reader, offer.state.status()),
        plans: plans.len(),
        complete: pages(&offer, &plans).iter().all(|page| page.state == PageStatus::Complete),
        publishable: !matches!(
            offer.state,
            OfferState::PublishInProgress | OfferState::GoingLive | OfferState::PendingStop
        ),
        submission: latest.map(|(submission, phases)| Shown::new(t, submission, phases)),
        preview: latest.and_then(|(submission, _)| preview(&offer, submission)),
        listing: matches!(offer.state, OfferState::Live | OfferState::PendingStop)
            .then(|| offer.web_address()),
        offer: offer.clone(),
    };
    let sheet = Sheet::new(offer.alias.clone(), &body)?.answering(&form);
    visit.show(sheet.below(t.of("offers"), "/publisher/offers"))
}

fn preview(offer: &Offer, submission: &Submission) -> Option<String> {
    if submission.status != SubmissionStatus::Preview {
        return None;
    }
    let page = submission.snapshot.0.draft.availability.as_ref()?;
    let key = String::from(page.hide_key.clone()?);
    Some(format!("/product/{}/preview?key={key}", offer.address()))
}

/// What moves an offer on, besides publishing.
#[derive(Clone, Copy)]
enum Move {
    GoLive,
    Cancel,
    Stop,
}

pub(super) async fn go_live(
    Path(offer): Path<String>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    take(Move::GoLive, &offer, submit).await
}

pub(super) async fn cancel(
    Path(offer): Path<String>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    take(Move::Cancel, &offer, submit).await
}

pub(super) async fn stop(
    Path(offer): Path<String>,
    submit: Submit<OfferPublish>,
) -> Result<Response, Refused> {
    take(Move::Stop, &offer, submit).await
}

/// Back to the overview: with what was done, or with what was refused.
async fn take(step: Move, offer: &str, submit: Submit<OfferPublish>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let named = OfferRef::from_path(offer)?;
    let delay = visit.app.in_force.go_live_delay_seconds();
    let expected = form.map(|input| input.revision());
    let taken = visit.write(expected, move |tx, right, expected: Expected| {
        Box::pin(async move {
            match step {
                Move::GoLive => go_live::go_live(tx, right, &named, &expected, delay).await,
                Move::Cancel => cancel::cancel(tx, right, &named, &expected).await,
                Move::Stop => stop::stop_distribution(tx, right, &named, &expected, delay).await,
            }
        })
    });
    match taken.await {
        Ok((offer, _)) => {
            let t = visit.wording(&TEXTS);
            let said = match step {
                Move::GoLive => t.of("went-live"),
                Move::Cancel => t.of("cancelled"),
                Move::Stop => t.of("stopped"),
            };
            Ok(visit.leave(&frame::address(&offer, "overview"), said))
        }
        Err(refused) => {
            let refused = visit.again(visit.form(), refused)?;
            show(&visit, offer, refused).await
        }
    }
}
