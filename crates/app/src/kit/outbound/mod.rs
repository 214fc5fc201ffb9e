//! HTTP to addresses that users give: webhooks, packages by address, lead destinations.
//!
//! Whoever may name an address must not reach with it what only this machine can reach. So the name is
//! resolved here, what is not public is dropped, and the connection goes to exactly the addresses that
//! are left: a name that answers differently the second time gains nothing. Every redirect passes the
//! same way again. The time limit is over the whole exchange, from the name to the last byte, the size
//! limit over what is read after decoding. A proxy that the environment names is not used.

mod address;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{Read, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderValue, Method, Request, Uri, header};
use tokio::sync::Semaphore;
use types::Violation;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout, RustlsConnector, TcpConnector};
use ureq::{Agent, Body};

pub use address::Network;

/// Exchanges at once; each holds a thread.
const AT_ONCE: usize = 64;
/// Bytes of an address.
const URL_MAX: usize = 2048;
/// Bytes that the head of an answer may have.
const HEAD_MAX: usize = 64 * 1024;

/// What the operator of the machine allows beyond the public internet.
#[derive(Debug, Clone, Default)]
pub struct OutboundSettings {
    /// Addresses without TLS too.
    pub allow_http: bool,
    /// Networks that are open though they are not public.
    pub allow_networks: Vec<Network>,
}

/// The client. Cheap to clone; clones share the bound.
#[derive(Debug, Clone)]
pub struct Outbound {
    settings: Arc<OutboundSettings>,
    permits: Arc<Semaphore>,
}

/// What is sent, and what may come back.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    pub limits: Limits,
}

impl Exchange {
    /// Asks for what is at an address.
    pub fn get(url: impl Into<String>, limits: Limits) -> Self {
        Self { method: Method::GET, url: url.into(), headers: Vec::new(), body: Vec::new(), limits }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Followed one after the other; 0 gives the redirect itself as the answer.
    pub redirects: u32,
    /// Over everything.
    pub time: Duration,
    /// Of the body.
    pub bytes: u64,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply<B = Vec<u8>> {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: B,
}

/// Why there is no answer. Its text may be shown to whoever gave the address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("the address is not allowed: {0}")]
    NotAllowed(String),
    #[error("the name of the host is not known")]
    HostNotFound,
    #[error("there was no complete answer in time")]
    TimedOut,
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    #[error("too many redirects")]
    TooManyRedirects,
    #[error("no answer: {0}")]
    Failed(String),
    #[error("what was read could not be stored: {0}")]
    NotStored(String),
}

/// How the words of an error begin, which are what is kept of it, and the key of the text that says it in a reader's
/// language.
const REASONS: [(&str, &str); 7] = [
    ("the address is not allowed: ", "not-allowed"),
    ("the name of the host is not known", "host-not-found"),
    ("there was no complete answer in time", "timed-out"),
    ("the answer is larger than ", "too-large"),
    ("too many redirects", "too-many-redirects"),
    ("no answer: ", "failed"),
    ("what was read could not be stored: ", "not-stored"),
];

/// The key of the text for these words, and what they go on with.
pub(super) fn reason(words: &str) -> Option<(&'static str, &str)> {
    REASONS.iter().find_map(|(begin, key)| words.strip_prefix(begin).map(|rest| (*key, rest)))
}

impl Outbound {
    pub fn new(settings: OutboundSettings) -> Self {
        Self { settings: Arc::new(settings), permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// What can be said of an address before anything is sent there.
    pub fn vet(&self, url: &str) -> Result<String, Violation> {
        if url.len() > URL_MAX {
            return Err(Violation::new("url.too_long", format!("must have at most {URL_MAX} characters")));
        }
        self.settings.vet(url).map_err(|why| Violation::new("url.not_allowed", why))?;
        Ok(url.trim().to_owned())
    }

    /// Sends, and reads the beginning of what comes back, up to the limit.
    pub async fn send(&self, exchange: Exchange) -> Result<Reply, OutboundError> {
        self.run(exchange, |response, limits| {
            let mut body = Vec::new();
            let mut reader = response.into_body().into_reader().take(limits.bytes);
            reader.read_to_end(&mut body).map_err(|error| from_io(&error))?;
            Ok(body)
        })
        .await
    }

    /// Sends, and writes what comes back as it comes; more than the limit is an error. The body of the
    /// reply is the writer and the number of bytes.
    pub async fn download<W: Write + Send + 'static>(
        &self,
        exchange: Exchange,
        mut writer: W,
    ) -> Result<Reply<(W, u64)>, OutboundError> {
        self.run(exchange, move |response, limits| {
            let mut reader = response.into_body().into_reader();
            let (mut chunk, mut total) = (vec![0; 64 * 1024], 0_u64);
            loop {
                let read = reader.read(&mut chunk).map_err(|error| from_io(&error))?;
                if read == 0 {
                    return Ok((writer, total));
                }
                total += u64::try_from(read).unwrap_or(u64::MAX);
                if total > limits.bytes {
                    return Err(OutboundError::TooLarge(limits.bytes));
                }
                writer
                    .write_all(&chunk[..read])
                    .map_err(|error| OutboundError::NotStored(error.to_string()))?;
            }
        })
        .await
    }

    /// On a thread where it may block; as many at once as there are permits.
    async fn run<B: Send + 'static>(
        &self,
        exchange: Exchange,
        read: impl FnOnce(ureq::http::Response<Body>, Limits) -> Result<B, OutboundError> + Send + 'static,
    ) -> Result<Reply<B>, OutboundError> {
        let failed = |error: &dyn fmt::Display| OutboundError::Failed(error.to_string());
        self.settings.vet(&exchange.url).map_err(OutboundError::NotAllowed)?;
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|error| failed(&error))?;
        let settings = Arc::clone(&self.settings);
        let exchanged = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            exchange_blocking(&settings, exchange, read)
        });
        exchanged.await.map_err(|error| failed(&error))?
    }
}

