//! Batches over HTTP.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use db::at_length;
use serde::{Deserialize, Serialize};
use types::{BatchId, Page, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::file::List;
use super::operations::preview::Preview;
use super::operations::start::WrittenList;
use super::operations::{find, preview, start, undo};
use super::{
    AppliedRow, Batch, BatchState, ListedRow, RowAction, RowOutcome, RowProblem, UndoOutcome, read_csv,
};
use crate::App;
use crate::access::{LicenseView as MayView, SeatAssign};
use crate::edge::{Answer, Call, FromBody, NoBody, PageParams, Params, Path, Refusals, page_request};
use crate::kit::{Fields, JsonColumn, Refused};

/// Bytes of a list.
const LIST_MAX: usize = 24 * 1024 * 1024;
/// Bytes of a short row.
const ROW_MIN: usize = 32;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_assignment_batch))
        .routes(routes!(create_assignment_batch, list_assignment_batches))
        .routes(routes!(get_assignment_batch))
        .routes(routes!(list_assignment_batch_rows))
        .routes(routes!(undo_assignment_batch))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchBody {
    #[schema(min_items = 1, max_items = 100_000)]
    rows: Vec<BatchRow>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchRow {
    /// Id or e-mail address.
    #[schema(max_length = 320)]
    user: String,
    /// publisherid.offerid.planid
    #[schema(max_length = 320)]
    service_id: String,
    /// Absent: `assign`.
    action: Option<RowAction>,
}

/// A list, as CSV or as JSON.
pub(crate) struct UploadedList(Vec<ListedRow>);

impl FromBody for UploadedList {
    const MAX: usize = LIST_MAX;

    fn from_body(headers: &HeaderMap, bytes: &Bytes) -> Result<Self, Refused> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if kind.eq_ignore_ascii_case("text/csv") {
            return at_length(bytes.len() / ROW_MIN, || read_csv(bytes)).map(Self);
        }
        let body = BatchBody::from_body(headers, bytes)?;
        let mut list = List::default();
        for (number, row) in (1..).zip(&body.rows) {
            let action = row.action.map_or("", RowAction::as_str);
            if !list.add(&format!("row {number}"), number, [row.user.trim(), row.service_id.trim(), action]) {
                break;
            }
        }
        list.finish().map(Self)
    }
}

/// What a list would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchPreview {
    total: usize,
    changed: usize,
    /// It is so already.
    unchanged: usize,
    failed: usize,
    licenses: Vec<PreviewedLicense>,
    /// Every row that would change nothing, in the order of the list.
    conflicts: Vec<Conflict>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewedLicense {
    service_id: String,
    available_before: i64,
    available_after: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conflict {
    /// The line of the file, or the place in the list from 1.
    row: i64,
    user: String,
    service_id: String,
    action: RowAction,
    outcome: RowOutcome,
    error: RowProblem,
}

impl From<Preview> for BatchPreview {
    fn from(Preview { rows, licenses }: Preview) -> Self {
        let total = rows.len();
        let conflict = |(row, problem): (ListedRow, Option<RowProblem>)| {
            let ListedRow { number, user, service, action } = row;
            let error = problem?;
            Some(Conflict { row: number, user, service_id: service, action, outcome: error.outcome(), error })
        };
        let conflicts: Vec<Conflict> = rows.into_iter().filter_map(conflict).collect();
        let failed = conflicts.iter().filter(|conflict| conflict.outcome == RowOutcome::Failed).count();
        let licenses = licenses.into_iter().map(|(service_id, (available_before, available_after))| {
            PreviewedLicense { service_id, available_before, available_after }
        });
        Self {
            total,
            changed: total - conflicts.len(),
            unchanged: conflicts.len() - failed,
            failed,
            licenses: licenses.collect(),
            conflicts,
        }
    }
}

/// A list on its way, and how far it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct BatchView {
    id: BatchId,
    state: BatchState,
    total: i64,
    /// Rows that were applied, whatever became of them.
    done: i64,
    changed: i64,
    unchanged: i64,
    failed: i64,
    /// Of those changed: taken back.
    undone: i64,
    /// Of those changed: could not be taken back.
    kept: i64,
    created_at: Timestamp,
    created_by: String,
    finished_at: Option<Timestamp>,
    undone_by: Option<String>,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        let Batch { id, state, total, done, changed, failed, undone, kept, created_at, finished_at, .. } =
            batch;
        let JsonColumn((creator, _)) = batch.created_by;
        Self {
            id,
            state,
            total,
            done,
            changed,
            unchanged: done - changed - failed,
            failed,
            undone,
            kept,
            created_at,
            created_by: creator.to_string(),
            finished_at,
            undone_by: batch.undone_by.map(|JsonColumn((actor, _))| actor.to_string()),
        }
    }
}

/// What became of a row.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchRowView {
    row: i64,
    user: String,
    user_id: Option<UserId>,
    service_id: String,
    action: RowAction,
    outcome: RowOutcome,
    error: Option<RowProblem>,
    at: Timestamp,
    undo: Option<UndoOutcome>,
    undo_error: Option<RowProblem>,
}

