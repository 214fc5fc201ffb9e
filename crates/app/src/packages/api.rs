//! Packages over HTTP.

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use types::{PackageId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{fetch_package, find, upload_package};
use super::upload::Upload;
use super::{Package, Pieces, SourceUrl};
use crate::App;
use crate::access::{OfferEdit, OfferView};
use crate::catalog::OfferRef;
use crate::edge::{Answer, Call, Path, Refusals, authorize};
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_package, get_package))
        .routes(routes!(get_package_content))
        .routes(routes!(export_package))
        .routes(routes!(fetch_package))
}

/// A package and what the rules say of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PackageView {
    id: PackageId,
    /// Hexadecimal.
    sha256: String,
    /// Bytes.
    size: i64,
    uploaded_at: Timestamp,
    /// Where it was fetched from, without the query; absent if it was uploaded.
    source: Option<String>,
    report: ReportView,
    /// Solutions, components, service plans and mappings, if all could be read.
    #[schema(value_type = Option<Object>)]
    contents: Option<serde_json::Value>,
}

/// The findings, counted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ReportView {
    errors: usize,
    warnings: usize,
    findings: Vec<FindingView>,
}

/// What is wrong, where, and how to mend it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct FindingView {
    rule: String,
    /// `error` or `warning`.
    severity: String,
    file: Option<String>,
    line: Option<u64>,
    message: String,
    mend: Option<String>,
}

impl From<&::package::Finding> for FindingView {
    fn from(finding: &::package::Finding) -> Self {
        Self {
            rule: finding.rule.to_string(),
            severity: if finding.is_error() { "error" } else { "warning" }.to_owned(),
            file: Some(finding.file.clone()),
            line: finding.line,
            message: finding.message.clone(),
            mend: Some(finding.mend.clone()),
        }
    }
}

impl PackageView {
    pub(crate) fn new(package: &Package) -> Result<Self, Refused> {
        let findings: Vec<FindingView> = package.report.0.findings.iter().map(FindingView::from).collect();
        let errors = findings.iter().filter(|finding| finding.severity == "error").count();
        let contents = package.contents().map(serde_json::to_value).transpose().map_err(Refused::internal)?;
        Ok(Self {
            id: package.id,
            sha256: package.sha256_text(),
            size: package.size,
            uploaded_at: package.uploaded_at,
            source: package.source_url.as_ref().map(SourceUrl::shown),
            report: ReportView { errors, warnings: findings.len() - errors, findings },
            contents,
        })
    }
}

/// Upload a package into the draft: the zip as the body. Findings do not refuse it; publishing does.
#[utoipa::path(put, path = "/offers/{offer}/package", tag = "packages", operation_id = "upload_package",
    params(("offer" = String, Path, description = "Id or offer id")),
    request_body(content = Vec<u8>, content_type = "application/zip"),
    responses((status = 201, body = PackageView), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
async fn upload_package(
    State(app): State<App>,
    Path(offer): Path<String>,
    request: Request,
) -> Result<Answer<PackageView>, Refused> {
    let (right, body) = authorize::<OfferEdit>(&app, request).await?;
    let offer = OfferRef::from_path(&offer)?;
    let upload = Upload::receive(body, app.settings.package_bytes_max).await?;
    let (package, freshness) = upload_package::upload_package(&app, right, offer, upload, None).await?;
    Ok(Answer::written(PackageView::new(&package)?, freshness).created())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageUrl {
    /// `https://…`; may carry an access token in its query.
    #[schema(max_length = 2048)]
    url: String,
}

/// Fetch a package into the draft. The address stays with it: publishing fetches it again. It must be public,
/// also after redirects; a token in it must not have ended.
#[utoipa::path(put, path = "/offers/{offer}/package-url", tag = "packages", operation_id = "fetch_package",
    params(("offer" = String, Path, description = "Id or offer id")), request_body = PackageUrl,
    responses((status = 201, body = PackageView), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
async fn fetch_package(
    Path(offer): Path<String>,
    call: Call<OfferEdit, PackageUrl>,
) -> Result<Answer<PackageView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let mut fields = Fields::default();
    let source = fields.parse("url", &call.body.url, |text| SourceUrl::parse(text, &call.app.outbound));
    let source = source.ok_or_else(|| fields.refuse())?;
    let fetched = fetch_package::fetch_package(&call.app, call.right, offer, source);
    let (package, freshness) = fetched.await?;
    Ok(Answer::written(PackageView::new(&package)?, freshness).created())
}

/// The package in the draft.
#[utoipa::path(get, path = "/offers/{offer}/package", tag = "packages", operation_id = "get_package",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = PackageView), Refusals), extensions(("x-permission" = json!("offer.view"))))]
async fn get_package(
    Path(offer): Path<String>,
    call: Call<OfferView>,
) -> Result<Answer<PackageView>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    call.read(move |tx, right| {
        Box::pin(async move {
            let (_, package) = find::draft_package(tx, right, &offer).await?;
            PackageView::new(&package)
        })
    })
    .await
}

/// The bytes of the package in the draft, as they were uploaded.
#[utoipa::path(get, path = "/offers/{offer}/package/content", tag = "packages", operation_id = "get_package_content",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
async fn get_package_content(Path(offer): Path<String>, call: Call<OfferView>) -> Result<Response, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let app = call.app.clone();
    let found = call
        .read(move |tx, right| Box::pin(async move { find::draft_package(tx, right, &offer).await }))
        .await?;
    Ok(content(&app, &found.value.1))
}

/// The bytes of any package of an offer by their hash: of what was certified, byte for byte.
#[utoipa::path(get, path = "/offers/{offer}/packages/{sha256}/content", tag = "packages",
    operation_id = "export_package",
    params(("offer" = String, Path, description = "Id or offer id"),
        ("sha256" = String, Path, description = "Of the package, as submissions have it")),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
async fn export_package(
    Path((offer, sha256)): Path<(String, String)>,
    call: Call<OfferView>,
) -> Result<Response, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let app = call.app.clone();
    let found = call.read(move |tx, right| {
        Box::pin(async move { find::package_by_hash(tx, right, &offer, &sha256).await })
    });
    Ok(content(&app, &found.await?.value))
}

/// A package as a file to download; its bytes are read while they are sent.
pub(crate) fn content(app: &App, package: &Package) -> Response {
    let name = format!("attachment; filename=\"{}.zip\"", package.sha256_text());
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, package.size.to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, Pieces::of(&app.db, package).into_body()).into_response()
}
