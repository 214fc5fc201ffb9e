//! An index that is fed from far away, and knows how old it is.
//!
//! A [`Replica`] answers from memory as a node does. It never believes what does not fit: a step that begins
//! elsewhere, a snapshot that is older than what stands, a clock that runs backwards each end the connection
//! ([`Fault`]), and the next one asks anew for what is doubtful. Until all that was known has been sent
//! ([`Line::Alive`]) its age grows; beyond the grace that the marketplace declares it does not answer (CHK-09).
//!
//! Time is told by its caller: a [`Moment`] counts from whenever the caller likes and never runs backwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use types::{PublisherId, TenantId, Timestamp, UserId};

use crate::feed::{Hello, Position, Positions};
use crate::notes::Notes;
use crate::{Decision, Index, Question, Undecided};

mod reader;

pub use reader::{Fault, Reader, Room};

/// A point of time that never runs backwards.
pub type Moment = Duration;

/// Told after each line that was taken.
type Listener = Box<dyn Fn() + Send + Sync>;

#[derive(Default)]
pub struct Replica {
    index: Index,
    notes: Notes,
    /// What the marketplace says of itself: the same on every connection but for its times.
    hello: OnceLock<Hello>,
    /// Seconds; as the marketplace says now.
    fresh: AtomicI64,
    grace: AtomicI64,
    /// The moment at which all was known that was known to the marketplace, in microseconds; 0: not yet.
    known: AtomicI64,
    /// The same by the marketplace's clock.
    known_at: AtomicI64,
    /// What the next connection is to be asked for anew.
    doubted: Mutex<Doubted>,
    /// Of the entries that tenants, and the catalogue (`None`), stand at.
    marks: Mutex<BTreeMap<Option<TenantId>, u32>>,
    last_fault: Mutex<Option<String>>,
    listeners: RwLock<Vec<Listener>>,
}

#[derive(Debug, Default)]
struct Doubted {
    tenants: BTreeSet<TenantId>,
    catalog: bool,
}

/// How old what stands is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the marketplace's clock showed when all of this was known, in seconds.
    pub at: i64,
    pub age: Duration,
    /// Seconds, in all, that an answer may be used without asking again.
    pub fresh_seconds: u32,
    /// Seconds, in all, that it may be used while the marketplace cannot be asked.
    pub grace_seconds: u32,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// Not everything has come yet.
    NotYet,
    /// The marketplace was not heard of for longer than it allows (CHK-09).
    TooOld(Duration),
    /// Not yet as far as the question demands; the tenant's version, if it is there.
    Behind(Option<i64>),
    /// Nothing is known of this tenant, or the publisher that asks has no relationship with it.
    UnknownTenant,
    Unclear(Vec<String>),
    /// Only what is another publisher's is known here.
    OtherPublisher,
}

