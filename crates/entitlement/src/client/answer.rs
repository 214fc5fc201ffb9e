//! Questions, and what the server answered to them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use types::{TenantId, UserId};

use crate::lease::{Holder, Lease};

/// May this user of this tenant use that?
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    pub tenant: TenantId,
    pub user: UserId,
    #[serde(flatten)]
    pub thing: Thing,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Thing {
    Service {
        service_id: String,
    },
    /// By its unique name; `offer` (`publisherid.offerid`) where the name alone is not clear.
    Component {
        component: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offer: Option<String>,
    },
}

impl Question {
    /// Whether a lease is for this, whatever the time.
    pub(super) fn is_met_by(&self, lease: &Lease) -> bool {
        let holder = match lease.holder {
            Holder::User(user) => user == self.user,
            Holder::Tenant => true,
        };
        holder && lease.tenant == self.tenant && self.thing.is_in(lease)
    }

    /// Whether a refusal of this ends a lease: one of the user, not a block that others use, too.
    pub(super) fn ends(&self, lease: &Lease) -> bool {
        lease.holder != Holder::Tenant && self.is_met_by(lease)
    }
}

impl Thing {
    fn is_in(&self, lease: &Lease) -> bool {
        match self {
            Self::Service { service_id } => {
                lease.services.iter().any(|service| service.id.as_str() == service_id)
            }
            Self::Component { component, offer } => {
                let of_the_offer = |offer: &String| {
                    let plan =
                        |id: &str| id.strip_prefix(offer.as_str()).is_some_and(|it| it.starts_with('.'));
                    lease.services.iter().any(|service| plan(service.id.as_str()))
                };
                lease.components.contains(component) && offer.as_ref().is_none_or(of_the_offer)
            }
        }
    }
}

/// What the server answered. Times that are no whole numbers of seconds, or negative, are none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub allowed: bool,
    pub reason: String,
    /// The server's time.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// Below which it is used without asking again.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub fresh_seconds: Option<i64>,
    /// How long it may be used while the server is not reachable.
    #[serde(default, deserialize_with = "seconds", skip_serializing_if = "Option::is_none")]
    pub grace_seconds: Option<i64>,
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Value::deserialize(deserializer).map(|value| value.as_i64().filter(|seconds| *seconds >= 0))
}

/// An answer that may be kept, with when it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub allowed: bool,
    pub reason: String,
    pub at: i64,
    pub received: i64,
    pub fresh_seconds: i64,
    pub grace_seconds: i64,
}

impl Kept {
    /// Nothing where a time is missing.
    pub(super) fn new(answer: &Answer, received: i64) -> Option<Self> {
        Some(Self {
            allowed: answer.allowed,
            reason: answer.reason.clone(),
            at: answer.at?,
            received,
            fresh_seconds: answer.fresh_seconds?,
            grace_seconds: answer.grace_seconds?,
        })
    }

    pub(super) fn is_fresh(&self, now: i64) -> bool {
        now < self.received.saturating_add(self.fresh_seconds)
    }

    pub(super) fn has_grace(&self, now: i64) -> bool {
        now < self.received.saturating_add(self.grace_seconds)
    }
}