impl From<AppliedRow> for BatchRowView {
    fn from(applied: AppliedRow) -> Self {
        let AppliedRow { number, named, service_id, action, user_id, outcome, error, at, .. } = applied;
        let AppliedRow { undo, undo_error, .. } = applied;
        Self { row: number, user: named, user_id, service_id, action, outcome, error, at, undo, undo_error }
    }
}

/// Say what a list would do, row by row, and do nothing. The list is CSV with the columns `user`,
/// `service_id` and, if need be, `action` (`assign` or `unassign`), or the same as JSON.
#[utoipa::path(post, path = "/assignment-batches/preview", tag = "assignments",
    operation_id = "preview_assignment_batch",
    request_body(content((String = "text/csv"), (BatchBody = "application/json"))),
    responses((status = 200, body = BatchPreview), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn preview_assignment_batch(
    call: Call<SeatAssign, UploadedList>,
) -> Result<Answer<BatchPreview>, Refused> {
    let (call, UploadedList(rows)) = call.take_body();
    let answer = call.read(move |tx, right| Box::pin(async move { preview::preview(tx, right, rows).await }));
    Ok(answer.await?.map(BatchPreview::from))
}

/// Apply a list of up to 100,000 rows: it goes on by itself, and the batch shows how far it is.
#[utoipa::path(post, path = "/assignment-batches", tag = "assignments", operation_id = "create_assignment_batch",
    request_body(content((String = "text/csv"), (BatchBody = "application/json"))),
    responses((status = 202, body = BatchView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn create_assignment_batch(call: Call<SeatAssign, UploadedList>) -> Result<Answer<BatchView>, Refused> {
    let (call, UploadedList(rows)) = call.take_body();
    let list = Arc::new(WrittenList::new(&rows)?);
    let answer = call.write(move |tx, right| {
        Box::pin(async move { start::start(tx, right, &list).await.map(BatchView::from) })
    });
    Ok(answer.await?.accepted())
}

fn batch_id(text: &str) -> Result<BatchId, Refused> {
    BatchId::parse(text).map_err(|_| Refused::not_found("batch"))
}

/// Lists that were applied or are on their way, the newest first.
#[utoipa::path(get, path = "/assignment-batches", tag = "assignments", operation_id = "list_assignment_batches",
    params(PageParams),
    responses((status = 200, body = Page<BatchView>), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn list_assignment_batches(
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<BatchView>>, Refused> {
    let page = page.request()?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::batches(tx, right, &page).await }));
    Ok(answer.await?.map(|page| page.map(BatchView::from)))
}

/// A list on its way: how many rows it has, and what became of those that are done.
#[utoipa::path(get, path = "/assignment-batches/{batch}", tag = "assignments", operation_id = "get_assignment_batch",
    params(("batch" = String, Path, description = "Id")),
    responses((status = 200, body = BatchView), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn get_assignment_batch(
    Path(batch): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<BatchView>, Refused> {
    let id = batch_id(&batch)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::batch(tx, right, &id).await }));
    Ok(answer.await?.map(BatchView::from))
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowParams {
    /// `changed`, `unchanged` or `failed`
    outcome: Option<String>,
    /// `undone` or `kept`
    undo: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// The rows of a list that were applied, in its order, and what became of each.
#[utoipa::path(get, path = "/assignment-batches/{batch}/rows", tag = "assignments",
    operation_id = "list_assignment_batch_rows",
    params(("batch" = String, Path, description = "Id"), RowParams),
    responses((status = 200, body = Page<BatchRowView>), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn list_assignment_batch_rows(
    Path(batch): Path<String>,
    Params(query): Params<RowParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<BatchRowView>>, Refused> {
    let (id, page) = (batch_id(&batch)?, page_request(query.limit, query.cursor.as_deref())?);
    let mut fields = Fields::default();
    let outcome = fields.optional("outcome", query.outcome.as_deref(), RowOutcome::parse);
    let undo = fields.optional("undo", query.undo.as_deref(), UndoOutcome::parse);
    fields.finish()?;
    let only = (outcome.flatten(), undo.flatten());
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::rows(tx, right, &id, &page, only).await }));
    Ok(answer.await?.map(|page| page.map(BatchRowView::from)))
}

/// Take back what a list changed and nobody changed since: it goes on by itself; twice is the same as once.
#[utoipa::path(post, path = "/assignment-batches/{batch}/undo", tag = "assignments",
    operation_id = "undo_assignment_batch", params(("batch" = String, Path, description = "Id")),
    responses((status = 202, body = BatchView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn undo_assignment_batch(
    Path(batch): Path<String>,
    call: Call<SeatAssign, NoBody>,
) -> Result<Answer<BatchView>, Refused> {
    let id = batch_id(&batch)?;
    let answer = call.write(move |tx, right| {
        Box::pin(async move { undo::undo(tx, right, &id).await.map(BatchView::from) })
    });
    Ok(answer.await?.accepted())
}
