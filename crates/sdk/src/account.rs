//! Whose rights are followed.

use std::fmt;

use serde::Deserialize;
use ureq::Agent;

/// An API client of the marketplace. It needs one of the scopes `check.any` (its own tenant), `check.customers`
/// (a publisher's customers) and `rights.follow` (the operator: every tenant).
#[derive(Clone)]
pub struct Account {
    /// The marketplace, or an edge's upstream.
    pub url: String,
    pub client_id: String,
    pub client_secret: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("url", &self.url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    scope: String,
}

/// Whose rights a client may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Everything,
    Customers,
    Own,
}

/// What to follow with.
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) scope: Scope,
}

impl Scope {
    /// The widest of those that are held.
    fn of(held: &str) -> Option<Self> {
        let holds = |scope: &str| held.split(' ').any(|held| held == scope);
        [Self::Everything, Self::Customers, Self::Own].into_iter().find(|scope| holds(scope.as_str()))
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "rights.follow",
            Self::Customers => "check.customers",
            Self::Own => "check.any",
        }
    }

    /// Where the rights are told.
    pub(crate) fn rights(self) -> &'static str {
        match self {
            Self::Everything => "/api/v1/all-rights/follow",
            Self::Customers => "/api/v1/customer-rights/follow",
            Self::Own => "/api/v1/rights/follow",
        }
    }

    /// Where the marketplace is asked about many of them.
    pub(crate) fn checks(self) -> &'static str {
        match self {
            Self::Everything => "/api/v1/all-checks/batch",
            Self::Customers => "/api/v1/customer-checks/batch",
            Self::Own => "/api/v1/checks/batch",
        }
    }
}

impl Account {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url.trim_end_matches('/'))
    }

    /// Trades the secret for an access token.
    pub(crate) fn access(&self, agent: &Agent) -> Result<Access, String> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.as_str()),
        ];
        let mut answer = agent
            .post(self.url("/oauth2/token"))
            .send_form(form)
            .map_err(|error| format!("no access token: {error}"))?;
        let issued: Issued =
            answer.body_mut().read_json().map_err(|error| format!("no access token: {error}"))?;
        let scope = Scope::of(&issued.scope);
        let scope =
            scope.ok_or("the client has none of the scopes check.any, check.customers, rights.follow")?;
        Ok(Access { token: issued.access_token, scope })
    }
}
