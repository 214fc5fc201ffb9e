//! How much is done at once, and how often: what is too much is refused before it costs anything.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use types::Timestamp;

use super::{BUSY, Refused};

/// So many at once, counted over all clones.
#[derive(Debug, Clone)]
pub struct Turns {
    at_once: usize,
    at_work: Arc<AtomicUsize>,
}

/// Held by whoever is at work, until it is done.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    at_work: Arc<AtomicUsize>,
}

impl Turns {
    pub fn new(at_once: usize) -> Self {
        Self { at_once: at_once.max(1), at_work: Arc::default() }
    }

    /// Refused, at once, where as many are at work as may be.
    pub fn take(&self) -> Result<Turn, Refused> {
        let before = self.at_work.fetch_add(1, Ordering::Relaxed);
        // Who is refused gives it back at once.
        let turn = Turn { at_work: Arc::clone(&self.at_work) };
        if before >= self.at_once {
            return Err(BUSY
                .because("It answers as many requests as it can. Try again in a moment.")
                .retry_after(1));
        }
        Ok(turn)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.at_work.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What one asker may ask: so much a second, and what it did not ask in one second in the next.
///
/// Known by one number: when it is whole again. What is taken moves that further away; whoever would move it while it is
/// a second away or more has to wait. So what is taken at once may be more than a second's worth, and is waited for
/// afterwards: no batch is too large to be ever answered.
#[derive(Debug, Default)]
pub(crate) struct Allowance(AtomicI64);

/// Nanoseconds.
const SECOND: i64 = 1_000_000_000;
/// Nothing that was taken is waited for as long: the clock was set back.
const NEVER: i64 = 3600 * SECOND;

impl Allowance {
    /// Takes so much, or says how many seconds to wait.
    fn take(&self, count: usize, per_second: NonZeroU32, now: Timestamp) -> Result<(), i64> {
        if count == 0 {
            return Ok(());
        }
        let now = now.micros().saturating_mul(1000);
        let cost =
            i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(SECOND / i64::from(per_second.get()));
        let owed = |whole: i64| Some(whole - now).filter(|owed| (0..NEVER).contains(owed)).unwrap_or(0);
        let more =
            |whole| (owed(whole) < SECOND).then(|| now.saturating_add(owed(whole)).saturating_add(cost));
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        taken.map(drop).map_err(|whole| (owed(whole) - SECOND) / SECOND + 1)
    }

    fn is_whole(&self, now: Timestamp) -> bool {
        self.0.load(Ordering::Relaxed) <= now.micros().saturating_mul(1000)
    }
}

/// The allowances of all who ask, by their ids.
#[derive(Debug)]
pub(crate) struct Allowances {
    /// Absent: nobody is bounded.
    per_second: Option<NonZeroU32>,
    known: Mutex<HashMap<[u8; 16], Arc<Allowance>>>,
}

/// Allowances that are kept without looking whether they mean anything.
const KEPT: usize = 20_000;

impl Allowances {
    /// 0: as much as they like.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second: NonZeroU32::new(per_second), known: Mutex::default() }
    }

    /// The one of this asker: to be kept with whatever is kept of it, for looking here is for once and not for each request.
    pub(crate) fn of(&self, id: [u8; 16], now: Timestamp) -> Arc<Allowance> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.retain(|_, kept| Arc::strong_count(kept) > 1 || !kept.is_whole(now));
        }
        Arc::clone(known.entry(id).or_default())
    }

    /// Takes so much of an allowance, or says how many seconds to wait.
    #[inline]
    pub(crate) fn take<'a>(
        &self,
        of: impl FnOnce() -> &'a Allowance,
        count: usize,
        now: Timestamp,
    ) -> Result<(), i64> {
        self.per_second.map_or(Ok(()), |per_second| of().take(count, per_second, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(1_790_000_000_000_000 + micros)
    }

    #[test]
    fn as_many_as_may_have_a_turn() {
        let turns = Turns::new(2);
        let others = [turns.clone(), turns.clone()];
        let first = turns.take().unwrap();
        let second = others[0].take().unwrap();
        assert!(turns.take().is_err());
        drop(first);
        let third = turns.take().unwrap();
        assert!(turns.take().is_err());
        drop((second, third));
    }

    #[test]
    fn a_second_has_its_worth_and_what_was_taken_too_much_is_waited_for() {
        let (allowance, ten) = (Allowance::default(), NonZeroU32::new(10).unwrap());
        let taken = (0..20).take_while(|_| allowance.take(1, ten, at(0)).is_ok()).count();
        assert_eq!((taken, allowance.take(1, ten, at(0))), (10, Err(1)));
        assert_eq!(allowance.take(1, ten, at(1)), Ok(()), "less than a second's worth is owed");
        assert_eq!(allowance.take(1, ten, at(100_000)), Err(1));
        assert_eq!(allowance.take(1, ten, at(100_001)), Ok(()));
        assert_eq!(allowance.take(100, ten, at(1_200_000)), Ok(()), "more than a second's worth");
        assert_eq!(allowance.take(1, ten, at(1_200_000)), Err(10));
        assert_eq!(allowance.take(0, ten, at(1_200_000)), Ok(()), "nothing is asked");
        assert_eq!(allowance.take(1, ten, at(10_200_000)), Err(1));
        assert_eq!(allowance.take(1, ten, at(10_200_001)), Ok(()));
        assert_eq!(allowance.take(1, ten, at(-7_200_000_000)), Ok(()), "the clock was set back");
    }

    #[test]
    fn one_asker_has_one_allowance_and_a_flood_of_askers_takes_no_more_than_its_room() {
        let allowances = Allowances::new(1);
        let id = |n: u32| std::array::from_fn(|at| n.to_be_bytes()[at % 4]);
        let kept = allowances.of(id(0), at(0));
        assert!(Arc::ptr_eq(&kept, &allowances.of(id(0), at(0))));
        for n in 1..50_000 {
            drop(allowances.of(id(n), at(0)));
        }
        assert!(allowances.known.lock().unwrap().len() <= KEPT);
        assert!(Arc::ptr_eq(&kept, &allowances.of(id(0), at(0))));
    }
}
