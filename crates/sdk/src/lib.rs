//! Licenses in your app: may this user use that?
//!
//! Two ways to ask. [`Client`] asks the marketplace, keeps answers as far as they may be kept, and carries leases
//! for when it is not there; [`AsyncClient`] is the same for asynchronous code. [`Seatline`] follows the rights that
//! your API client may see, and decides in memory, a matter of a hundred nanoseconds. The README says when to take which.
//!
//! [`Seatline`] is as fresh as the marketplace within a moment. It needs no `async`: nothing waits, except where you
//! ask it to ([`Seatline::ready`], [`Seatline::wait_for`]): threads of its own follow, and tell the marketplace what was used.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use seatline::{Account, Seatline, Target};
//!
//! let account = Account {
//!     url: "https://market.example".to_owned(),
//!     client_id: "cli_…".to_owned(),
//!     client_secret: "slc_…".to_owned(),
//! };
//! let seatline = Seatline::start(account);
//! seatline.ready(Duration::from_secs(10))?;
//! let (tenant, user) = (seatline::tenant("ten_…")?, seatline::user("usr_…")?);
//! let answer = seatline.check(tenant, user, Target::Service("fabrikam.f365.gold"))?;
//! if !answer.allowed {
//!     if let Some(refusal) = answer.refusal { println!("{}: {}", refusal.title, refusal.message); }
//! }
//! # Ok(()) }
//! ```
//!
//! Where the marketplace cannot be reached, answers go on as of when it was heard of last, and say how old they are
//! ([`Answer::age`]), for the grace time that the marketplace declares and never longer ([`Unanswered::TooOld`]).

mod account;
mod client;
mod follower;
mod nonblocking;
mod reporter;

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use account::Account;
pub use client::{
    Client, Credentials, Decision, Error, FileStore, HeldRight, LeaseFor, Leases, ME, Revocations, Settings,
    Store,
};
use entitlement::Question as Asked;
pub use entitlement::client::{How, NotKept as Rejected, Question, Thing};
pub use entitlement::lease::{Algorithm, Holder, Lease, LeasedService, RevocationList};
pub use entitlement::replica::{Replica, Standing, Unanswered};
pub use entitlement::{EnforcementMode, FeatureValue, Language, Reason, Refusal, State, Target};
pub use follower::Follower;
pub use nonblocking::AsyncClient;
pub use types::Freshness;
use types::{MARKETPLACE, TenantId, UserId};

/// An id of a tenant, as the marketplace writes it.
pub fn tenant(text: &str) -> Result<TenantId, Malformed> {
    TenantId::parse(text).map_err(|_| Malformed)
}

/// An id of a user, as the marketplace writes it.
pub fn user(text: &str) -> Result<UserId, Malformed> {
    UserId::parse(text).map_err(|_| Malformed)
}

/// A text that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this was not given out by a marketplace")]
pub struct Malformed;

/// The time was over before everything was there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the marketplace has not told enough in time{}", .0.as_ref().map_or_else(String::new, |why| format!(": {why}")))]
pub struct Late(pub Option<String>);

/// The marketplace could not be told what was used; it is tried again as long as the program runs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Untold(pub String);

/// An answer (CHK-03).
#[derive(Debug, Clone)]
pub struct Answer {
    pub allowed: bool,
    /// Of the best right that was found.
    pub state: Option<State>,
    pub reason: Reason,
    /// Service ids that would do.
    pub services: Vec<String>,
    pub features: Vec<(String, FeatureValue)>,
    /// What to show to whoever is refused.
    pub refusal: Option<Refusal>,
    /// What to show to whoever is let in without a license, because the plan only warns.
    pub notice: Option<Refusal>,
    /// The position of the tenant's log at which this was decided.
    pub version: i64,
    /// How long ago all of this was known to be so.
    pub age: Duration,
}

/// The rights that a client may see, in memory. Cheap to clone; the last one dropped ends the following.
#[derive(Debug, Clone)]
pub struct Seatline {
    follower: Arc<Follower>,
    moved: Arc<(Mutex<()>, Condvar)>,
    language: Language,
}

