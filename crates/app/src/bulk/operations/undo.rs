//! Undo a batch: what it changed, from the last row to the first.

use std::collections::BTreeMap;

use db::Tx;
use types::{BatchId, ServiceId};

use super::change::{Deed, Wish, change};
use super::find;
use crate::access::{Right, SeatAssign};
use crate::bulk::events::{BatchUndoStarted, BatchUndone};
use crate::bulk::jobs::Run;
use crate::bulk::{AppliedRow, Batch, BatchState, NOT_APPLIED, RowAction, RowProblem, store};
use crate::jobs::{When, enqueue};
use crate::kit::{JsonColumn, Refused};

/// Has a batch undone; twice is the same as once.
pub(crate) async fn undo(tx: &mut Tx, right: &Right<SeatAssign>, id: &BatchId) -> Result<Batch, Refused> {
    let mut batch = find::held(tx, right, id).await?;
    match batch.state {
        BatchState::Undoing | BatchState::Undone => return Ok(batch),
        BatchState::Applied => {}
        BatchState::Applying => {
            let detail = format!("{} of {} rows are done: wait for the rest.", batch.done, batch.total);
            return Err(NOT_APPLIED.because(detail));
        }
    }
    batch.state = BatchState::Undoing;
    batch.undone_by = Some(JsonColumn((right.actor().clone(), right.origin().clone())));
    store::set_progress(tx, &batch).await?;
    right.record(tx, &BatchUndoStarted { batch: *id, changed: batch.changed })?;
    let (run, key) = (Run::of(&batch), id.to_string());
    enqueue(tx, right.random(), &run, When::now(right.now()).key(&key)).await?;
    Ok(batch)
}

/// Undoes up to `at_once` rows before those that are undone; whether that was all.
pub(crate) async fn step(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &BatchId,
    at_once: usize,
) -> Result<bool, Refused> {
    let batch = store::lock_batch(tx, &right.tenant(), id).await?;
    let Some(mut batch) = batch.filter(|batch| batch.state == BatchState::Undoing) else { return Ok(true) };
    let limit = i64::try_from(at_once).map_err(Refused::internal)?;
    let rows = store::list_changed_before(tx, id, batch.undo_before, limit).await?;
    let wishes = rows.iter().map(wish).collect::<Result<Vec<_>, _>>()?;
    let problems = change(tx, right, &wishes).await?;
    let mut by_problem: BTreeMap<Option<RowProblem>, Vec<i64>> = BTreeMap::new();
    for (row, problem) in rows.iter().zip(problems) {
        *(if problem.is_some() { &mut batch.kept } else { &mut batch.undone }) += 1;
        by_problem.entry(problem).or_default().push(row.number);
    }
    for (problem, numbers) in by_problem {
        store::set_undo(tx, id, &numbers, problem).await?;
    }
    batch.undo_before = rows.last().map_or(batch.undo_before, |row| row.number);
    let all = rows.len() < at_once;
    if all {
        batch.state = BatchState::Undone;
        right.record(tx, &BatchUndone { batch: *id, undone: batch.undone, kept: batch.kept })?;
    }
    store::set_progress(tx, &batch).await?;
    Ok(all)
}

fn wish(row: &AppliedRow) -> Result<Wish, Refused> {
    let user = row.user_id.ok_or_else(|| Refused::internal("a row changed something for nobody"))?;
    let service = ServiceId::parse(&row.service_id)
        .map_err(|_| Refused::internal("a row changed something of no license"))?;
    let deed = match row.action {
        RowAction::Assign => Deed::CloseOpenedAt(row.at),
        RowAction::Unassign => Deed::ReopenClosedAt(row.at),
    };
    Ok(Wish { user, service, deed })
}
