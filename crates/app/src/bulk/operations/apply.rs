//! Apply the next rows of a batch.

use db::Tx;
use types::BatchId;

use super::change::{Deed, Wish, change};
use super::resolve::ResolvedRow;
use crate::access::{Right, SeatAssign};
use crate::bulk::events::BatchApplied;
use crate::bulk::{AppliedRow, BatchState, RowAction, RowOutcome, RowProblem, store};
use crate::kit::Refused;

/// Rows of a list that follow each other.
#[derive(Debug)]
pub(crate) struct Stretch {
    /// Rows of the list before these.
    pub before: usize,
    pub rows: Vec<ResolvedRow>,
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// More rows of the stretch are left.
    Within,
    EndOfStretch,
    /// Nothing of the batch is left to be applied.
    End,
}

/// Applies up to `at_once` rows after those that are done, and counts them in the same transaction.
pub(crate) async fn step(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &BatchId,
    Stretch { before, rows }: &Stretch,
    at_once: usize,
) -> Result<Reached, Refused> {
    let batch = store::lock_batch(tx, &right.tenant(), id).await?;
    let Some(mut batch) = batch.filter(|batch| batch.state == BatchState::Applying) else {
        return Ok(Reached::End);
    };
    let done = usize::try_from(batch.done).map_err(Refused::internal)?;
    let done = done.checked_sub(*before).ok_or_else(|| Refused::internal("rows of a batch were left out"))?;
    let left = rows.get(done..).unwrap_or_default();
    let next = &left[..left.len().min(at_once)];
    if next.is_empty() {
        return Ok(Reached::EndOfStretch);
    }
    let applied: Vec<AppliedRow> = apply(tx, right, next)
        .await?
        .into_iter()
        .zip(next)
        .map(|(problem, row)| applied(right, row, problem))
        .collect();
    store::insert_rows(tx, id, &applied).await?;
    let count = |outcome| applied.iter().filter(|row| row.outcome == outcome).map(|_| 1_i64).sum::<i64>();
    batch.done += applied.iter().map(|_| 1_i64).sum::<i64>();
    batch.changed += count(RowOutcome::Changed);
    batch.failed += count(RowOutcome::Failed);
    let all = batch.done == batch.total;
    if all {
        (batch.state, batch.finished_at) = (BatchState::Applied, Some(right.now()));
        let (total, changed, failed) = (batch.total, batch.changed, batch.failed);
        right.record(tx, &BatchApplied { batch: *id, total, changed, failed })?;
    }
    store::set_progress(tx, &batch).await?;
    Ok(match (all, next.len() == left.len()) {
        (true, _) => Reached::End,
        (false, true) => Reached::EndOfStretch,
        (false, false) => Reached::Within,
    })
}

async fn apply(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    rows: &[ResolvedRow],
) -> Result<Vec<Option<RowProblem>>, Refused> {
    let wishes = rows.iter().filter_map(|row| {
        let deed = match row.listed.action {
            RowAction::Assign => Deed::Open,
            RowAction::Unassign => Deed::Close,
        };
        row.wish().ok().map(|(user, service)| Wish { user, service: service.clone(), deed })
    });
    let wishes: Vec<Wish> = wishes.collect();
    let mut said = change(tx, right, &wishes).await?.into_iter();
    Ok(rows.iter().map(|row| row.wish().err().or_else(|| said.next().flatten())).collect())
}

fn applied(right: &Right<SeatAssign>, row: &ResolvedRow, problem: Option<RowProblem>) -> AppliedRow {
    AppliedRow {
        number: row.listed.number,
        named: row.listed.user.clone(),
        service_id: row.listed.service.clone(),
        action: row.listed.action,
        user_id: row.user.map(|(user, _)| user),
        outcome: problem.map_or(RowOutcome::Changed, RowProblem::outcome),
        error: problem,
        at: right.now(),
        undo: None,
        undo_error: None,
    }
}
