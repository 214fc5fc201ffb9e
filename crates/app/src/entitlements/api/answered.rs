//! What is answered (CHK-03).
//!
//! [`CheckView`] describes it, [`Json`] puts it down piece by piece: in a batch of a thousand that is most of the work.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use entitlement::{Decision, EnforcementMode, Language, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::Refused;
use crate::{AnswerTimes, Node};

/// The answer to a check (CHK-03).
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `Json` puts down")]
pub(crate) struct CheckView {
    allowed: bool,
    /// `active`, `warning`, `suspended` or `waiting`, of the best right found.
    state: Option<String>,
    /// Why: `licensed`, `unrestricted`, `no_seat`, `no_license`, `suspended`, `waiting`, `user_unknown`,
    /// `service_unknown`; in a batch also `customer_unknown` and `component_unclear`.
    reason: String,
    /// The service ids that would do.
    service_ids: Vec<String>,
    /// How the plan is enforced: `block`; `warn` and `audit` allow without a license, for the same `reason`.
    enforcement: String,
    #[schema(value_type = Object)]
    features: (),
    /// The position of the tenant's log at which this was decided.
    version: i64,
    /// When it was answered, by the server's clock, in seconds.
    at: i64,
    /// It may be used for so long without asking again (CHK-09).
    fresh_seconds: u32,
    /// It may be used for so long while the server cannot be reached.
    grace_seconds: u32,
    /// What to show, where the check refused; not in a batch.
    refusal: Option<RefusalView>,
    /// What to show where the check let in without a license, because the plan only warns; not in a batch.
    notice: Option<RefusalView>,
}

/// The answers to several, in order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `Results` puts down")]
pub(crate) struct ChecksView {
    results: Vec<CheckView>,
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

/// One answer, as it is sent.
pub(super) fn answer(
    decision: &Decision<'_>,
    times: Times,
    language: Language,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = Json::with_room_for(if decision.allowed { 384 } else { 1024 });
    json.decided(decision)?;
    json.times(times)?;
    let warned = decision.waived && decision.enforcement == EnforcementMode::Warn;
    if !decision.allowed || warned {
        json.text(if warned { r#","notice":"# } else { r#","refusal":"# });
        json.value(&RefusalView::from(Refusal::of(decision, language)))?;
    }
    json.text("}");
    Ok(json.0)
}

/// Always 200, allowed or not; refusing is an answer.
pub(super) fn send(bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Answers of a batch, as [`ChecksView`], put down one after the other.
pub(super) struct Results {
    json: Json,
    /// Of each of them: its times.
    end: Vec<u8>,
    next: &'static str,
}

impl Results {
    pub(super) fn of(count: usize, times: Times) -> Result<Self, serde_json::Error> {
        let (mut json, mut end) = (Json::with_room_for(64 + count * 288), Json::with_room_for(96));
        json.text(r#"{"results":["#);
        end.times(times)?;
        end.text("}");
        Ok(Self { json, end: end.0, next: "" })
    }

    pub(super) fn add(&mut self, decision: &Decision<'_>) -> Result<(), serde_json::Error> {
        self.json.text(self.next);
        self.json.decided(decision)?;
        self.end();
        Ok(())
    }

    /// Not decided, for a reason that is a refusal where it is asked alone.
    pub(super) fn add_undecided(&mut self, reason: &str) {
        self.json.text(self.next);
        self.json.text(r#"{"allowed":false,"state":null,"reason":"#);
        self.json.quoted(reason);
        self.json.text(r#","service_ids":[],"enforcement":"block","features":{},"version":0"#);
        self.end();
    }

    fn end(&mut self) {
        self.json.0.extend_from_slice(&self.end);
        self.next = ",";
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.json.text("]}");
        self.json.0
    }
}

/// JSON as it grows.
struct Json(Vec<u8>);

impl Json {
    fn with_room_for(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// A [`CheckView`] but for its times and its end.
    fn decided(&mut self, decision: &Decision<'_>) -> Result<(), serde_json::Error> {
        let allowed = decision.allowed;
        self.text(if allowed { r#"{"allowed":true,"state":"# } else { r#"{"allowed":false,"state":"# });
        match decision.state {
            Some(state) => self.quoted(state.as_str()),
            None => self.text("null"),
        }
        self.text(r#","reason":"#);
        self.quoted(decision.reason.as_str());
        self.text(r#","service_ids":["#);
        for (at, service) in decision.services().enumerate() {
            self.text(if at == 0 { "" } else { "," });
            self.quoted(service.id.as_str());
        }
        self.text(r#"],"enforcement":"#);
        self.quoted(decision.enforcement.as_str());
        self.text(r#","features":"#);
        self.value(&decision.features())?;
        self.text(r#","version":"#);
        self.value(&decision.version)
    }

    fn times(
        &mut self,
        Times { at, of: AnswerTimes { fresh, grace } }: Times,
    ) -> Result<(), serde_json::Error> {
        self.text(r#","at":"#);
        self.value(&at)?;
        self.text(r#","fresh_seconds":"#);
        self.value(&fresh)?;
        self.text(r#","grace_seconds":"#);
        self.value(&grace)
    }

    #[inline]
    fn text(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// For words and service ids, in which nothing is to be escaped.
    fn quoted(&mut self, word: &str) {
        self.0.push(b'"');
        self.text(word);
        self.0.push(b'"');
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), serde_json::Error> {
        serde_json::to_writer(&mut self.0, value)
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
