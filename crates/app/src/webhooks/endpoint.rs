//! Endpoints.

use types::{TenantId, Timestamp, Violation, WebhookId};

use crate::kit::{JsonColumn, text_enum};
use crate::registry::FEATURES;

/// Endpoints that a tenant may have.
pub(super) const MAX: usize = 50;
/// Failing for as many days without a success, it is switched off.
pub(super) const DAYS_OF_FAILURE: i64 = 5;
/// Seconds that the old secret signs beside the new one.
pub(super) const ROTATION_SECONDS: i64 = 86_400;
/// Seconds between attempts at an endpoint that fails, at most.
const PAUSE_MAX: i64 = 300;

text_enum! {
    /// Why an endpoint was switched off, in the words that are kept and sent.
    GivenUp {
        Gone = "The endpoint answered 410 Gone.",
        ThreeDays = "Nothing arrived there for three days.",
        FiveDays = "Nothing arrived there for five days.",
    }
}

impl GivenUp {
    /// Of the text that says it in a reader's language.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::ThreeDays => "three-days",
            Self::FiveDays => "five-days",
        }
    }
}

db::rows! {
    /// Where a tenant wants its events sent.
    pub(crate) struct Endpoint in "webhook_endpoints" {
        pub id: WebhookId,
        pub tenant_id: TenantId,
        pub url: String,
        pub description: String,
        /// Kinds of events, or `license.*`; none means all.
        pub kinds: JsonColumn<Vec<String>>,
        pub secret: String,
        pub previous_secret: Option<String>,
        pub previous_until: Option<Timestamp>,
        pub enabled: bool,
        pub disabled_because: Option<String>,
        /// Events after this position of the tenant's log are for it.
        pub from_position: i64,
        /// One after the other, since the last success.
        pub failures: i64,
        pub failing_since: Option<Timestamp>,
        pub paused_until: Option<Timestamp>,
        pub created_at: Timestamp,
        pub revision: i64,
    }
}

impl Endpoint {
    pub(super) fn wants(&self, kind: &str) -> bool {
        let fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(beginning) => kind.starts_with(beginning),
            None => wanted == kind,
        };
        self.kinds.0.is_empty() || self.kinds.0.iter().any(fits)
    }

    /// When what is due at that time is really tried: not before the endpoint is tried again.
    pub(super) fn tried_at(&self, due_at: Timestamp) -> Timestamp {
        self.paused_until.map_or(due_at, |until| until.max(due_at))
    }

    /// The secrets that sign now, the current one first.
    pub(super) fn secrets(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous_secret.as_deref();
        let previous = previous.filter(|_| self.previous_until.is_some_and(|until| until > now));
        std::iter::once(self.secret.as_str()).chain(previous).collect()
    }
}

/// Seconds until an endpoint that failed this often is tried again, with whatever is due then.
pub(super) fn pause(failures: i64) -> i64 {
    let doublings = u32::try_from(failures.clamp(1, 10) - 1).unwrap_or_default();
    (5_i64 << doublings).min(PAUSE_MAX)
}

/// A kind of event that there is, or the beginning of one and a star.
pub(super) fn kind(text: &str) -> Result<String, Violation> {
    let known = || FEATURES.iter().flat_map(|feature| feature.events);
    let exists = match text.strip_suffix(".*") {
        Some(beginning) => {
            known().any(|kind| kind.strip_prefix(beginning).is_some_and(|rest| rest.starts_with('.')))
        }
        None => known().any(|kind| *kind == text),
    };
    if exists {
        return Ok(text.to_owned());
    }
    Err(Violation::new(
        "webhook.unknown_kind",
        format!("there is no event {text:?}; write offer.went_live, or license.*"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_or_the_beginning_of_known_ones() {
        for fine in ["license.changed", "license.*", "webhook.*"] {
            assert!(kind(fine).is_ok(), "{fine}");
        }
        for wrong in ["license", "license.chang*", "*", "lic.*", "", ".*"] {
            assert!(kind(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pauses_grow_to_five_minutes() {
        assert_eq!([1, 2, 3, 7, 100].map(pause), [5, 10, 20, 300, 300]);
    }
}
