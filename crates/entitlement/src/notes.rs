//! What checks leave behind: that a seat was used (ASG-10), that somebody was let in without one (PLN-07).
//!
//! Noted in memory, at most once a day for each user and thing, until somebody takes it to write it down, or to tell
//! the marketplace.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use types::{ServiceId, TenantId, Timestamp, UserId};

use crate::{Decision, EnforcementMode, Index, Question, Reason, Target};

const DAY: i64 = 86_400_000_000;
/// Kept of each kind at most. What comes beyond is not noted; it is when it happens on another day.
const KEPT: usize = 1_000_000;

/// A seat that was used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    pub tenant: TenantId,
    pub service: ServiceId,
    pub user: UserId,
}

/// Somebody who was let in where a refusal is only recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetIn {
    pub tenant: TenantId,
    pub user: UserId,
    /// The first that would have done.
    pub service: ServiceId,
    /// Empty where a service was asked about.
    pub component: String,
}

/// What was noted, and is not yet taken.
#[derive(Debug, Default)]
pub struct Notes {
    uses: Mutex<Daily<Use, Timestamp>>,
    let_in: Mutex<Daily<LetIn, (Reason, Timestamp)>>,
}

#[derive(Debug)]
struct Daily<K, V> {
    /// Since 1970.
    day: i64,
    today: HashSet<K>,
    waiting: Vec<(K, V)>,
}

impl Notes {
    /// Takes note of what was decided. All but the first use of a day are known from the index, and touch nothing here.
    #[inline]
    pub fn note(&self, index: &Index, question: &Question<'_>, decision: &Decision<'_>) {
        if !decision.allowed {
            return;
        }
        let day = question.now.micros().div_euclid(DAY);
        if decision.waived {
            self.note_let_in(question, decision, day);
        } else if decision.used_place().is_some() {
            let known = u16::try_from(day).ok().and_then(|day| index.first_use(question, decision, day));
            if known != Some(false) {
                self.note_use(question, decision, day, known.is_some());
            }
        }
    }

    /// `first`: the index knows that it is.
    fn note_use(&self, question: &Question<'_>, decision: &Decision<'_>, day: i64, first: bool) {
        let Some(service) = decision.used() else { return };
        let used = Use { tenant: question.tenant, service: service.id.clone(), user: question.user };
        let mut uses = lock(&self.uses);
        if first {
            uses.keep([(used, question.now)]);
        } else {
            uses.once(day, used, question.now);
        }
    }

    fn note_let_in(&self, question: &Question<'_>, decision: &Decision<'_>, day: i64) {
        let service = decision.services().next();
        let Some(service) = service.filter(|_| decision.enforcement == EnforcementMode::Audit) else {
            return;
        };
        let component = match question.target {
            Target::Service(_) => String::new(),
            Target::Component { unique_name, .. } => unique_name.to_owned(),
        };
        let (tenant, user, service) = (question.tenant, question.user, service.id.clone());
        let let_in = LetIn { tenant, user, service, component };
        lock(&self.let_in).once(day, let_in, (decision.reason, question.now));
    }

    /// Takes so many uses, each with its time.
    pub fn take_uses(&self, at_most: usize) -> Vec<(Use, Timestamp)> {
        lock(&self.uses).take(at_most)
    }

    /// Takes so many who were let in, with why a license was missing, and when.
    pub fn take_let_in(&self, at_most: usize) -> Vec<(LetIn, (Reason, Timestamp))> {
        lock(&self.let_in).take(at_most)
    }

    /// What was taken and could not be told.
    pub fn put_back_uses(&self, uses: impl IntoIterator<Item = (Use, Timestamp)>) {
        lock(&self.uses).keep(uses);
    }

    /// The same.
    pub fn put_back_let_in(&self, let_in: impl IntoIterator<Item = (LetIn, (Reason, Timestamp))>) {
        lock(&self.let_in).keep(let_in);
    }

    /// How many wait to be taken.
    pub fn waiting(&self) -> usize {
        lock(&self.uses).waiting.len() + lock(&self.let_in).waiting.len()
    }
}

impl<K: Clone + Eq + Hash, V> Daily<K, V> {
    /// A day that is over counts as today: clocks differ by less. Unless it was today that was wrong.
    fn once(&mut self, day: i64, key: K, of: V) {
        if day > self.day || day < self.day - 1 {
            self.day = day;
            self.today.clear();
        }
        if self.today.len() < KEPT && !self.today.contains(&key) {
            self.today.insert(key.clone());
            self.keep([(key, of)]);
        }
    }

    fn keep(&mut self, more: impl IntoIterator<Item = (K, V)>) {
        let room = KEPT.saturating_sub(self.waiting.len());
        self.waiting.extend(more.into_iter().take(room));
    }

    fn take(&mut self, at_most: usize) -> Vec<(K, V)> {
        self.waiting.split_off(self.waiting.len().saturating_sub(at_most))
    }
}

impl<K, V> Default for Daily<K, V> {
    fn default() -> Self {
        Self { day: 0, today: HashSet::new(), waiting: Vec::new() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
