//! Certification over HTTP, for the operator.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use types::{Page, ServiceId, SubmissionId, Text};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::publisher::{NotesBody, SubmissionView};
use crate::App;
use crate::access::SubmissionCertify;
use crate::catalog::api::{DraftView, files as catalog_files};
use crate::catalog::operations::files;
use crate::catalog::{Enforcement, FileHash, PlanVersion, Visibility};
use crate::edge::{Answer, Call, MaybeBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::packages;
use crate::publishing::operations::{certify, find};
use crate::publishing::submission::{PhaseFinding, Snapshot};

/// Mounted under `/api/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_certifications))
        .routes(routes!(get_certification))
        .routes(routes!(get_certification_package))
        .routes(routes!(get_certification_draft))
        .routes(routes!(get_certification_file))
        .routes(routes!(approve_submission))
        .routes(routes!(send_back_submission))
}

fn id(text: &str) -> Result<SubmissionId, Refused> {
    SubmissionId::parse(text).map_err(|_| Refused::not_found("submission"))
}

/// The queue: submissions that passed validation, oldest first.
#[utoipa::path(get, path = "/certifications", tag = "publishing", operation_id = "list_certifications",
    params(PageParams), responses((status = 200, body = Page<SubmissionView>), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn list_certifications(
    Params(page): Params<PageParams>,
    call: Call<SubmissionCertify>,
) -> Result<Answer<Page<SubmissionView>>, Refused> {
    let page = page.request()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::queue(tx, right, &page).await })).await?;
    Ok(answer.map(|page| page.map(|(submission, phases)| SubmissionView::new(submission, phases))))
}

/// One submission with its report.
#[utoipa::path(get, path = "/certifications/{submission}", tag = "publishing", operation_id = "get_certification",
    params(("submission" = String, Path, description = "Id")),
    responses((status = 200, body = SubmissionView), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn get_certification(
    Path(submission): Path<String>,
    call: Call<SubmissionCertify>,
) -> Result<Answer<SubmissionView>, Refused> {
    let id = id(&submission)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::submission(tx, right, &id).await })).await?;
    Ok(answer.map(|(submission, phases)| SubmissionView::new(submission, phases)))
}

/// The package that was submitted, byte for byte.
#[utoipa::path(get, path = "/certifications/{submission}/package", tag = "publishing",
    operation_id = "get_certification_package", params(("submission" = String, Path, description = "Id")),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn get_certification_package(
    Path(submission): Path<String>,
    call: Call<SubmissionCertify>,
) -> Result<Response, Refused> {
    let id = id(&submission)?;
    let app = call.app.clone();
    let found = call
        .read(move |tx, right| {
            Box::pin(async move {
                let (submission, _) = find::submission(tx, right, &id).await?;
                let found =
                    packages::operations::find::package(tx, &submission.offer_id, &submission.package_id);
                found.await?.ok_or_else(|| Refused::not_found("package"))
            })
        })
        .await?;
    Ok(packages::api::content(&app, &found.value))
}

/// What was submitted, for the person who certifies it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmittedDraft {
    /// `publisherid.offerid`.
    address: String,
    draft: DraftView,
    plans: Vec<SubmittedPlan>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmittedPlan {
    service_id: ServiceId,
    name: String,
    description: String,
    visibility: Visibility,
    enforcement: Enforcement,
}

impl From<PlanVersion> for SubmittedPlan {
    fn from(plan: PlanVersion) -> Self {
        let PlanVersion { service_id, name, description, visibility, enforcement, .. } = plan;
        Self { service_id, name, description, visibility, enforcement }
    }
}

/// The pages and plans as they were submitted, whatever the draft says since.
#[utoipa::path(get, path = "/certifications/{submission}/draft", tag = "publishing",
    operation_id = "get_certification_draft", params(("submission" = String, Path, description = "Id")),
    responses((status = 200, body = SubmittedDraft), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn get_certification_draft(
    Path(submission): Path<String>,
    call: Call<SubmissionCertify>,
) -> Result<Answer<SubmittedDraft>, Refused> {
    let id = id(&submission)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::submission(tx, right, &id).await })).await?;
    Ok(answer.map(|(submission, _)| {
        let Snapshot { address, draft, plans, .. } = submission.snapshot.0;
        let plans = plans.into_iter().map(SubmittedPlan::from).collect();
        SubmittedDraft { address, draft: draft.into(), plans }
    }))
}