impl Seatline {
    /// Begins to follow.
    pub fn start(account: Account) -> Self {
        Self::over(Follower::start(account))
    }

    /// The same with so many bytes of memory that rights may take; where there are more, answers grow old.
    pub fn start_within(account: Account, memory: usize) -> Self {
        Self::over(Follower::start_within(account, memory))
    }

    fn over(follower: Follower) -> Self {
        let follower = Arc::new(follower);
        let moved = Arc::new((Mutex::new(()), Condvar::new()));
        let signal = Arc::clone(&moved);
        follower.replica().listen(Box::new(move || {
            drop(signal.0.lock().unwrap_or_else(PoisonError::into_inner));
            signal.1.notify_all();
        }));
        Self { follower, moved, language: Language::default() }
    }

    /// The language of refusals.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Waits until everything is there at first.
    pub fn ready(&self, at_most: Duration) -> Result<(), Late> {
        self.wait(at_most, || self.age().is_some())
    }

    /// Waits until what a write led to is here, by the token that the write was answered with.
    pub fn wait_for(&self, tenant: TenantId, token: &Freshness, at_most: Duration) -> Result<(), Late> {
        let (version, catalog) = (token.position(&tenant), token.position(&MARKETPLACE));
        self.wait(at_most, || self.follower.replica().is_at(&tenant, version, catalog))
    }

    /// Tells the marketplace now who used what, for a program that is about to end; by itself it is told within seconds.
    pub fn tell_uses(&self) -> Result<(), Untold> {
        self.follower.tell_uses().map_err(Untold)
    }

    /// Whether it is allowed; `false` for everything that is no yes.
    pub fn allows(&self, tenant: TenantId, user: UserId, target: Target<'_>) -> bool {
        self.look(tenant, user, target, |decision, _| decision.allowed).unwrap_or(false)
    }

    /// Decides, with all that an app may want to know.
    pub fn check(&self, tenant: TenantId, user: UserId, target: Target<'_>) -> Result<Answer, Unanswered> {
        let language = self.language;
        self.look(tenant, user, target, |decision, standing| answer(decision, standing, language))
    }

    /// How long ago everything was known; `None` until everything was there once.
    pub fn age(&self) -> Option<Duration> {
        self.follower.replica().standing(self.follower.now()).map(|standing| standing.age)
    }

    /// What was last wrong with the marketplace, or with the way to it.
    pub fn last_fault(&self) -> Option<String> {
        self.follower.last_fault()
    }

    fn look<T>(
        &self,
        tenant: TenantId,
        user: UserId,
        target: Target<'_>,
        answer: impl FnOnce(&entitlement::Decision<'_>, Standing) -> T,
    ) -> Result<T, Unanswered> {
        let (replica, moment) = (self.follower.replica(), self.follower.now());
        let now = replica.time(moment).ok_or(Unanswered::NotYet)?;
        let question = Asked { tenant, user, target, publisher: None, at_least: 0, now };
        replica.check(&question, moment, answer)
    }

    fn wait(&self, at_most: Duration, there: impl Fn() -> bool) -> Result<(), Late> {
        let until = Instant::now() + at_most;
        let (lock, moved) = &*self.moved;
        let mut turn = lock.lock().unwrap_or_else(PoisonError::into_inner);
        while !there() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Late(self.last_fault()));
            }
            turn = moved.wait_timeout(turn, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }
}

fn answer(decision: &entitlement::Decision<'_>, standing: Standing, language: Language) -> Answer {
    let text = || Refusal::of(decision, language);
    let features = decision.features().into_iter();
    let warned = decision.waived && decision.enforcement == EnforcementMode::Warn;
    Answer {
        allowed: decision.allowed,
        state: decision.state,
        reason: decision.reason,
        services: decision.services().map(|service| service.id.to_string()).collect(),
        features: features.map(|(key, value)| (key.to_owned(), value.clone())).collect(),
        refusal: (!decision.allowed).then(text),
        notice: warned.then(text),
        version: decision.version,
        age: standing.age,
    }
}
