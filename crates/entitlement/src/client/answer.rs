//! Questions, and what the server answered to them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::lease::{Holder, Lease};

/// May this user use that? Names are as the app has them: what is none is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    /// None in an app of the tenant itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// An id, or how the app names whoever its token belongs to.
    pub user: String,
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
    /// May the user use this service (`publisherid.offerid.planid`)?
    pub fn service(user: impl Into<String>, service_id: impl Into<String>) -> Self {
        Self { tenant: None, user: user.into(), thing: Thing::Service { service_id: service_id.into() } }
    }

    /// May the user open the component of this unique name?
    pub fn component(user: impl Into<String>, component: impl Into<String>) -> Self {
        let thing = Thing::Component { component: component.into(), offer: None };
        Self { tenant: None, user: user.into(), thing }
    }

    /// The user is one of this customer's.
    #[must_use]
    pub fn of(self, tenant: impl Into<String>) -> Self {
        Self { tenant: Some(tenant.into()), ..self }
    }

    /// Of this offer (`publisherid.offerid`), where several have a component of the name.
    #[must_use]
    pub fn in_offer(mut self, named: impl Into<String>) -> Self {
        if let Thing::Component { offer, .. } = &mut self.thing {
            *offer = Some(named.into());
        }
        self
    }

    /// Whether it may be about this service: about a component, any may be.
    pub fn names(&self, service: &str) -> bool {
        match &self.thing {
            Thing::Service { service_id } => service_id == service,
            Thing::Component { .. } => true,
        }
    }

    /// Whether a lease is for this, whatever the time.
    pub(super) fn is_met_by(&self, lease: &Lease) -> bool {
        let holder = match lease.holder {
            Holder::User(user) => user.to_string() == self.user,
            Holder::Tenant => true,
        };
        holder && self.tenant == Some(lease.tenant.to_string()) && self.thing.is_in(lease)
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

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub allowed: bool,
    /// The whole of it, for whoever shows it.
    pub said: Map<String, Value>,
}

impl Answer {
    /// None where it is no answer: `allowed` is no boolean.
    pub fn read(body: Value) -> Option<Self> {
        let Value::Object(said) = body else { return None };
        Some(Self { allowed: said.get("allowed")?.as_bool()?, said })
    }

    pub fn reason(&self) -> &str {
        self.said.get("reason").and_then(Value::as_str).unwrap_or_default()
    }

    /// The server's time.
    pub(super) fn at(&self) -> Option<i64> {
        self.seconds("at")
    }

    /// What is no whole number of seconds, or negative, is none.
    fn seconds(&self, name: &str) -> Option<i64> {
        self.said.get(name).and_then(Value::as_i64).filter(|seconds| *seconds >= 0)
    }
}

/// An answer that may be kept, with when it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub answer: Answer,
    pub received: i64,
    /// Grows with each that is received.
    pub turn: u64,
    pub at: i64,
    /// Below which it is used without asking again.
    fresh_seconds: i64,
    /// How long it may be used while the server is not reachable.
    grace_seconds: i64,
}

impl Kept {
    /// Nothing where a time is missing.
    pub(super) fn new(answer: Answer, received: i64, turn: u64) -> Option<Self> {
        let (at, fresh_seconds) = (answer.at()?, answer.seconds("fresh_seconds")?);
        let grace_seconds = answer.seconds("grace_seconds")?;
        Some(Self { answer, received, turn, at, fresh_seconds, grace_seconds })
    }

    pub(super) fn is_fresh(&self, now: i64) -> bool {
        now < self.received.saturating_add(self.fresh_seconds)
    }

    pub(super) fn has_grace(&self, now: i64) -> bool {
        now < self.received.saturating_add(self.grace_seconds)
    }
}