/// An image or a document that was submitted: of the listing, or for the person who certifies.
#[utoipa::path(get, path = "/certifications/{submission}/files/{file}", tag = "publishing",
    operation_id = "get_certification_file",
    params(("submission" = String, Path, description = "Id"), ("file" = String, Path, description = "Hash")),
    responses((status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"))), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn get_certification_file(
    Path((submission, file)): Path<(String, String)>,
    call: Call<SubmissionCertify>,
) -> Result<Response, Refused> {
    let (id, file) = (id(&submission)?, FileHash::from_path(&file)?);
    let found = call.read(move |tx, right| {
        Box::pin(async move {
            let (submission, _) = find::submission(tx, right, &id).await?;
            if !submission.snapshot.0.draft.files().contains(&file) {
                return Err(Refused::not_found("file"));
            }
            files::content(tx, &file).await
        })
    });
    Ok(catalog_files::content(found.await?.value))
}

/// Certify a submission: its publisher can go live with it.
#[utoipa::path(post, path = "/certifications/{submission}/approve", tag = "publishing",
    operation_id = "approve_submission", params(("submission" = String, Path, description = "Id")),
    request_body = Option<NotesBody>,
    responses((status = 200, body = SubmissionView), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn approve_submission(
    Path(submission): Path<String>,
    call: Call<SubmissionCertify, MaybeBody<NotesBody>>,
) -> Result<Answer<SubmissionView>, Refused> {
    let id = id(&submission)?;
    let notes = NotesBody::parse(&call.body)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let submission = certify::approve(tx, right, &id, notes).await?;
            let (_, phases) = find::submission(tx, right, &id).await?;
            Ok(SubmissionView::new(submission, phases))
        })
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendBack {
    #[schema(min_items = 1, max_items = 100)]
    findings: Vec<FindingBody>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingBody {
    /// What is wrong.
    #[schema(max_length = 2000)]
    message: String,
    /// What to do about it.
    #[serde(default)]
    #[schema(max_length = 2000)]
    mend: Option<String>,
}

impl SendBack {
    fn parse(&self) -> Result<Vec<PhaseFinding>, Refused> {
        let mut fields = Fields::default();
        let rows = self.findings.iter().enumerate().map(|(at, row)| {
            let message = fields.parse(&format!("findings[{at}].message"), &row.message, Text::<2000>::parse);
            let mend =
                fields.optional(&format!("findings[{at}].mend"), row.mend.as_deref(), Text::<2000>::parse);
            Some((message?.into_string(), mend?.map(Text::into_string)))
        });
        let rows: Vec<_> = rows.collect();
        fields.finish()?;
        let finding = |(message, mend)| PhaseFinding {
            rule: "certification".to_owned(),
            severity: "error".to_owned(),
            file: None,
            message,
            mend,
        };
        Ok(rows.into_iter().flatten().map(finding).collect())
    }
}

/// Send a submission back with findings.
#[utoipa::path(post, path = "/certifications/{submission}/send-back", tag = "publishing",
    operation_id = "send_back_submission", params(("submission" = String, Path, description = "Id")),
    request_body = SendBack, responses((status = 200, body = SubmissionView), Refusals),
    extensions(("x-permission" = json!("submission.certify"))))]
async fn send_back_submission(
    Path(submission): Path<String>,
    call: Call<SubmissionCertify, SendBack>,
) -> Result<Answer<SubmissionView>, Refused> {
    let id = id(&submission)?;
    let findings = call.body.parse()?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let submission = certify::send_back(tx, right, &id, findings).await?;
            let (_, phases) = find::submission(tx, right, &id).await?;
            Ok(SubmissionView::new(submission, phases))
        })
    })
    .await
}
