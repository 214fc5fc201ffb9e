//! What requests announce.

use types::{DealId, LicenseRequestId, SeatRequestId, ServiceId, TenantId, UserId};

use crate::events::events;

events! {
    /// A user asks for a seat.
    SeatRequested "seat.requested" { request: SeatRequestId, user: UserId, service_id: ServiceId }
    /// The user got it.
    SeatRequestGranted "seat_request.granted" { request: SeatRequestId, user: UserId, service_id: ServiceId }
    /// The user does not get it.
    SeatRequestDeclined "seat_request.declined" { request: SeatRequestId, user: UserId, service_id: ServiceId }
    /// A customer asks for more seats of a plan; in the logs of both sides.
    LicensesRequested "license.requested" {
        request: LicenseRequestId,
        customer: TenantId,
        deal: DealId,
        service_id: ServiceId,
        seats: i64,
    }
}
