//! Publishing over HTTP, for publishers.

use serde::{Deserialize, Serialize};
use types::{PublisherId, SubmissionId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{OfferPublish, OfferView as MayView, Right};
use crate::catalog::api::OfferView;
use crate::catalog::history::HistoryEntry;
use crate::catalog::operations::history;
use crate::catalog::{Offer, OfferRef, Plan};
use crate::edge::{Answer, Call, MaybeBody, NoBody, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::packages;
use crate::packages::operations::fetch_package;
use crate::publishing::operations::publish::{self, Checked, Publish};
use crate::publishing::operations::{Notes, cancel, find, go_live, stop};
use crate::publishing::submission::{
    Phase, PhaseFinding, PhaseName, PhaseOutcome, Submission, SubmissionStatus,
};

/// Mounted under `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(publish_offer))
        .routes(routes!(cancel_publish))
        .routes(routes!(go_live_offer))
        .routes(routes!(stop_distribution))
        .routes(routes!(list_submissions))
        .routes(routes!(list_history))
}

fn view((offer, plans): (Offer, Vec<Plan>)) -> OfferView {
    OfferView::new(offer, &plans)
}

/// What goes with an action; may be left out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotesBody {
    /// For the other side to read.
    #[serde(default)]
    #[schema(max_length = 2000)]
    notes: Option<String>,
}

impl NotesBody {
    pub(super) fn parse(body: &MaybeBody<Self>) -> Result<Option<Notes>, Refused> {
        let mut fields = Fields::default();
        let given = body.0.as_ref().and_then(|body| body.notes.as_deref());
        let notes = fields.optional("notes", given.filter(|text| !text.is_empty()), Notes::parse);
        notes.ok_or_else(|| fields.refuse())
    }
}

/// Publish the draft: it is validated at once and then waits for certification.
#[utoipa::path(post, path = "/offers/{offer}/publish", tag = "publishing", operation_id = "publish_offer",
    params(("offer" = String, Path, description = "Id or offer id")), request_body = Option<NotesBody>,
    responses((status = 200, body = OfferView), Refusals), extensions(("x-permission" = json!("offer.publish"))))]
async fn publish_offer(
    Path(offer): Path<String>,
    call: Call<OfferPublish, MaybeBody<NotesBody>>,
) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let (notes, expected) = (NotesBody::parse(&call.body)?, call.expected.clone());
    let checked = check_before(&call.app, call.right.clone(), offer.clone()).await?;
    let command = Publish { notes, expected, checked };
    call.write(move |tx, right| {
        Box::pin(async move { publish::publish(tx, right, &offer, command).await.map(view) })
    })
    .await
}

/// Reads the draft's package and holds it against the offer as it is now, and asks what else is checked;
/// before the unit of work, because it takes time.
pub(in crate::publishing) async fn check_before(
    app: &App,
    right: Right<OfferPublish>,
    offer: OfferRef,
) -> Result<Option<Checked>, Refused> {
    let (reading, named) = (right.clone(), offer.clone());
    let found =
        app.db.read(move |tx| Box::pin(async move { publish::publishable(tx, &reading, &named).await }));
    let Some((mut package, expectations)) = found.await? else { return Ok(None) };
    if package.source_url.is_some() {
        package = fetch_package::fetch_again(app, right.also()?, offer, package).await?;
    }
    let mut findings = Vec::new();
    for check in app.checks {
        findings.extend(check(app.clone(), right.clone()).await?);
    }
    let file = packages::Pieces::of(&app.db, &package).into_file().await?;
    let (_, report) = packages::operations::check::check(file, expectations.clone()).await?;
    Ok(Some(Checked { package_id: package.id, expectations, report, findings }))
}

/// Take the submission back before it is certified.
#[utoipa::path(post, path = "/offers/{offer}/cancel-publish", tag = "publishing", operation_id = "cancel_publish",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = OfferView), Refusals), extensions(("x-permission" = json!("offer.publish"))))]
async fn cancel_publish(
    Path(offer): Path<String>,
    call: Call<OfferPublish, NoBody>,
) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let expected = call.expected.clone();
    call.write(move |tx, right| {
        Box::pin(async move { cancel::cancel(tx, right, &offer, &expected).await.map(view) })
    })
    .await
}

