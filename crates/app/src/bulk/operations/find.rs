//! Look up batches and their rows.

use db::Tx;
use types::{BatchId, Page, PageRequest};

use crate::access::{LicenseView, Permission, Right, SeatAssign};
use crate::bulk::{AppliedRow, Batch, RowOutcome, UndoOutcome, store};
use crate::kit::Refused;

/// A batch of this right's tenant.
pub(crate) async fn batch<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &BatchId,
) -> Result<Batch, Refused> {
    store::find_batch(tx, &right.tenant(), id).await?.ok_or_else(|| Refused::not_found("batch"))
}

/// The same, held until the end of the unit.
pub(super) async fn held(tx: &mut Tx, right: &Right<SeatAssign>, id: &BatchId) -> Result<Batch, Refused> {
    store::lock_batch(tx, &right.tenant(), id).await?.ok_or_else(|| Refused::not_found("batch"))
}

/// The newest first.
pub(crate) async fn batches(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    page: &PageRequest,
) -> Result<Page<Batch>, Refused> {
    let batches = store::list_batches(tx, &right.tenant(), page).await?;
    Ok(Page::cut(batches, page, |batch| batch.id.as_bytes().to_vec()))
}

/// Rows that were applied, in the order of the list.
pub(crate) async fn rows(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    id: &BatchId,
    page: &PageRequest,
    only: (Option<RowOutcome>, Option<UndoOutcome>),
) -> Result<Page<AppliedRow>, Refused> {
    let batch = batch(tx, right, id).await?;
    let after = page.after.as_deref().and_then(|key| key.try_into().ok()).map_or(0, i64::from_be_bytes);
    let rows = store::list_rows(tx, &batch.id, after, only, page.fetch()).await?;
    Ok(Page::cut(rows, page, |row| row.number.to_be_bytes().to_vec()))
}
