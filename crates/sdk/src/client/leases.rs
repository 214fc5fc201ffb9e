//! Leases and revocation lists of a client.

use entitlement::client::{Client as Machine, NotKept};
use entitlement::lease::{Algorithm, Lease, RevocationList};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Serialize;
use serde_json::{Value, json};
use ureq::http::Method;

use super::calls::{Call, quoted};
use super::{Changed, Error, Inner, ME};

/// What a lease is asked for. Of `user` as in a question, or, by a tenant's own client, for a block of `seats`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LeaseFor {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// Of these services, or of what opens `component` of `offer`.
    #[serde(rename = "service_ids", skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// How long it is wished for, a day if left out; it may be shorter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// ES256 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<Algorithm>,
}

/// Licenses that are carried along, for when the server is not there.
#[derive(Debug)]
pub struct Leases<'c>(pub(super) &'c Inner);

impl Leases<'_> {
    /// All that are kept.
    pub fn list(&self) -> Vec<Lease> {
        self.0.state().machine.leases().cloned().collect()
    }

    /// Asks the server for a lease, and keeps it.
    pub fn acquire(&self, wanted: &LeaseFor) -> Result<Lease, Error> {
        let user = wanted.user.as_deref();
        if user.is_none() == wanted.seats.is_none() || user == Some("") {
            return Err(Error::Malformed("a lease is for a user, or a block of seats"));
        }
        let named = LeaseFor { user: wanted.user.clone().filter(|user| user != ME), ..wanted.clone() };
        let body = serde_json::to_value(&named).unwrap_or_default();
        let path = path("leases", wanted.tenant.as_deref(), user);
        let once = once()?;
        self.load(&token(&self.0.calls.call(
            &Method::POST,
            &path,
            Call { body: Some(&body), once: Some(&once), freshness: None },
        )?)?)
    }

    /// Keeps a lease that came by file; [`Error::Rejected`] if it is forged, refused, or its key unknown.
    pub fn load(&self, text: &str) -> Result<Lease, Error> {
        self.0.take(|machine| machine.take_lease(text.trim()))
    }

    /// Frees its seats before it ends; `user` and `tenant` as it was acquired.
    pub fn give_back(&self, lease: &Lease, user: Option<&str>, tenant: Option<&str>) -> Result<(), Error> {
        let path = format!("{}/{}/return", path("leases", tenant, user), lease.id);
        let body = tenant.map_or_else(|| json!({}), |tenant| json!({ "tenant": tenant }));
        let once = once()?;
        let call = Call { body: Some(&body), once: Some(&once), freshness: None };
        self.0.calls.call(&Method::POST, &path, call)?;
        let mut state = self.0.state();
        state.machine.drop_lease(&lease.id);
        self.0.save(&mut state, Changed::Kept);
        Ok(())
    }
}

/// Lists of leases that were taken back before their end.
#[derive(Debug)]
pub struct Revocations<'c>(pub(super) &'c Inner);

impl Revocations<'_> {
    /// Asks the server for the list: a publisher's client names `tenant`, a user's [`ME`]; without both it is that of
    /// the client's own tenant. None if it is kept already.
    pub fn fetch(&self, user: Option<&str>, tenant: Option<&str>) -> Result<Option<RevocationList>, Error> {
        let (name, value) =
            tenant.map_or(("publisher", self.0.publisher.as_str()), |tenant| ("tenant", tenant));
        let path = format!("{}?{name}={}", path("lease-revocations", tenant, user), quoted(value));
        self.load(&token(&self.0.calls.call(&Method::GET, &path, Call::default())?)?)
    }

    /// Keeps a list that came by file; none if a later one is kept already. [`Error::Rejected`] if it is forged.
    pub fn load(&self, text: &str) -> Result<Option<RevocationList>, Error> {
        match self.0.take(|machine| machine.take_revocations(text.trim())) {
            Err(Error::Rejected(NotKept::Older)) => Ok(None),
            taken => taken.map(Some),
        }
    }
}

impl Inner {
    /// Takes a lease or a list; fetches the keys where they are not known, or are a day old.
    fn take<T>(&self, take: impl Fn(&mut Machine) -> Result<T, NotKept>) -> Result<T, Error> {
        if self.keys_are_due() {
            self.fetch_keys();
        }
        match self.taken(&take) {
            Err(why) if why.cause() == "key_unknown" && self.fetch_keys() => Ok(self.taken(&take)?),
            taken => Ok(taken?),
        }
    }

    fn taken<T>(&self, take: impl Fn(&mut Machine) -> Result<T, NotKept>) -> Result<T, NotKept> {
        let mut state = self.state();
        let taken = take(&mut state.machine);
        self.save(&mut state, Changed::Kept);
        taken
    }
}

fn path(noun: &str, tenant: Option<&str>, user: Option<&str>) -> String {
    match (tenant, user) {
        (Some(_), _) => format!("/api/v1/customer-{noun}"),
        (None, Some(ME)) => format!("/api/v1/me/{noun}"),
        (None, _) => format!("/api/v1/{noun}"),
    }
}

/// What the server signs.
fn token(answer: &Value) -> Result<String, Error> {
    let token = answer.get("token").and_then(Value::as_str);
    token.map(str::to_owned).ok_or_else(|| Error::unreachable("the answer has no token"))
}

/// A name for a write, so that one that is sent again is done once.
fn once() -> Result<String, Error> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::Malformed("this machine gives no random numbers"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
