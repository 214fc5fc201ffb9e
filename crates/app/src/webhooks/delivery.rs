//! Deliveries, and when they are tried again.

use types::{DeliveryId, EventId, Timestamp, WebhookId};

use crate::kit::text_enum;

text_enum! {
    DeliveryState {
        /// On its way, or waiting for its next attempt.
        Pending = "pending",
        Delivered = "delivered",
        /// Given up after three days.
        Dead = "dead",
    }
}

db::rows! {
    /// One event on its way to one endpoint.
    pub(crate) struct Delivery in "webhook_deliveries" {
        pub id: DeliveryId,
        pub endpoint_id: WebhookId,
        pub event_id: EventId,
        pub kind: String,
        pub body: String,
        pub state: DeliveryState,
        pub attempts: i64,
        pub due_at: Timestamp,
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
    }
}

db::rows! {
    /// One try to make it arrive.
    pub(crate) struct DeliveryAttempt in "webhook_attempts" {
        pub number: i64,
        pub at: Timestamp,
        /// Microseconds.
        pub duration: i64,
        /// Absent if there was no answer.
        pub status: Option<i64>,
        /// Absent if it arrived.
        pub error: Option<String>,
        /// The beginning of what was answered.
        pub response: Option<String>,
    }
}

/// Seconds after each attempt until the next, three days altogether; after the last there is none.
const WAITS: [i64; 9] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// How long to wait after this many attempts; `None` if that was the last.
pub(crate) fn wait(attempts: i64) -> Option<i64> {
    let place = usize::try_from(attempts - 1).ok()?;
    WAITS.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EVT-03: retried with back-off for three days.
    #[test]
    fn it_is_tried_for_three_days() {
        let total: i64 = (1..).map_while(wait).sum();
        assert!((3 * 86_400..4 * 86_400).contains(&total), "{total}");
        assert_eq!((wait(1), wait(9), wait(10)), (Some(5), Some(86_400), None));
    }
}