impl Replica {
    /// Decides as of what stands, and has the answer made of the decision.
    #[inline]
    pub fn check<T>(
        &self,
        question: &Question<'_>,
        now: Moment,
        answer: impl FnOnce(&Decision<'_>, Standing) -> T,
    ) -> Result<T, Unanswered> {
        let standing = self.standing(now).ok_or(Unanswered::NotYet)?;
        if standing.is_over() {
            return Err(Unanswered::TooOld(standing.age));
        }
        let mut question = *question;
        if let Some(own) = self.publisher() {
            if question.publisher.is_some_and(|publisher| publisher != own.as_str()) {
                return Err(Unanswered::OtherPublisher);
            }
            question.publisher = Some(own.as_str());
        }
        let catalog = self.index.catalog();
        match self.index.check(&catalog, &question) {
            Ok(decision) => {
                self.notes.note(&self.index, &question, &decision);
                Ok(answer(&decision, standing))
            }
            Err(Undecided::Stale(_)) if question.at_least == 0 => Err(Unanswered::UnknownTenant),
            Err(Undecided::Stale(version)) => {
                Err(Unanswered::Behind(version.filter(|version| *version >= 0)))
            }
            Err(Undecided::NoCustomer) => Err(Unanswered::UnknownTenant),
            Err(Undecided::Unclear(offers)) => Err(Unanswered::Unclear(offers)),
        }
    }

    /// What was used and who was let in without a license, to be told to the marketplace.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    /// Says who will be asked about next ([`Index::foresee`]).
    pub fn foresee(&self, users: impl Iterator<Item = UserId>) {
        self.index.foresee(users);
    }

    /// How old it is; `None` until everything has come.
    pub fn standing(&self, now: Moment) -> Option<Standing> {
        let known = self.known.load(Ordering::Acquire);
        let known = (known > 0).then(|| Duration::from_micros(known.unsigned_abs()))?;
        let seconds = |of: &AtomicI64| u32::try_from(of.load(Ordering::Relaxed)).unwrap_or_default();
        Some(Standing {
            at: Timestamp::from_micros(self.known_at.load(Ordering::Relaxed)).seconds(),
            age: now.saturating_sub(known),
            fresh_seconds: seconds(&self.fresh),
            grace_seconds: seconds(&self.grace),
        })
    }

    /// The present by the marketplace's clock: an app's own may be wrong, and dates decide rights.
    pub fn time(&self, now: Moment) -> Option<Timestamp> {
        let age = i64::try_from(self.standing(now)?.age.as_micros()).unwrap_or(i64::MAX);
        Some(Timestamp::from_micros(self.known_at.load(Ordering::Relaxed).saturating_add(age)))
    }

    /// The position of the marketplace's log that the catalogue stands at; -1: there is none.
    pub fn catalog_version(&self) -> i64 {
        self.index.catalog_version()
    }

    /// Whether a tenant and the catalogue have come to these positions.
    pub fn is_at(&self, tenant: &TenantId, version: i64, catalog: i64) -> bool {
        self.index.version(tenant).is_some_and(|stands| stands >= version)
            && self.index.catalog_version() >= catalog
    }

    /// The publisher whose alone is known here.
    pub fn publisher(&self) -> Option<&PublisherId> {
        self.hello.get()?.publisher.as_ref()
    }

    /// The marketplace, once it was heard of.
    pub fn issuer(&self) -> Option<&str> {
        self.hello.get().map(|hello| hello.issuer.as_str())
    }

    /// Every tenant that is known, with its version.
    pub fn tenants(&self) -> Vec<(TenantId, i64)> {
        self.index.loaded().into_iter().filter(|(_, version)| *version >= 0).collect()
    }

    /// What the next connection is to be asked for.
    pub fn positions(&self) -> Positions {
        let doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let position = |log: Option<TenantId>, at: i64| Position { at, mark: marks.get(&log).copied() };
        let trusted = self.tenants().into_iter().filter(|(tenant, _)| !doubted.tenants.contains(tenant));
        let catalog = Some(self.index.catalog_version()).filter(|at| *at >= 0 && !doubted.catalog);
        Positions {
            tenants: trusted.map(|(tenant, at)| (tenant, position(Some(tenant), at))).collect(),
            catalog: catalog.map(|at| position(None, at)),
        }
    }

    /// What was last wrong with what was sent.
    pub fn last_fault(&self) -> Option<String> {
        self.last_fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has somebody told of every line that is taken from now on; it must be quick.
    pub fn listen(&self, listener: Listener) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }
}

impl Standing {
    /// Beyond the declared grace: no longer to be used.
    pub fn is_over(&self) -> bool {
        self.age >= Duration::from_secs(self.grace_seconds.into())
    }

    /// What is left of the times: whoever keeps an answer counts from when it was given.
    pub fn left(&self) -> (u32, u32) {
        let age = u32::try_from(self.age.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let grace = self.grace_seconds.saturating_sub(age);
        // An age of a moment is what every answer has by the time it arrives.
        let fresh = if age <= 5 { self.fresh_seconds } else { self.fresh_seconds.saturating_sub(age) };
        (fresh.min(grace), grace)
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotYet => f.write_str("the marketplace has not told everything yet"),
            Self::TooOld(age) => write!(f, "the marketplace was not heard of for {} seconds", age.as_secs()),
            Self::Behind(_) => f.write_str("what is asked for is not known here yet"),
            Self::UnknownTenant => f.write_str("nothing is known of this tenant"),
            Self::Unclear(offers) => write!(f, "several offers have it: {}", offers.join(", ")),
            Self::OtherPublisher => f.write_str("only what is another publisher's is known here"),
        }
    }
}

impl std::error::Error for Unanswered {}

impl std::fmt::Debug for Replica {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replica").field("hello", &self.hello).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "replica_tests.rs"]
mod tests;
