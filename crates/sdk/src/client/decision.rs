//! What a client decides, as an app uses it.

use std::collections::BTreeMap;

use entitlement::client::{How, Question, Verdict};
use entitlement::lease::Lease;
use entitlement::{FeatureValue, Language, Refusal};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::refusals;

/// Whether, how it is known, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub allowed: bool,
    pub how: How,
    /// Of the server; or `unknown`, `expired`, `revoked`, `clock_rolled_back` where `how` is refused. A lease says none.
    pub reason: Option<String>,
    pub state: Option<String>,
    /// The service ids that would do.
    pub service_ids: Vec<String>,
    pub enforcement: Option<String>,
    pub features: BTreeMap<String, FeatureValue>,
    pub version: Option<i64>,
    /// What to show; there whenever it is not allowed.
    pub refusal: Option<Refusal>,
    /// What to show to who was let in without a license, because the plan only warns.
    pub notice: Option<Refusal>,
    /// The lease that allows it. Of a block (its holder is the tenant) the app counts the seats itself.
    pub lease: Option<Lease>,
}

/// One service id that a user has. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct HeldRight {
    pub service_id: String,
    /// The plan's name for people, none if the offer is not live.
    pub plan: Option<String>,
    pub state: String,
    pub usable: bool,
    pub since: Option<String>,
    pub usable_until: Option<String>,
    #[serde(default)]
    pub features: BTreeMap<String, FeatureValue>,
}

impl Decision {
    pub(super) fn of(verdict: Verdict, question: &Question, language: Language) -> Self {
        let Verdict { allowed, how, reason, said, lease } = verdict;
        let refusal = (!allowed).then(|| {
            refusal(&said, "refusal").unwrap_or_else(|| refusals::own(how, &reason, question, language))
        });
        let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        let (service_ids, features) = match &lease {
            Some(lease) => leased(lease, question),
            None => (read(&said, "service_ids"), read(&said, "features")),
        };
        Self {
            allowed,
            how,
            reason: Some(reason).filter(|reason| !reason.is_empty()),
            state: text("state"),
            service_ids,
            enforcement: text("enforcement"),
            features,
            version: said.get("version").and_then(Value::as_i64),
            refusal,
            notice: self::refusal(&said, "notice"),
            lease,
        }
    }
}

/// What cannot be read is not there.
fn read<T: for<'de> Deserialize<'de> + Default>(said: &Map<String, Value>, name: &str) -> T {
    said.get(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

/// The services of a lease that the question is about, and their features: the first that names one decides.
fn leased(lease: &Lease, question: &Question) -> (Vec<String>, BTreeMap<String, FeatureValue>) {
    let named = lease.services.iter().filter(|service| question.names(service.id.as_str()));
    let (mut ids, mut features) = (Vec::new(), BTreeMap::new());
    for service in named {
        ids.push(service.id.to_string());
        for (key, value) in &service.features {
            features.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    (ids, features)
}

fn refusal(said: &Map<String, Value>, name: &str) -> Option<Refusal> {
    let shown = said.get(name)?.as_object()?;
    let text = |name: &str| shown.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Refusal {
        title: text("title").unwrap_or_default(),
        code: text("code").unwrap_or_default(),
        message: text("message").unwrap_or_default(),
        details: text("details").unwrap_or_default(),
        more_info_url: text("more_info_url"),
    })
}
