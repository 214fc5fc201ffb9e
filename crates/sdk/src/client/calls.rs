//! Calls to the server: authenticated JSON over HTTP. After a failure it is left alone for as long as it said, or
//! a little longer each time.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use entitlement::Language;
use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};

use super::settings::wall_clock;
use super::{Credentials, Error};

const LARGEST: u64 = 16 * 1024 * 1024;
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// Before its end a token is replaced so much earlier.
const EARLY: u64 = 30;

pub(super) struct Calls {
    agent: ureq::Agent,
    server: String,
    credentials: Credentials,
    timeout: Duration,
    language: &'static str,
    token: Mutex<Option<Token>>,
    pause: Mutex<Pause>,
}

#[derive(Clone)]
struct Token {
    text: String,
    /// None: it is not this client's to replace.
    renew_at: Option<Instant>,
}

#[derive(Default)]
struct Pause {
    until: Option<Instant>,
    failures: u32,
}

struct Reply {
    status: u16,
    headers: HeaderMap,
    data: Vec<u8>,
}

/// One call.
#[derive(Clone, Copy, Default)]
pub(super) struct Call<'c> {
    pub(super) body: Option<&'c Value>,
    pub(super) freshness: Option<&'c str>,
    /// A write that is sent again is done once.
    pub(super) once: Option<&'c str>,
}

