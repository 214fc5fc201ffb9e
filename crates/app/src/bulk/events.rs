//! What batches announce; what becomes of seats, `seats` does.

use types::BatchId;

use crate::events::events;

events! {
    /// A list of seats to assign and unassign was uploaded.
    BatchStarted "assignment_batch.started" { batch: BatchId, total: i64 }
    /// Every row of it was applied.
    BatchApplied "assignment_batch.applied" { batch: BatchId, total: i64, changed: i64, failed: i64 }
    /// Somebody wants it undone.
    BatchUndoStarted "assignment_batch.undo_started" { batch: BatchId, changed: i64 }
    /// What could be undone of it is.
    BatchUndone "assignment_batch.undone" { batch: BatchId, undone: i64, kept: i64 }
}
