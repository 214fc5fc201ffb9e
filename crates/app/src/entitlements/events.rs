//! What entitlements announce.

use types::{ServiceId, UserId};

use crate::events::events;

events! {
    /// Somebody without a license was let in, because the plan only records it; once a day at most.
    CheckWaived "check.waived" { user: UserId, service_id: ServiceId, component: String, reason: String }
}
