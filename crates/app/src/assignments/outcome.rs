//! What a request did, user by user.

use crate::kit::text_enum;

text_enum! {
    /// Why a user cannot get a seat.
    FailureKind {
        /// No seat is left.
        CountViolation = "CountViolation",
        UserUnknown = "UserUnknown",
        UserInactive = "UserInactive",
    }
}

text_enum! {
    /// What a request did for one user.
    Outcome {
        Assigned = "assigned",
        AlreadyAssigned = "already_assigned",
        Unassigned = "unassigned",
        NotAssigned = "not_assigned",
        Failed = "failed",
    }
}