/// Sign off: the certified submission goes live, after the marketplace's delay.
#[utoipa::path(post, path = "/offers/{offer}/go-live", tag = "publishing", operation_id = "go_live",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = OfferView), Refusals), extensions(("x-permission" = json!("offer.publish"))))]
async fn go_live_offer(
    Path(offer): Path<String>,
    call: Call<OfferPublish, NoBody>,
) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let (delay, expected) = (call.app.in_force.go_live_delay_seconds(), call.expected.clone());
    call.write(move |tx, right| {
        Box::pin(async move { go_live::go_live(tx, right, &offer, &expected, delay).await.map(view) })
    })
    .await
}

/// Take the listing off the storefront, after the marketplace's delay; licenses go on, publishing again brings
/// it back.
#[utoipa::path(post, path = "/offers/{offer}/stop-distribution", tag = "publishing", operation_id = "stop_distribution",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = OfferView), Refusals), extensions(("x-permission" = json!("offer.publish"))))]
async fn stop_distribution(
    Path(offer): Path<String>,
    call: Call<OfferPublish, NoBody>,
) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let (delay, expected) = (call.app.in_force.go_live_delay_seconds(), call.expected.clone());
    call.write(move |tx, right| {
        Box::pin(async move { stop::stop_distribution(tx, right, &offer, &expected, delay).await.map(view) })
    })
    .await
}

/// One attempt to publish.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SubmissionView {
    pub(super) id: SubmissionId,
    number: i64,
    /// `publisherid.offerid`.
    address: String,
    publisher_id: PublisherId,
    status: SubmissionStatus,
    phases: Vec<PhaseView>,
    /// Of the package that was submitted.
    package_sha256: String,
    /// What the publisher tells the operator.
    notes: Option<String>,
    /// After sign-off: when it goes, or went, live.
    live_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// A phase of a submission (PUB-03).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PhaseView {
    phase: PhaseName,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
    outcome: Option<PhaseOutcome>,
    findings: Vec<PhaseFindingView>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PhaseFindingView {
    rule: String,
    severity: String,
    file: Option<String>,
    message: String,
    mend: Option<String>,
}

impl From<PhaseFinding> for PhaseFindingView {
    fn from(finding: PhaseFinding) -> Self {
        let PhaseFinding { rule, severity, file, message, mend } = finding;
        Self { rule, severity, file, message, mend }
    }
}

impl SubmissionView {
    pub(super) fn new(submission: Submission, phases: Vec<Phase>) -> Self {
        let phases = phases.into_iter().map(|phase| PhaseView {
            phase: phase.phase,
            started_at: phase.started_at,
            ended_at: phase.ended_at,
            outcome: phase.outcome,
            findings: phase.findings.0.into_iter().map(PhaseFindingView::from).collect(),
        });
        Self {
            id: submission.id,
            number: submission.number,
            address: submission.address,
            publisher_id: submission.snapshot.0.publisher_id,
            status: submission.status,
            phases: phases.collect(),
            package_sha256: submission.snapshot.0.package_sha256,
            notes: submission.notes,
            live_at: submission.live_at,
            created_at: submission.created_at,
        }
    }
}

/// The submissions of an offer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SubmissionList {
    items: Vec<SubmissionView>,
}

/// The submissions of an offer, latest first, with phases and findings.
#[utoipa::path(get, path = "/offers/{offer}/submissions", tag = "publishing", operation_id = "list_submissions",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = SubmissionList), Refusals), extensions(("x-permission" = json!("offer.view"))))]
async fn list_submissions(
    Path(offer): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<SubmissionList>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::submissions(tx, right, &offer).await }))
        .await?;
    Ok(answer.map(|found| SubmissionList {
        items: found
            .into_iter()
            .map(|(submission, phases)| SubmissionView::new(submission, phases))
            .collect(),
    }))
}

/// A publishing action.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct HistoryView {
    at: Timestamp,
    /// A user, a client, or `system`.
    actor: String,
    what: String,
    notes: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct HistoryList {
    items: Vec<HistoryView>,
}

/// What was done to the offer and its plans, by whom and when; saving a draft is not in it.
#[utoipa::path(get, path = "/offers/{offer}/history", tag = "publishing", operation_id = "list_offer_history",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = HistoryList), Refusals), extensions(("x-permission" = json!("offer.view"))))]
async fn list_history(
    Path(offer): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<HistoryList>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { history::list_history(tx, right, &offer).await }))
        .await?;
    let view = |entries: Vec<HistoryEntry>| HistoryList {
        items: entries
            .into_iter()
            .map(|entry| HistoryView {
                at: entry.at,
                actor: entry.actor,
                what: entry.what,
                notes: entry.notes,
            })
            .collect(),
    };
    Ok(answer.map(view))
}
