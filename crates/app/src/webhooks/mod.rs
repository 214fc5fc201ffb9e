//! Webhooks: a tenant's events, sent to addresses that it names (EVT-03).
//!
//! An *endpoint* has an address, the kinds of events it is for, and a secret. A reader of the logs makes a
//! *delivery* per event and endpoint; each *attempt* to make it arrive is kept. What is sent is a
//! CloudEvent (structured JSON), signed as Standard Webhooks say.
//!
//! ```text
//! delivery: pending ──2xx──► delivered          endpoint: enabled ⇄ disabled
//!              │  ▲                                (by hand, by 410 Gone, after lasting failure)
//!              └──┘ tried again for three days ──► dead
//! ```
//!
//! One job per endpoint sends what is due there, a few at once, so an endpoint that is slow or dead holds
//! up nobody else; while it fails, one delivery at a time finds out whether it is back. Deliveries carry
//! the event's id as `webhook-id`, the same each time: receivers drop what they know. Order is not promised.
//!
//! Tables: `webhook_endpoints`, `webhook_deliveries`, `webhook_attempts`. Events: [`events`].
//!
//! Odd: secrets are kept as they are, because they sign. They are shown when made, never again.

pub(crate) mod api;
mod cloud_event;
mod delivery;
mod endpoint;
pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod operations;
pub(crate) mod pages;
pub(crate) mod signature;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use delivery::{DeliveryState, wait};
pub(crate) use endpoint::{Endpoint, GivenUp};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    TOO_MANY = 409 "webhook.too_many" "The organisation has as many webhooks as it can have";
    ENDPOINT_DISABLED = 409 "webhook.disabled" "The webhook is disabled";
}
