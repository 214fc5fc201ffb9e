//! What leases announce.

use types::{LeaseId, ServiceId, TenantId, Timestamp, UserId};

use super::Ending;
use crate::events::events;

events! {
    /// A lease was given. Without a user it is a block of seats.
    LeaseIssued "lease.issued" {
        lease: LeaseId, publisher: TenantId, customer: TenantId, user: Option<UserId>, seats: Option<i64>,
        services: Vec<ServiceId>, expires_at: Timestamp
    }
    /// A lease ended before its time.
    LeaseEnded "lease.ended" { lease: LeaseId, publisher: TenantId, customer: TenantId, how: Ending }
}
