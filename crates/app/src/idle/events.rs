//! What is announced of leaves.

use types::{Timestamp, UserId};

use crate::events::events;

events! {
    /// A user is away, from then until then or for good.
    LeaveSet "user.leave_set" { user: UserId, starts_at: Timestamp, ends_at: Option<Timestamp> }
    /// A user is not away any more.
    LeaveEnded "user.leave_ended" { user: UserId }
}
