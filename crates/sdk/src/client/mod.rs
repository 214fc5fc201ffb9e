//! The client: asks the server, keeps what it may keep, and decides without it where that is allowed.

mod asking;
mod calls;
mod decision;
mod leases;
mod refusals;
mod settings;
mod store;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use entitlement::Language;
use entitlement::client::{Answer, Client as Machine, How, Question, Thing, Verdict};
use serde_json::{Value, json};
use ureq::http::Method;

use asking::Asking;
use calls::{Call, Calls, quoted};
pub use decision::{Decision, HeldRight};
pub use leases::{LeaseFor, Leases, Revocations};
pub use settings::{Credentials, Settings};
pub use store::{FileStore, Store};

/// Whoever the token belongs to.
pub const ME: &str = "me";

/// Questions of one call at most.
const BATCH: usize = 1000;
const KEYS_EVERY: Duration = Duration::from_hours(24);
/// Seconds after which the time that is known to have been is written down again.
const CLOCK_EVERY: i64 = 60;
/// Answers that come one after the other are written down together.
const ANSWERS_EVERY: Duration = Duration::from_secs(1);

/// Why there is nothing to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No connection, too slow, overloaded, failed, or something else answers at this address.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server refused the call itself: the secret is wrong, a field is, something is not allowed.
    #[error("{detail} ({status} {code})")]
    Refused { status: u16, code: String, detail: String },
    /// A lease or a list is not kept; [`entitlement::client::NotKept::cause`] says why in a word.
    #[error(transparent)]
    Rejected(#[from] entitlement::client::NotKept),
    /// What was asked is no question.
    #[error("{0}")]
    Malformed(&'static str),
}

impl Error {
    fn unreachable(why: &str) -> Self {
        Self::Unreachable(why.to_owned())
    }
}

/// A connection to a marketplace. One for the whole app: it may be used from many threads, and is cheap to clone.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    calls: Calls,
    language: Language,
    publisher: String,
    clock: Box<dyn Fn() -> i64 + Send + Sync>,
    store: Option<Box<dyn Store>>,
    state: Mutex<State>,
    asking: Mutex<HashMap<Question, Arc<Asking>>>,
}

struct State {
    machine: Machine,
    keys_at: Option<Instant>,
    /// What was written down last, and when; what is not yet is `unsaved`.
    saved_at: Option<Instant>,
    saved_high_water: i64,
    unsaved: bool,
}

/// What came in, by how soon it is to be written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Changed {
    /// The time alone.
    Clock,
    Answers,
    /// What cannot be asked for again.
    Kept,
}

