//! What is answered (CHK-03).

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use entitlement::{Decision, EnforcementMode, FeatureValue, Language, Refusal, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::Refused;
use crate::{AnswerTimes, Node};

/// The answer to a check (CHK-03).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckView<'c> {
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
    /// When it was answered, by the server's clock, in seconds.
    at: i64,
    /// It may be used for so long without asking again (CHK-09).
    fresh_seconds: u32,
    /// It may be used for so long while the server cannot be reached.
    grace_seconds: u32,
    /// What to show, where the check refused; not in a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalView>,
    /// What to show where the check let in without a license, because the plan only warns; not in a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<RefusalView>,
}

/// The answers to several, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChecksView<'c> {
    results: Vec<CheckView<'c>>,
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

/// When an answer is given, and how long it may be used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    at: i64,
    of: AnswerTimes,
}

impl Times {
    /// Of what is answered from now on.
    pub(super) fn of(node: &Node) -> Result<Self, Refused> {
        let (at, of) = node.times()?;
        Ok(Self { at, of })
    }
}

impl<'c> CheckView<'c> {
    fn of(decision: &Decision<'c>, times: Times) -> Self {
        Self {
            allowed: decision.allowed,
            state: decision.state,
            service_ids: decision.services().map(|service| service.id.as_str()).collect(),
            enforcement: decision.enforcement,
            features: decision.features(),
            version: decision.version,
            ..Self::undecided(decision.reason.as_str(), times)
        }
    }

    /// Not decided, for a reason that is a refusal where it is asked alone.
    fn undecided(reason: &'c str, Times { at, of: AnswerTimes { fresh, grace } }: Times) -> Self {
        Self {
            allowed: false,
            state: None,
            reason,
            service_ids: Vec::new(),
            enforcement: EnforcementMode::Block,
            features: BTreeMap::new(),
            version: 0,
            at,
            fresh_seconds: fresh,
            grace_seconds: grace,
            refusal: None,
            notice: None,
        }
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
    let mut bytes = Vec::with_capacity(384);
    serde_json::to_writer(&mut bytes, &CheckView { refusal, notice, ..CheckView::of(decision, times) })?;
    Ok(bytes)
}

/// Always 200, allowed or not; refusing is an answer.
pub(super) fn send(bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Answers of a batch, as [`ChecksView`], put down one after the other.
pub(super) struct Results {
    bytes: Vec<u8>,
    times: Times,
}

impl Results {
    pub(super) fn of(count: usize, times: Times) -> Self {
        let mut bytes = Vec::with_capacity(64 + count * 256);
        bytes.extend_from_slice(b"{\"results\":[");
        Self { bytes, times }
    }

    pub(super) fn add(&mut self, decision: &Decision<'_>) -> Result<(), serde_json::Error> {
        self.put(&CheckView::of(decision, self.times))
    }

    pub(super) fn add_undecided(&mut self, reason: &str) -> Result<(), serde_json::Error> {
        self.put(&CheckView::undecided(reason, self.times))
    }

    fn put(&mut self, view: &CheckView<'_>) -> Result<(), serde_json::Error> {
        if self.bytes.last() != Some(&b'[') {
            self.bytes.push(b',');
        }
        serde_json::to_writer(&mut self.bytes, view)
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(b"]}");
        self.bytes
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
