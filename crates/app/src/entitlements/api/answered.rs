//! What is answered (CHK-03).

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use entitlement::{Decision, EnforcementMode, FeatureValue, Language, Refusal, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::Refused;
use crate::{AnswerTimes, Node};

/// The answer to a check (CHK-03).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckView<'c> {
    #[serde(flatten)]
    decided: Decided<'c>,
    #[serde(flatten)]
    times: Times,
    /// What to show, where the check refused.
    refusal: Option<RefusalView>,
    /// What to show where the check let in without a license, because the plan only warns.
    notice: Option<RefusalView>,
}

/// The answers to several, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChecksView<'c> {
    #[serde(flatten)]
    times: Times,
    /// Without the texts to show: ask alone for those.
    results: Vec<Decided<'c>>,
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decided<'c> {
    allowed: bool,
    /// `active`, `warning`, `suspended` or `waiting`, of the best right found.
    #[schema(value_type = Option<String>)]
    state: Option<State>,
    /// Why: `licensed`, `unrestricted`, `no_seat`, `no_license`, `suspended`, `waiting`, `user_unknown`,
    /// `service_unknown`; in a batch also `customer_unknown` and `component_unclear`.
    reason: &'c str,
    /// The service ids that would do.
    service_ids: Vec<&'c str>,
    /// How the plan is enforced: `block`; `warn` and `audit` allow without a license, for the same `reason`.
    #[schema(value_type = String)]
    enforcement: EnforcementMode,
    #[schema(value_type = Object)]
    features: BTreeMap<&'c str, &'c FeatureValue>,
    /// The position of the tenant's log at which this was decided.
    version: i64,
}

/// How long an answer may be used (CHK-09).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct Times {
    /// When it was given, by the server's clock, in seconds.
    at: i64,
    /// It may be used for so long without asking again.
    fresh_seconds: u32,
    /// It may be used for so long while the server cannot be reached.
    grace_seconds: u32,
}

/// The text of a refusal (CHK-04), in the language of `Accept-Language`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    title: String,
    code: String,
    message: String,
    details: String,
    more_info_url: Option<String>,
}

impl Times {
    /// Of what is answered from now on.
    pub(super) fn of(node: &Node) -> Result<Self, Refused> {
        let (at, AnswerTimes { fresh, grace }) = node.times()?;
        Ok(Self { at, fresh_seconds: fresh, grace_seconds: grace })
    }
}

impl<'c> Decided<'c> {
    pub(super) fn of(decision: &Decision<'c>) -> Self {
        Self {
            allowed: decision.allowed,
            state: decision.state,
            reason: decision.reason.as_str(),
            service_ids: decision.services().map(|service| service.id.as_str()).collect(),
            enforcement: decision.enforcement,
            features: decision.features(),
            version: decision.version,
        }
    }

    /// Not decided, for a reason that has no refusal of its own in a batch.
    pub(super) fn undecided(reason: &'c str) -> Self {
        let (service_ids, features) = Default::default();
        let enforcement = EnforcementMode::Block;
        Self { allowed: false, state: None, reason, service_ids, enforcement, features, version: 0 }
    }
}

/// One answer, as it is sent.
pub(super) fn answer(
    decision: &Decision<'_>,
    times: Times,
    language: Language,
) -> Result<Vec<u8>, serde_json::Error> {
    let text = || Refusal::of(decision, language).into();
    let refusal = (!decision.allowed).then(text);
    let warned = decision.waived && decision.enforcement == EnforcementMode::Warn;
    let notice = warned.then(text);
    json(&CheckView { decided: Decided::of(decision), times, refusal, notice }, 512)
}

fn json(value: &impl Serialize, room: usize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::with_capacity(room);
    serde_json::to_writer(&mut bytes, value)?;
    Ok(bytes)
}

/// Always 200, allowed or not; refusing is an answer.
pub(super) fn send(bytes: Result<Vec<u8>, serde_json::Error>) -> Result<Response, Refused> {
    let bytes = Bytes::from(bytes.map_err(Refused::internal)?);
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

/// Answers of a batch, put down one after the other.
pub(super) struct Results {
    bytes: Vec<u8>,
}

impl Results {
    pub(super) fn of(count: usize) -> Self {
        let mut bytes = Vec::with_capacity(64 + count * 192);
        bytes.extend_from_slice(b"{\"results\":[");
        Self { bytes }
    }

    pub(super) fn add(&mut self, decided: &Decided<'_>) -> Result<(), serde_json::Error> {
        if self.bytes.last() != Some(&b'[') {
            self.bytes.push(b',');
        }
        serde_json::to_writer(&mut self.bytes, decided)
    }

    pub(super) fn end(mut self, times: Times) -> Result<Vec<u8>, serde_json::Error> {
        let times = serde_json::to_vec(&times)?;
        self.bytes.extend_from_slice(b"],");
        // The same object goes on.
        self.bytes.extend_from_slice(times.strip_prefix(b"{").unwrap_or(&times));
        Ok(self.bytes)
    }
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        let Refusal { title, code, message, details, more_info_url } = refusal;
        Self { title, code, message, details, more_info_url }
    }
}

/// Korean where it is asked for first, else English.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = asked.split(',').next().unwrap_or_default().trim();
    let korean = first.get(..2).is_some_and(|first| first.eq_ignore_ascii_case("ko"));
    if korean { Language::Ko } else { Language::En }
}
