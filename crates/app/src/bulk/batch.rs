//! Batches and their rows.

use types::{BatchId, TenantId, Timestamp, UserId};

use super::ListedRow;
use crate::events::{Actor, Origin};
use crate::kit::{JsonColumn, text_enum};

text_enum! {
    /// What a row wants done.
    RowAction {
        Assign = "assign",
        Unassign = "unassign",
    }
}

text_enum! {
    BatchState {
        Applying = "applying",
        Applied = "applied",
        Undoing = "undoing",
        Undone = "undone",
    }
}

text_enum! {
    /// What a row did.
    RowOutcome {
        Changed = "changed",
        /// It was so already.
        Unchanged = "unchanged",
        Failed = "failed",
    }
}

text_enum! {
    /// What undoing did for a row that had changed something.
    UndoOutcome {
        Undone = "undone",
        /// It stays as it is.
        Kept = "kept",
    }
}

text_enum! {
    /// Why a row does, or did, nothing.
    RowProblem {
        UserUnknown = "UserUnknown",
        UserInactive = "UserInactive",
        /// The tenant has no such license.
        LicenseUnknown = "LicenseUnknown",
        /// No seat is left.
        CountViolation = "CountViolation",
        /// The user has the license through groups only: it cannot be taken off the user.
        Inherited = "Inherited",
        /// A row before names the same user and license.
        DuplicateRow = "DuplicateRow",
        /// A row before wants the opposite for the same user and license.
        ContradictoryRow = "ContradictoryRow",
        AlreadyAssigned = "AlreadyAssigned",
        NotAssigned = "NotAssigned",
        /// Somebody changed the assignment after the batch: undoing leaves it alone.
        ChangedSince = "ChangedSince",
    }
}

impl RowProblem {
    pub(crate) fn outcome(self) -> RowOutcome {
        match self {
            Self::DuplicateRow | Self::AlreadyAssigned | Self::NotAssigned => RowOutcome::Unchanged,
            _ => RowOutcome::Failed,
        }
    }
}

/// Who asked for something that is done later, and from where.
pub(crate) type Asker = JsonColumn<(Actor, Origin)>;

db::rows! {
    /// An uploaded list on its way.
    pub(crate) struct Batch in "assignment_batches" {
        pub id: BatchId,
        pub tenant_id: TenantId,
        pub state: BatchState,
        pub total: i64,
        /// Rows that were applied, whatever became of them.
        pub done: i64,
        pub changed: i64,
        pub failed: i64,
        pub undone: i64,
        /// Rows that undoing left alone.
        pub kept: i64,
        pub created_at: Timestamp,
        pub created_by: Asker,
        /// When it was applied.
        pub finished_at: Option<Timestamp>,
        pub undone_by: Option<Asker>,
        /// Undoing has come down to this row.
        pub undo_before: i64,
    }
}

db::rows! {
    /// The rows as they were uploaded; there until they are applied.
    pub(super) struct Upload in "assignment_batch_uploads" {
        pub(super) body: JsonColumn<Vec<ListedRow>>,
    }
}

db::rows! {
    /// A row, and what became of it.
    pub(crate) struct AppliedRow in "assignment_batch_rows" {
        pub number: i64,
        pub named: String,
        pub service_id: String,
        pub action: RowAction,
        pub user_id: Option<UserId>,
        pub outcome: RowOutcome,
        pub error: Option<RowProblem>,
        pub at: Timestamp,
        pub undo: Option<UndoOutcome>,
        pub undo_error: Option<RowProblem>,
    }
}
