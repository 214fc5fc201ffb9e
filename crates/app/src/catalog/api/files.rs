//! Files of listings over HTTP: images and documents.

use axum::extract::{Request, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use types::Timestamp;
use utoipa::ToSchema;

use crate::App;
use crate::access::{OfferEdit, OfferView};
use crate::catalog::file::{self, BYTES_MAX, ContentType, FileContent, OfferFile};
use crate::catalog::operations::files;
use crate::catalog::{FILE_TOO_LARGE, FileHash, OfferRef};
use crate::edge::{Answer, Call, Nothing, Path, Refusals, authorize};
use crate::events::freshness;
use crate::kit::Refused;

/// A file of an offer's draft. Pages name it by its hash.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct FileView {
    /// Hexadecimal; of what is served, which for images is not what was uploaded.
    sha256: String,
    content_type: ContentType,
    /// Bytes.
    size: i64,
    width: Option<i64>,
    height: Option<i64>,
    uploaded_at: Timestamp,
}

impl From<OfferFile> for FileView {
    fn from(file: OfferFile) -> Self {
        let OfferFile { sha256, content_type, size, width, height, uploaded_at, .. } = file;
        Self { sha256: sha256.into(), content_type, size, width, height, uploaded_at }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct FileList {
    items: Vec<FileView>,
}

/// Upload an image (PNG) or a document (PDF) as the body. What it is, its bytes tell; images are written
/// anew. The same file twice is one file.
#[utoipa::path(post, path = "/offers/{offer}/files", tag = "catalog", operation_id = "upload_file",
    params(("offer" = String, Path, description = "Id or offer id")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = FileView), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn upload_file(
    State(app): State<App>,
    Path(offer): Path<String>,
    request: Request,
) -> Result<Answer<FileView>, Refused> {
    let (right, body) = authorize::<OfferEdit>(&app, request).await?;
    let offer = OfferRef::from_path(&offer)?;
    let bytes = axum::body::to_bytes(body, BYTES_MAX).await.map_err(|_| {
        FILE_TOO_LARGE.because(format!("A file may have {BYTES_MAX} bytes, and all must arrive."))
    })?;
    let accepted = tokio::task::spawn_blocking(move || file::accept(&bytes));
    let accepted = accepted.await.map_err(Refused::internal)??;
    let uploaded = app.db.write(move |tx| {
        Box::pin(async move { files::upload_file(tx, &right, &offer, accepted).await.map(FileView::from) })
    });
    let committed = uploaded.await?;
    Ok(Answer::written(committed.value, freshness(&committed.marks)).created())
}

/// The files of an offer's draft, oldest first.
#[utoipa::path(get, path = "/offers/{offer}/files", tag = "catalog", operation_id = "list_files",
    params(("offer" = String, Path, description = "Id or offer id")),
    responses((status = 200, body = FileList), Refusals), extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn list_files(
    Path(offer): Path<String>,
    call: Call<OfferView>,
) -> Result<Answer<FileList>, Refused> {
    let offer = OfferRef::from_path(&offer)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { files::list_files(tx, right, &offer).await }))
        .await?;
    Ok(answer.map(|files| FileList { items: files.into_iter().map(FileView::from).collect() }))
}

/// A file of an offer's draft.
#[utoipa::path(get, path = "/offers/{offer}/files/{file}", tag = "catalog", operation_id = "get_file",
    params(("offer" = String, Path, description = "Id or offer id"), ("file" = String, Path, description = "Hash")),
    responses((status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"))), Refusals),
    extensions(("x-permission" = json!("offer.view"))))]
pub(super) async fn get_file(
    Path((offer, file)): Path<(String, String)>,
    call: Call<OfferView>,
) -> Result<Response, Refused> {
    let (offer, file) = (OfferRef::from_path(&offer)?, FileHash::from_path(&file)?);
    let found =
        call.read(move |tx, right| Box::pin(async move { files::own_file(tx, right, &offer, &file).await }));
    Ok(content(found.await?.value))
}

/// Delete a file that the draft does not use; what went live with it stays.
#[utoipa::path(delete, path = "/offers/{offer}/files/{file}", tag = "catalog", operation_id = "delete_file",
    params(("offer" = String, Path, description = "Id or offer id"), ("file" = String, Path, description = "Hash")),
    responses((status = 204), Refusals), extensions(("x-permission" = json!("offer.edit"))))]
pub(super) async fn delete_file(
    Path((offer, file)): Path<(String, String)>,
    call: Call<OfferEdit>,
) -> Result<Nothing, Refused> {
    let (offer, file) = (OfferRef::from_path(&offer)?, FileHash::from_path(&file)?);
    let done = call
        .write(move |tx, right| Box::pin(async move { files::delete_file(tx, right, &offer, &file).await }))
        .await?;
    Ok(done.nothing())
}

static NOSNIFF: HeaderName = HeaderName::from_static("x-content-type-options");

/// A file as it is served: of its own type and no other, with nothing that could run.
pub(crate) fn content(file: FileContent) -> Response {
    let headers = [
        (header::CONTENT_TYPE, file.content_type.as_str().to_owned()),
        (NOSNIFF.clone(), "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::ETAG, format!("\"{}\"", file.sha256.as_str())),
        (header::CACHE_CONTROL, "private, max-age=300".to_owned()),
    ];
    (headers, file.bytes).into_response()
}
