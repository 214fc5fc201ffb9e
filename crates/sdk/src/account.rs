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

/// What to follow with, and where.
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) path: &'static str,
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
        let holds = |scope: &str| issued.scope.split(' ').any(|held| held == scope);
        let paths = [
            ("rights.follow", "/api/v1/all-rights/follow"),
            ("check.customers", "/api/v1/customer-rights/follow"),
            ("check.any", "/api/v1/rights/follow"),
        ];
        let path = paths.into_iter().find(|(scope, _)| holds(scope)).map(|(_, path)| path);
        let path =
            path.ok_or("the client has none of the scopes check.any, check.customers, rights.follow")?;
        Ok(Access { token: issued.access_token, path })
    }
}
