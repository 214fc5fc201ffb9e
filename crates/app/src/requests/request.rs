//! Requests.

use types::{DealId, LicenseRequestId, SeatRequestId, ServiceId, TenantId, Timestamp, UserId};

use crate::kit::text_enum;

text_enum! {
    RequestState {
        Open = "open",
        Granted = "granted",
        Declined = "declined",
    }
}

db::rows! {
    /// A user who asks for a seat.
    pub(crate) struct SeatRequest in "seat_requests" {
        pub id: SeatRequestId,
        pub tenant_id: TenantId,
        pub user_id: UserId,
        pub service_id: ServiceId,
        pub note: Option<String>,
        pub state: RequestState,
        pub created_at: Timestamp,
        pub decided_at: Option<Timestamp>,
        /// Where it was declined.
        pub reason: Option<String>,
    }
}

db::rows! {
    /// A customer who asks for more licenses.
    pub(crate) struct LicenseRequest in "license_requests" {
        pub id: LicenseRequestId,
        pub customer_tenant_id: TenantId,
        pub publisher_tenant_id: TenantId,
        pub deal_id: DealId,
        pub service_id: ServiceId,
        pub seats: i64,
        pub note: Option<String>,
        pub created_at: Timestamp,
    }
}
