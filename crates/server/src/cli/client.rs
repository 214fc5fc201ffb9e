//! Sending requests to the server and reading what it answers.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use types::Problem;
use ureq::http::{Method, Request, Response, header};
use ureq::{Agent, AsSendBody, Body};

use crate::failure::{Failure, chain};
use crate::machine;
use crate::requests::hex;

const FRESHNESS: &str = "freshness-token";
/// Bytes of JSON that are read at most.
const ANSWER_MAX: u64 = 64 * 1024 * 1024;

/// Speaks to one server as one caller.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
    server: String,
    token: Option<String>,
}

/// What a request carries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Payload<'a> {
    Nothing,
    Json(&'a serde_json::Value),
    Bytes(&'a [u8], &'static str),
    /// Sent as it is read, as this content type.
    File(&'a Path, &'static str),
}

#[derive(Debug)]
pub(super) struct Reply {
    /// As the server wrote it.
    pub(super) body: String,
    /// How far the request moved the log, if it did.
    pub(super) freshness: Option<String>,
}

/// A refusal as the server wrote it, and as it reads.
pub(super) enum Refusal {
    Problem { body: String, problem: Box<Problem> },
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Client {
    pub(super) fn new(server: &str, token: Option<String>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_mins(10)))
            .user_agent(concat!("seatline/", env!("CARGO_PKG_VERSION")));
        let server = server.trim_end_matches('/').to_owned();
        Self { agent: config.build().into(), server, token }
    }

    /// Sends one request; again if the connection failed, under the same idempotency key.
    pub(super) fn send(
        &self,
        method: &Method,
        target: &str,
        freshness: Option<&str>,
        payload: Payload<'_>,
    ) -> Result<Reply, Refusal> {
        let mut response = self.answer(method, target, freshness, payload)?;
        let status = response.status();
        let freshness =
            response.headers().get(FRESHNESS).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.body_mut().with_config().limit(ANSWER_MAX).read_to_string();
        let body = body.map_err(|error| self.unreachable(&error))?;
        if status.is_success() {
            return Ok(Reply { body, freshness });
        }
        match serde_json::from_str(&body) {
            Ok(problem) => Err(Refusal::Problem { body, problem: Box::new(problem) }),
            Err(_) => Err(Failure::Other(format!("{target} was answered with {status}")).into()),
        }
    }

    /// Fetches bytes into a file that is there whole or not at all.
    pub(super) fn download(&self, target: &str, output: &Path) -> Result<(), Refusal> {
        let mut response = self.answer(&Method::GET, target, None, Payload::Nothing)?;
        let status = response.status();
        if !status.is_success() {
            let body = response.body_mut().read_to_string().unwrap_or_default();
            return match serde_json::from_str(&body) {
                Ok(problem) => Err(Refusal::Problem { body, problem: Box::new(problem) }),
                Err(_) => Err(Failure::Other(format!("{target} was answered with {status}")).into()),
            };
        }
        let bytes = response.body_mut().with_config().limit(u64::MAX).read_to_vec();
        let bytes = bytes.map_err(|error| self.unreachable(&error))?;
        Ok(package::disk::write_file(output, &bytes).map_err(Failure::other)?)
    }

    fn answer(
        &self,
        method: &Method,
        target: &str,
        freshness: Option<&str>,
        payload: Payload<'_>,
    ) -> Result<Response<Body>, Failure> {
        let key = hex(&machine::random().bytes::<16>());
        let mut again = true;
        loop {
            let mut request = Request::builder().method(method).uri(format!("{}{target}", self.server));
            if let Some(token) = &self.token {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            if let Some(freshness) = freshness {
                request = request.header(FRESHNESS, freshness);
            }
            if *method != Method::GET {
                request = request.header("idempotency-key", &key);
            }
            let sent = match payload {
                Payload::Nothing => self.run(request.body(()))?,
                Payload::Json(value) => {
                    let request = request.header(header::CONTENT_TYPE, "application/json");
                    self.run(request.body(value.to_string()))?
                }
                Payload::Bytes(bytes, kind) => {
                    let request = request.header(header::CONTENT_TYPE, kind);
                    self.run(request.body(bytes))?
                }
                Payload::File(path, kind) => {
                    let file = File::open(path)
                        .map_err(|error| Failure::Other(format!("{}: {error}", path.display())))?;
                    let request = request.header(header::CONTENT_TYPE, kind);
                    self.run(request.body(file))?
                }
            };
            match sent {
                Ok(response) => return Ok(response),
                Err(error) if again && is_connection(&error) => again = false,
                Err(error) => return Err(self.unreachable(&error)),
            }
        }
    }

    /// The outer error: the request cannot be made at all.
    fn run(
        &self,
        request: Result<Request<impl AsSendBody>, ureq::http::Error>,
    ) -> Result<Result<Response<Body>, ureq::Error>, Failure> {
        let request = request
            .map_err(|error| Failure::Usage(format!("{} is no address of a server: {error}", self.server)))?;
        Ok(self.agent.run(request))
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        match error {
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
                Failure::Usage(format!("{} is no address of a server: {error}", self.server))
            }
            error => Failure::Unreachable(format!("{} does not answer: {}", self.server, chain(error))),
        }
    }
}

fn is_connection(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Io(error) => error.kind() != io::ErrorKind::InvalidInput,
        ureq::Error::ConnectionFailed | ureq::Error::Protocol(_) => true,
        _ => false,
    }
}

/// The address of a resource: segments are escaped, so that nothing typed can lead elsewhere.
pub(super) fn address(segments: &[&str], query: &[(&str, String)]) -> String {
    let mut target = "/api/v1".to_owned();
    for segment in segments {
        target.push('/');
        escape(segment, &mut target);
    }
    for (place, (name, value)) in query.iter().enumerate() {
        target.push(if place == 0 { '?' } else { '&' });
        target.push_str(name);
        target.push('=');
        escape(value, &mut target);
    }
    target
}

fn escape(text: &str, into: &mut String) {
    // A segment of dots alone would be taken for a step in the path.
    let dots = text.bytes().all(|byte| byte == b'.');
    for byte in text.bytes() {
        let plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !dots);
        if plain {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_one_segment() {
        let target = address(&["users", "a/b?c@d.example"], &[("search", "x&y".to_owned())]);
        assert_eq!(target, "/api/v1/users/a%2Fb%3Fc%40d.example?search=x%26y");
        assert_eq!(address(&["offers", ".."], &[]), "/api/v1/offers/%2E%2E");
    }
}
