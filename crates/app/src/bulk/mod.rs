//! Bulk: seats given and taken by the list, up to a hundred thousand rows, and taken back (ASG-07).
//!
//! Words. A *row* names a user, a license and what is to be done. A *batch* is an uploaded list on its way.
//! A row *changed* something, left it *unchanged* because it was so already, or *failed*; its error says why.
//!
//! ```text
//! upload ──► applying ──► applied ──undo──► undoing ──► undone
//! ```
//!
//! The preview goes through the list on one snapshot and writes nothing; it holds nobody up. The upload
//! writes one row, the list as it was read, so a batch exists whole or not at all. A job applies it, as many
//! rows in a unit of work as nobody waits long for: it holds the batch, does the rows that follow those done,
//! writes down what became of them and counts them, all in one transaction. So each row is applied exactly
//! once, whatever breaks in between, and what becomes of seats is told as if somebody had assigned them by
//! hand.
//!
//! Rows of one license take effect in their order: a seat that a row frees may go to a row after it. Where
//! seats run out, a row fails and the others go on. What the upload was allowed to do, the job does in the
//! name of who sent it.
//!
//! Undo goes through the changed rows from the last to the first. It takes back what this batch did and
//! nobody changed since: a direct path is closed if it is the one that was opened by the row, one that was
//! closed is opened again if there is none and a seat is left. What it cannot take back is *kept*, and says
//! why.
//!
//! Odd: the preview lets whoever waits have freed seats first, as they would; it does not follow who that is,
//! so a row for one of these may do better than it says.
//!
//! Tables: `assignment_batches`, `assignment_batch_rows`. Events: [`events`], and those of seats.

pub(crate) mod api;
mod batch;
pub(crate) mod events;
mod file;
pub(crate) mod jobs;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use batch::{AppliedRow, Batch, BatchState, RowAction, RowOutcome, RowProblem, UndoOutcome};
pub(crate) use file::{ListedRow, read_csv};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    TOO_MANY_ROWS = 413 "batch.too_many_rows" "The list has too many rows";
    NOT_APPLIED = 409 "batch.not_applied" "The batch is still being applied";
}

/// Rows of a list at most.
pub(crate) const ROWS_MAX: usize = 100_000;
/// Rows in the first unit of work; in those that follow as many as nobody waits long for.
const AT_ONCE: usize = 200;
/// More would make events that are long to read.
const AT_ONCE_MOST: usize = 1000;