impl Client {
    /// Reads the store, if there is one; asks nothing yet.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { server, credentials, publisher, issuer, store, clock, timeout, language } = settings;
        if !server.starts_with("https://") && !server.starts_with("http://") {
            return Err(Error::Malformed("server must be an address: https://…"));
        }
        let issuer = issuer.unwrap_or_else(|| server.trim_end_matches('/').to_owned());
        let publisher = publisher.unwrap_or_default();
        let saved = store.as_ref().and_then(|store| store.load());
        // One that cannot be read is as at the first run.
        let saved = saved.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let machine = Machine::restored(issuer, publisher.clone(), saved);
        let state = State { machine, keys_at: None, saved_at: None, saved_high_water: 0, unsaved: false };
        Ok(Self(Arc::new(Inner {
            calls: Calls::new(&server, credentials, timeout, language),
            language,
            publisher,
            clock,
            store,
            state: Mutex::new(state),
            asking: Mutex::default(),
        })))
    }

    /// May this user use that? A publisher's client names a tenant in its question, a tenant's own client does not.
    /// The server being gone is no error: the decision says how it is known. [`Error::Refused`] if the server
    /// refuses the call itself.
    pub fn check(&self, question: &Question) -> Result<Decision, Error> {
        match self.known(question)? {
            Some(decision) => Ok(decision),
            None => self.0.shared(question),
        }
    }

    /// As [`Self::check`], decided by the server at the point of this `Freshness-Token` of a write (or `latest`) or
    /// later, or refused.
    pub fn check_at(&self, question: &Question, freshness: &str) -> Result<Decision, Error> {
        well_formed(question)?;
        let verdict = self.0.asked(question, Some(freshness))?;
        // What is kept may be older than what was asked for.
        Ok(self.0.shown(verdict.unwrap_or_else(not_fresh), question))
    }

    /// As [`Self::check`], in the order of the questions; the server is asked at once for all that it has to be asked.
    pub fn check_many(&self, questions: &[Question]) -> Result<Vec<Decision>, Error> {
        let mut decisions: HashMap<&Question, Decision> = HashMap::new();
        let mut to_ask: Vec<(&'static str, Vec<&Question>)> = Vec::new();
        let mut seen = HashSet::new();
        for question in questions.iter().filter(|question| seen.insert(*question)) {
            match (self.known(question)?, path(question)) {
                (Some(decision), _) => _ = decisions.insert(question, decision),
                (None, path) => match to_ask.iter_mut().find(|(of, all)| *of == path && all.len() < BATCH) {
                    Some((_, all)) => all.push(question),
                    None => to_ask.push((path, vec![question])),
                },
            }
        }
        for (path, part) in to_ask {
            decisions.extend(self.0.batch(path, &part)?);
        }
        Ok(questions.iter().filter_map(|question| decisions.get(question).cloned()).collect())
    }

    /// All that a user has a right to, usable now or not.
    pub fn rights(&self, user: &str, tenant: Option<&str>) -> Result<Vec<HeldRight>, Error> {
        if user.is_empty() || tenant == Some("") {
            return Err(Error::Malformed("user and tenant are texts that are not empty"));
        }
        let of = match tenant {
            Some(tenant) => format!("customers/{}/users/{}", quoted(tenant), quoted(user)),
            None if user == ME => ME.to_owned(),
            None => format!("users/{}", quoted(user)),
        };
        let path = format!("/api/v1/{of}/rights");
        let mut body = self.0.calls.call(&Method::GET, &path, Call::default())?;
        let items = body.get_mut("items").map(Value::take).unwrap_or_default();
        serde_json::from_value(items).map_err(|_| Error::unreachable("the answer has no rights"))
    }

    /// Licenses that are carried along, for when the server is not there.
    pub fn leases(&self) -> Leases<'_> {
        Leases(&self.0)
    }

    /// Lists of leases that were taken back before their end.
    pub fn revocations(&self) -> Revocations<'_> {
        Revocations(&self.0)
    }

    /// Takes the keys of the marketplace from its JWKS that came by file, for an app that is never online.
    pub fn load_keys(&self, jwks: Value) {
        let mut state = self.0.state();
        state.machine.take_keys(jwks);
        self.0.save(&mut state, Changed::Kept);
    }

    /// What is known without asking.
    pub(crate) fn known(&self, question: &Question) -> Result<Option<Decision>, Error> {
        well_formed(question)?;
        let mut state = self.0.state();
        let known = state.machine.ask(question, (self.0.clock)());
        self.0.save(&mut state, Changed::Clock);
        Ok(known.map(|verdict| self.0.shown(verdict, question)))
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shown(&self, verdict: Verdict, question: &Question) -> Decision {
        Decision::of(verdict, question, self.language)
    }

    fn answered_or_not(&self, question: &Question) -> Result<Decision, Error> {
        let Some(verdict) = self.asked(question, None)? else { return Ok(self.without_server(question)) };
        let carries = { self.state().machine.leases().next().is_some() };
        if carries && self.keys_are_due() {
            self.fetch_keys();
        }
        Ok(self.shown(verdict, question))
    }

    /// None where the server is not there.
    fn asked(&self, question: &Question, freshness: Option<&str>) -> Result<Option<Verdict>, Error> {
        let body = wire(question);
        let call = Call { body: Some(&body), freshness, once: None };
        let body = match self.calls.call(&Method::POST, path(question), call) {
            Ok(body) => body,
            Err(Error::Unreachable(_)) => return Ok(None),
            // Not a mistake of the app: a customer that is none, or none any more, is refused.
            Err(Error::Refused { status: 404, code, .. }) => json!({ "allowed": false, "reason": code }),
            Err(error) => return Err(error),
        };
        Ok(self.took(question, body))
    }

    fn batch<'q>(
        &self,
        path: &str,
        questions: &[&'q Question],
    ) -> Result<Vec<(&'q Question, Decision)>, Error> {
        let checks = json!({ "checks": questions.iter().map(|question| wire(question)).collect::<Vec<_>>() });
        let call = Call { body: Some(&checks), ..Call::default() };
        let mut body = match self.calls.call(&Method::POST, &format!("{path}/batch"), call) {
            Ok(body) => body,
            Err(Error::Unreachable(_)) => Value::Null,
            Err(error) => return Err(error),
        };
        let results = match body.get_mut("results").map(Value::take) {
            Some(Value::Array(results)) if results.len() == questions.len() => results,
            _ => vec![Value::Null; questions.len()],
        };
        let decided = questions.iter().zip(results).map(|(question, result)| {
            let decision = match self.took(question, result) {
                Some(verdict) => self.shown(verdict, question),
                None => self.without_server(question),
            };
            (*question, decision)
        });
        Ok(decided.collect())
    }

    fn took(&self, question: &Question, body: Value) -> Option<Verdict> {
        let answer = Answer::read(body)?;
        let mut state = self.state();
        let verdict = state.machine.answered(question, &answer, (self.clock)());
        self.save(&mut state, Changed::Answers);
        Some(verdict)
    }

    fn without_server(&self, question: &Question) -> Decision {
        let verdict = self.state().machine.unreachable(question, (self.clock)());
        self.shown(verdict, question)
    }

    fn keys_are_due(&self) -> bool {
        self.state().keys_at.is_none_or(|at| at.elapsed() > KEYS_EVERY)
    }

    fn fetch_keys(&self) -> bool {
        let jwks = self.calls.public("/.well-known/jwks.json").unwrap_or_default();
        if !jwks.get("keys").is_some_and(Value::is_array) {
            return false;
        }
        let mut state = self.state();
        state.machine.take_keys(jwks);
        state.keys_at = Some(Instant::now());
        self.save(&mut state, Changed::Kept);
        true
    }

    /// Writes down what is known, if it is time.
    fn save(&self, state: &mut State, changed: Changed) {
        let Some(store) = &self.store else { return };
        state.unsaved |= changed != Changed::Clock;
        let rested = state.saved_at.is_none_or(|at| at.elapsed() >= ANSWERS_EVERY);
        let moved = state.machine.high_water() >= state.saved_high_water.saturating_add(CLOCK_EVERY);
        if changed == Changed::Kept || (rested && state.unsaved) || moved {
            // A full disk locks nobody out; it is tried again with the next change.
            state.unsaved = serde_json::to_string(&state.machine.stored())
                .map_or(true, |text| store.save(&text).is_err());
            if !state.unsaved {
                (state.saved_at, state.saved_high_water) = (Some(Instant::now()), state.machine.high_water());
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.state().unsaved {
            self.save(&mut self.state(), Changed::Kept);
        }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("calls", &self.calls).finish_non_exhaustive()
    }
}

fn well_formed(question: &Question) -> Result<(), Error> {
    let thing = match &question.thing {
        Thing::Service { service_id } => service_id,
        Thing::Component { component, .. } => component,
    };
    if question.user.is_empty() || thing.is_empty() || question.tenant.as_deref() == Some("") {
        return Err(Error::Malformed("user, tenant, service and component are texts that are not empty"));
    }
    Ok(())
}

fn not_fresh() -> Verdict {
    let (reason, said) = ("unknown".to_owned(), Default::default());
    Verdict { allowed: false, how: How::Refused, reason, said, lease: None }
}

fn path(question: &Question) -> &'static str {
    match &question.tenant {
        Some(_) => "/api/v1/customer-checks",
        None if question.user == ME => "/api/v1/me/checks",
        None => "/api/v1/checks",
    }
}

fn wire(question: &Question) -> Value {
    let mut wire = serde_json::to_value(question).unwrap_or_default();
    if let Some(fields) = wire.as_object_mut().filter(|_| question.user == ME) {
        fields.remove("user");
    }
    wire
}
