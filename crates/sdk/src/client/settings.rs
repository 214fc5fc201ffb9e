//! What a client is told.

use std::fmt;
use std::time::{Duration, SystemTime};

use entitlement::Language;

use super::store::Store;

/// How a client shows who it is.
#[derive(Clone)]
pub enum Credentials {
    /// An API client's; traded for tokens that end.
    Client { id: String, secret: String },
    /// Sent as it is: of a session, or a personal access token.
    Token(String),
}

impl Credentials {
    pub fn client(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::Client { id: id.into(), secret: secret.into() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client { id, .. } => f.debug_struct("Client").field("id", id).finish_non_exhaustive(),
            Self::Token(_) => f.write_str("Token(…)"),
        }
    }
}

/// What [`crate::Client::new`] is told.
pub struct Settings {
    /// The address to ask, of the marketplace or of an edge near the app.
    pub server: String,
    pub credentials: Credentials,
    /// Your publisher id; needed for leases.
    pub publisher: Option<String>,
    /// The marketplace's address as its `base_url` says, where that is not `server`; leases name it.
    pub issuer: Option<String>,
    /// Where what is known is kept between runs; in memory only without one.
    pub store: Option<Box<dyn Store>>,
    /// What time it is, in seconds since 1970.
    pub clock: Box<dyn Fn() -> i64 + Send + Sync>,
    /// That one call may take.
    pub timeout: Duration,
    /// Of refusals.
    pub language: Language,
}

impl Settings {
    pub fn new(server: impl Into<String>, credentials: Credentials) -> Self {
        Self {
            server: server.into(),
            credentials,
            publisher: None,
            issuer: None,
            store: None,
            clock: Box::new(wall_clock),
            timeout: Duration::from_secs(5),
            language: Language::En,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("server", &self.server)
            .field("credentials", &self.credentials)
            .field("publisher", &self.publisher)
            .finish_non_exhaustive()
    }
}

/// Seconds since 1970 by this machine's clock.
#[expect(clippy::disallowed_methods, reason = "an app that says nothing of time means this")]
pub(super) fn wall_clock() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