enum Body<'c> {
    None,
    Json(&'c Value),
    Form(&'c [(&'c str, &'c str)]),
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calls").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Calls {
    pub(super) fn new(server: &str, credentials: Credentials, timeout: Duration, language: Language) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A token must not follow to wherever an address points.
            .max_redirects(0)
            .max_redirects_will_error(false);
        let given = match &credentials {
            Credentials::Token(text) => Some(Token { text: text.clone(), renew_at: None }),
            Credentials::Client { .. } => None,
        };
        Self {
            agent: config.build().into(),
            server: server.trim_end_matches('/').to_owned(),
            credentials,
            timeout,
            language: match language {
                Language::En => "en",
                Language::Ko => "ko",
            },
            token: Mutex::new(given),
            pause: Mutex::default(),
        }
    }

    /// The JSON that is answered; null if it is none.
    pub(super) fn call(&self, method: &Method, path: &str, call: Call<'_>) -> Result<Value, Error> {
        let token = self.token()?;
        match self.authorized(method, path, call, &token) {
            Err(Error::Refused { status: 401, .. }) if token.renew_at.is_some() => {
                let mut kept = locked(&self.token);
                if kept.as_ref().is_some_and(|kept| kept.text == token.text) {
                    *kept = None;
                }
                drop(kept);
                self.authorized(method, path, call, &self.token()?)
            }
            answer => answer,
        }
    }

    /// GET without a token.
    pub(super) fn public(&self, path: &str) -> Result<Value, Error> {
        self.send(&Method::GET, path, &[], &Body::None)
    }

    fn authorized(&self, method: &Method, path: &str, call: Call<'_>, token: &Token) -> Result<Value, Error> {
        let bearer = format!("Bearer {}", token.text);
        let mut headers = vec![("authorization", bearer.as_str()), ("accept-language", self.language)];
        headers.extend(call.freshness.map(|freshness| ("freshness-token", freshness)));
        headers.extend(call.once.map(|once| ("idempotency-key", once)));
        self.send(method, path, &headers, &call.body.map_or(Body::None, Body::Json))
    }

    fn token(&self) -> Result<Token, Error> {
        let mut kept = locked(&self.token);
        let lasts = |token: &&Token| token.renew_at.is_none_or(|renew_at| Instant::now() < renew_at);
        if let Some(token) = kept.as_ref().filter(lasts) {
            return Ok(token.clone());
        }
        let Credentials::Client { id, secret } = &self.credentials else {
            return Err(Error::unreachable("there is no token"));
        };
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let asked = Instant::now();
        let issued = self.send(&Method::POST, "/oauth2/token", &[], &Body::Form(&form))?;
        let text = issued.get("access_token").and_then(Value::as_str);
        let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()));
        let text = text.ok_or_else(|| Error::unreachable("the answer of /oauth2/token has no token"))?;
        let seconds = issued.get("expires_in").and_then(Value::as_u64).unwrap_or_default().min(86_400);
        let lasts = Duration::from_secs(seconds.saturating_sub(EARLY).max(seconds / 2));
        let token = Token { text: text.to_owned(), renew_at: Some(asked + lasts) };
        *kept = Some(token.clone());
        Ok(token)
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Body<'_>,
    ) -> Result<Value, Error> {
        if locked(&self.pause).until.is_some_and(|until| Instant::now() < until) {
            return Err(Error::unreachable("the server is left alone for a while"));
        }
        let until = Instant::now() + self.timeout;
        // The server may just have been restarted: once more, within the same time.
        let reply = self.attempt(method, path, headers, body, until);
        let reply = reply.or_else(|_| self.attempt(method, path, headers, body, until));
        let reply = reply.map_err(|error| self.failed(None, &error.to_string()))?;
        if (200..300).contains(&reply.status) {
            locked(&self.pause).failures = 0;
            return Ok(reply.json());
        }
        match reply.refused() {
            Some(refused) => {
                locked(&self.pause).failures = 0;
                Err(refused)
            }
            None => Err(self.failed(reply.retry_after(), &format!("it answered {}", reply.status))),
        }
    }

    fn attempt(
        &self,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &Body<'_>,
        until: Instant,
    ) -> Result<Reply, ureq::Error> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ureq::Error::Timeout(ureq::Timeout::Global));
        }
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.server));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (kind, bytes) = match body {
            Body::None => (None, Vec::new()),
            Body::Json(json) => (Some("application/json"), json.to_string().into_bytes()),
            Body::Form(fields) => (Some("application/x-www-form-urlencoded"), form(fields).into_bytes()),
        };
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let sent = match kind {
            Some(_) => self.run(request.body(bytes)?, left),
            None => self.run(request.body(())?, left),
        };
        let mut answer = sent?;
        let data = answer.body_mut().with_config().limit(LARGEST).read_to_vec()?;
        Ok(Reply { status: answer.status().as_u16(), headers: std::mem::take(answer.headers_mut()), data })
    }

    fn run(
        &self,
        request: Request<impl ureq::AsSendBody>,
        left: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, ureq::Error> {
        let request = self.agent.configure_request(request).timeout_global(Some(left)).build();
        self.agent.run(request)
    }

    fn failed(&self, retry_after: Option<Duration>, why: &str) -> Error {
        let mut pause = locked(&self.pause);
        let last = retry_after.unwrap_or_else(|| {
            let growing = Duration::from_secs((1 << pause.failures).min(30));
            pause.failures = (pause.failures + 1).min(5);
            growing
        });
        pause.until = Some(Instant::now() + last.min(LONGEST_PAUSE));
        Error::unreachable(why)
    }
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.data).unwrap_or_default()
    }

    /// What the server says is wrong with the call; none if it is the server that is, or not ours.
    fn refused(&self) -> Option<Error> {
        if !(400..500).contains(&self.status) || matches!(self.status, 408 | 429) {
            return None;
        }
        let body = self.json();
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let refused = |code: &str, detail: Option<&str>| Error::Refused {
            status: self.status,
            code: code.to_owned(),
            detail: detail.unwrap_or_default().to_owned(),
        };
        if let Some(code) = text("code")
            && text("type") == Some(&format!("urn:seatline:problem:{code}"))
        {
            return Some(refused(code, text("detail")));
        }
        // Of /oauth2/token, RFC 6749.
        let code = text("error").filter(|_| matches!(self.status, 400 | 401))?;
        Some(refused(code, text("error_description")))
    }

    fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get("retry-after")?.to_str().ok()?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text.parse().map_or(LONGEST_PAUSE, Duration::from_secs));
        }
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Duration::from_secs(u64::try_from(date.as_second() - wall_clock()).unwrap_or_default()))
    }
}

/// Fields as a form has them.
fn form(fields: &[(&str, &str)]) -> String {
    let fields = fields.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// As a part of an address.
pub(super) fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let quote = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(quote).collect()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