fn exchange_blocking<B>(
    settings: &Arc<OutboundSettings>,
    exchange: Exchange,
    read: impl FnOnce(ureq::http::Response<Body>, Limits) -> Result<B, OutboundError>,
) -> Result<Reply<B>, OutboundError> {
    let Exchange { method, url, headers, body, limits } = exchange;
    let mut request = Request::builder().method(method).uri(url.trim());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(body).map_err(|error| OutboundError::Failed(error.to_string()))?;
    let response = agent(settings, limits).run(request).map_err(from_ureq)?;
    let status = response.status().as_u16();
    let content_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::to_str);
    let content_type = content_type.and_then(Result::ok).map(str::to_owned);
    Ok(Reply { status, content_type, body: read(response, limits)? })
}

/// An agent per exchange: no connection outlives it, and none is taken from somebody else's.
fn agent(settings: &Arc<OutboundSettings>, limits: Limits) -> Agent {
    let config = Config::builder()
        .http_status_as_error(false)
        .https_only(!settings.allow_http)
        .max_redirects(limits.redirects)
        .max_idle_connections(0)
        .max_response_header_size(HEAD_MAX)
        .timeout_global(Some(limits.time))
        .timeout_connect(Some(limits.time.min(Duration::from_secs(10))))
        .proxy(None)
        .accept_encoding("identity")
        .user_agent(concat!("Seatline/", env!("CARGO_PKG_VERSION")))
        .build();
    let connector = ().chain(TcpConnector::default()).chain(RustlsConnector::default());
    Agent::with_parts(config, connector, AllowedOnly(Arc::clone(settings)))
}

impl OutboundSettings {
    fn vet(&self, url: &str) -> Result<(), String> {
        let uri: Uri = url.trim().parse().map_err(|_| malformed(url).to_owned())?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if self.allow_http => {}
            _ => return Err("it must begin with https://".to_owned()),
        }
        let authority = uri.authority().ok_or_else(|| "it names no host".to_owned())?;
        if authority.as_str().contains('@') {
            return Err("it must not carry a user and a password".to_owned());
        }
        let names_port = authority.as_str() != authority.host();
        let is_plain = !authority.as_str().ends_with(':') && !authority.as_str().contains('+');
        if names_port && !(is_plain && authority.port_u16().is_some_and(|port| port > 0)) {
            return Err("its port must be 1 to 65535".to_owned());
        }
        match address::typed(authority.host()) {
            address::Typed::Nothing => Err("it names no host".to_owned()),
            address::Typed::Addresses(these) if !these.iter().any(|address| self.allows(*address)) => {
                Err(Closed.to_string())
            }
            _ => Ok(()),
        }
    }

    fn allows(&self, address: IpAddr) -> bool {
        let meant = address::canonical(address);
        address::is_public(address) || self.allow_networks.iter().any(|network| network.contains(meant))
    }
}

/// What is wrong with what is no address at all.
fn malformed(url: &str) -> &'static str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if !host.is_ascii() {
        "its host must be written in ASCII: bücher.example is xn--bcher-kva.example"
    } else if !path.is_ascii() {
        "what comes after its host must be ASCII, the rest percent-encoded: %C3%BC for ü"
    } else {
        "it is no web address"
    }
}

/// Resolves names, and keeps of their addresses only those that may be connected to.
#[derive(Debug)]
struct AllowedOnly(Arc<OutboundSettings>);

/// Leads only to what is closed. Where a name leads is for the log: whoever gave it is not to learn what is inside.
#[derive(Debug, thiserror::Error)]
#[error("it does not lead to a public host")]
struct Closed;

impl Resolver for AllowedOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| self.0.allows(address.ip())) {
            allowed.push(*address);
        }
        match found.iter().next() {
            Some(closed) if allowed.is_empty() => {
                let (host, address) = (uri.host().unwrap_or_default(), closed.ip());
                tracing::warn!(host, %address, "an address that a user gave leads inside");
                Err(ureq::Error::Other(Box::new(Closed)))
            }
            _ => Ok(allowed),
        }
    }
}

fn from_ureq(error: ureq::Error) -> OutboundError {
    match error {
        ureq::Error::Timeout(_) => OutboundError::TimedOut,
        ureq::Error::HostNotFound => OutboundError::HostNotFound,
        ureq::Error::TooManyRedirects => OutboundError::TooManyRedirects,
        ureq::Error::RequireHttpsOnly(_) => {
            OutboundError::NotAllowed("it must begin with https://".to_owned())
        }
        ureq::Error::Other(error) if error.is::<Closed>() => OutboundError::NotAllowed(error.to_string()),
        ureq::Error::Io(error) => from_io(&error),
        error => OutboundError::Failed(error.to_string()),
    }
}

/// The reader of a body wraps what went wrong.
fn from_io(error: &std::io::Error) -> OutboundError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>()) {
        Some(ureq::Error::Timeout(_)) => OutboundError::TimedOut,
        _ if error.kind() == std::io::ErrorKind::TimedOut => OutboundError::TimedOut,
        // What a resolver says of a name that it does not know has no kind of its own.
        _ if error.to_string().contains("failed to lookup address") => OutboundError::HostNotFound,
        _ => OutboundError::Failed(error.to_string()),
    }
}
