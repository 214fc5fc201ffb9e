//! Every SQL statement of batches.

use db::{DbError, ToValue, Tx, Value};
use types::{BatchId, PageRequest, TenantId};

use super::batch::Upload;
use super::{AppliedRow, Batch, BatchState, ListedRow, RowOutcome, RowProblem, UndoOutcome};
use crate::kit::JsonColumn;

db::statements! {
    INSERT_BATCH = "INSERT INTO assignment_batches (id, tenant_id, state, total, done, changed, failed, undone, kept,
            created_at, created_by, undo_before)
        VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, $5, $6, $7)";
    INSERT_UPLOAD = "INSERT INTO assignment_batch_uploads (batch_id, body) VALUES ($1, $2)";
    FIND_BATCH = "SELECT id, tenant_id, state, total, done, changed, failed, undone, kept, created_at, created_by,
            finished_at, undone_by, undo_before
        FROM assignment_batches WHERE tenant_id = $1 AND id = $2";
    LOCK_BATCH = {
        sqlite: "SELECT id, tenant_id, state, total, done, changed, failed, undone, kept, created_at, created_by,
                finished_at, undone_by, undo_before
            FROM assignment_batches WHERE tenant_id = $1 AND id = $2",
        postgres: "SELECT id, tenant_id, state, total, done, changed, failed, undone, kept, created_at, created_by,
                finished_at, undone_by, undo_before
            FROM assignment_batches WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
    };
    LIST_BATCHES = "SELECT id, tenant_id, state, total, done, changed, failed, undone, kept, created_at, created_by,
            finished_at, undone_by, undo_before
        FROM assignment_batches WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    FIND_UPLOAD = "SELECT body FROM assignment_batch_uploads WHERE batch_id = $1";
    SET_PROGRESS = "UPDATE assignment_batches SET state = $2, done = $3, changed = $4, failed = $5, undone = $6,
            kept = $7, finished_at = $8, undone_by = $9, undo_before = $10
        WHERE id = $1";
    DELETE_UPLOAD = "DELETE FROM assignment_batch_uploads WHERE batch_id = $1";
    INSERT_ROWS = ["INSERT INTO assignment_batch_rows (batch_id, number, named, service_id, action, user_id, outcome,
            error, at) VALUES", ""];
    LIST_ROWS = "SELECT number, named, service_id, action, user_id, outcome, error, at, undo, undo_error
        FROM assignment_batch_rows
        WHERE batch_id = $1 AND number > $2 AND ($3 = '' OR outcome = $3) AND ($4 = '' OR undo = $4)
        ORDER BY number LIMIT $5";
    LIST_CHANGED_BEFORE = "SELECT number, named, service_id, action, user_id, outcome, error, at, undo, undo_error
        FROM assignment_batch_rows WHERE batch_id = $1 AND number < $2 AND outcome = 'changed'
        ORDER BY number DESC LIMIT $3";
    SET_UNDO = "UPDATE assignment_batch_rows SET undo = $2, undo_error = $3 WHERE batch_id = $1 AND number IN ($many)";
}

pub(super) async fn insert_batch(tx: &mut Tx, batch: &Batch, upload: &str) -> Result<(), DbError> {
    let Batch { id, tenant_id, state, total, created_at, created_by, undo_before, .. } = batch;
    let values: [&dyn ToValue; 7] = [id, tenant_id, state, total, created_at, created_by, undo_before];
    tx.execute_one(INSERT_BATCH, &values).await?;
    tx.execute_one(INSERT_UPLOAD, &[id, &upload]).await
}

pub(super) async fn find_batch(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &BatchId,
) -> Result<Option<Batch>, DbError> {
    tx.find(FIND_BATCH, &[tenant, id]).await
}

/// Holds the batch until the end of the unit.
pub(super) async fn lock_batch(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &BatchId,
) -> Result<Option<Batch>, DbError> {
    tx.find(LOCK_BATCH, &[tenant, id]).await
}

/// The newest first.
pub(super) async fn list_batches(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
) -> Result<Vec<Batch>, DbError> {
    tx.list(LIST_BATCHES, &[tenant, &page.before_id(), &page.fetch()]).await
}

/// The rows as they were uploaded; none once all are applied.
pub(super) async fn find_upload(tx: &mut Tx, id: &BatchId) -> Result<Vec<ListedRow>, DbError> {
    let upload: Option<Upload> = tx.find(FIND_UPLOAD, &[id]).await?;
    Ok(upload.map(|Upload { body: JsonColumn(rows) }| rows).unwrap_or_default())
}

pub(super) async fn set_progress(tx: &mut Tx, batch: &Batch) -> Result<(), DbError> {
    let Batch { id, state, done, changed, failed, undone, kept, finished_at, undone_by, undo_before, .. } =
        batch;
    let values: [&dyn ToValue; 10] =
        [id, state, done, changed, failed, undone, kept, finished_at, undone_by, undo_before];
    tx.execute_one(SET_PROGRESS, &values).await?;
    if *state == BatchState::Applied {
        tx.execute_one(DELETE_UPLOAD, &[id]).await?;
    }
    Ok(())
}

pub(super) async fn insert_rows(tx: &mut Tx, batch: &BatchId, rows: &[AppliedRow]) -> Result<(), DbError> {
    let rows: Vec<_> = rows.iter().map(|row| values(batch, row)).collect();
    tx.insert_many(INSERT_ROWS, &rows).await.map(|_| ())
}

fn values<'a>(batch: &'a BatchId, row: &'a AppliedRow) -> Vec<Value<'a>> {
    let AppliedRow { number, named, service_id, action, user_id, outcome, error, at, .. } = row;
    let values: [&dyn ToValue; 9] = [batch, number, named, service_id, action, user_id, outcome, error, at];
    values.into_iter().map(ToValue::to_value).collect()
}

/// In the order of the list, from the row after a number.
pub(super) async fn list_rows(
    tx: &mut Tx,
    batch: &BatchId,
    after: i64,
    (outcome, undo): (Option<RowOutcome>, Option<UndoOutcome>),
    limit: i64,
) -> Result<Vec<AppliedRow>, DbError> {
    let (outcome, undo) = (outcome.map_or("", RowOutcome::as_str), undo.map_or("", UndoOutcome::as_str));
    tx.list(LIST_ROWS, &[batch, &after, &outcome, &undo, &limit]).await
}

/// Rows that changed something, the last ones first.
pub(super) async fn list_changed_before(
    tx: &mut Tx,
    batch: &BatchId,
    before: i64,
    limit: i64,
) -> Result<Vec<AppliedRow>, DbError> {
    tx.list(LIST_CHANGED_BEFORE, &[batch, &before, &limit]).await
}

/// What undoing did for these rows.
pub(super) async fn set_undo(
    tx: &mut Tx,
    batch: &BatchId,
    numbers: &[i64],
    error: Option<RowProblem>,
) -> Result<(), DbError> {
    let undo = if error.is_some() { UndoOutcome::Kept } else { UndoOutcome::Undone };
    tx.execute_among(SET_UNDO, &[batch, &undo, &error], numbers).await.map(|_| ())
}
