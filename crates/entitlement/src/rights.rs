//! What one tenant holds: its licenses, and which user has a seat of which, read without locks.

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use types::{Timestamp, UserId};

use crate::State;
use crate::change::License;
use crate::names::{Names, Number};
use crate::people::People;
use crate::shape::{Aside, Shape};
use crate::table::Table;
use crate::writer::Writer;

/// Services for which a user's word has a bit: where a tenant has more, there is a table for the next.
pub(crate) const BLOCK: usize = 60;
/// In a user's word: the user is active.
pub(crate) const ACTIVE: u64 = 1 << 62;
/// In a user's word: some seat of the user stands aside.
pub(crate) const ASIDE: u64 = 1 << 61;
/// Services, and publishers, that are found without looking into the shape.
pub(crate) const NEAR: usize = 12;
const NEAR_PUBLISHERS: usize = 2;

/// A tenant's rights at one version of its log. The words of its users are among [`People`].
///
/// A user's active seats are the bits of a word. What is seldom (seats in another state, licenses that end,
/// publishers) is the [`Shape`], and is replaced as a whole where it changes. What a check of an active seat
/// needs of the tenant is in two lines of cache.
///
/// There is one writer at a time. It makes its changes and then says so in `version`; a reader looks at
/// `version` first. So it may see more than that version, never less.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Rights {
    pub(crate) version: AtomicI64,
    /// A version known to be committed and not yet taken over.
    pub(crate) owed: AtomicI64,
    /// The near services with a license that never ends, a bit for each.
    pub(crate) plain: AtomicU64,
    pub(crate) shape: ArcSwap<Shape>,
    /// The first of the shape's publishers and services, each number plus one; 0 after the last.
    pub(crate) near_publishers: [AtomicU32; NEAR_PUBLISHERS],
    pub(crate) near: [AtomicU32; NEAR],
    pub(crate) number: u32,
    pub(crate) writing: Mutex<()>,
}

/// A user whom the tenant knows, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) key: u128,
    pub(crate) word: u64,
}

impl Rights {
    pub(crate) fn new(number: u32) -> Self {
        Self {
            version: AtomicI64::new(0),
            owed: AtomicI64::new(0),
            plain: AtomicU64::new(0),
            shape: ArcSwap::default(),
            near_publishers: Default::default(),
            near: Default::default(),
            number,
            writing: Mutex::default(),
        }
    }

    #[inline]
    pub(crate) fn version(&self) -> i64 {
        self.version.load(Ordering::Acquire)
    }

    /// Takes note that the log has come to `version`; where that is beyond this one, it is to be fed first.
    pub(crate) fn owe(&self, version: i64) {
        self.owed.fetch_max(version, Ordering::AcqRel);
    }

    #[inline]
    pub(crate) fn owed(&self) -> i64 {
        self.owed.load(Ordering::Acquire)
    }

    pub(crate) fn shape(&self) -> arc_swap::Guard<Arc<Shape>> {
        self.shape.load()
    }

    /// Holds off whoever else would write.
    pub(crate) fn write<'r>(&'r self, people: &'r People, names: &'r Names) -> Writer<'r> {
        let turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        Writer { rights: self, people, names, shape: None, _turn: turn }
    }

    /// An active user of the tenant.
    #[inline]
    pub(crate) fn holder(&self, people: &People, user: &UserId) -> Option<Holder> {
        let key = key(user);
        let word = people.word(self.number, key)?;
        (word & ACTIVE != 0).then_some(Holder { key, word })
    }

    /// Every active user, found by looking at everybody of every tenant.
    pub(crate) fn holders(&self, people: &People) -> impl Iterator<Item = (UserId, Holder)> {
        let active = people.of(self.number).filter(|(_, word)| word & ACTIVE != 0);
        active.map(|(key, word)| (UserId::from_bytes(key.to_be_bytes()), Holder { key, word }))
    }

    /// The state of this user's right to this service.
    #[inline]
    pub(crate) fn right(&self, holder: Holder, number: Number, now: Timestamp) -> Option<State> {
        match near(&self.near, number) {
            Near::Nowhere => return None,
            Near::At(place) => {
                let bit = 1 << place;
                if holder.word & bit & self.plain.load(Ordering::Relaxed) != 0 {
                    return Some(State::Active);
                }
                if holder.word & (bit | ASIDE) == 0 {
                    return None;
                }
            }
            Near::Perhaps => {}
        }
        self.shape().right(holder, number, now)
    }

    /// Where a service is among the tenant's.
    pub(crate) fn place(&self, number: Number) -> Option<usize> {
        match near(&self.near, number) {
            Near::At(place) => Some(place),
            Near::Nowhere => None,
            Near::Perhaps => self.shape().place(number),
        }
    }

    /// Whether the tenant holds licenses of this service.
    #[inline]
    pub(crate) fn licensed(&self, number: Number, now: Timestamp) -> bool {
        match near(&self.near, number) {
            Near::Nowhere => false,
            Near::At(place) if self.plain.load(Ordering::Relaxed) & (1 << place) != 0 => true,
            Near::At(_) | Near::Perhaps => self.shape().licensed(number, now),
        }
    }

    /// Whether a publisher may ask about the tenant.
    #[inline]
    pub(crate) fn is_customer_of(&self, publisher: Number) -> bool {
        // While one is taken out the others move up, and one may be missed.
        matches!(near(&self.near_publishers, publisher), Near::At(_))
            || self.shape().publishers.contains(&publisher)
    }

    pub(crate) fn bytes(&self) -> usize {
        let shape = self.shape();
        let tables = shape.blocks.iter().chain(shape.aside.iter().flatten());
        let services = size_of::<Number>() + size_of::<Option<License>>() + size_of::<Option<Arc<Table>>>();
        size_of::<Shape>()
            + tables.map(|table| table.bytes()).sum::<usize>()
            + shape.services.capacity() * services
            + shape.kinds.capacity() * size_of::<Aside>()
    }
}

pub(crate) enum Near {
    At(usize),
    /// All that there are are near, and this is none of them.
    Nowhere,
    Perhaps,
}

/// Looks for a number among those that are near.
#[inline]
pub(crate) fn near(numbers: &[AtomicU32], number: Number) -> Near {
    for (at, near) in numbers.iter().enumerate() {
        match near.load(Ordering::Relaxed) {
            0 => return Near::Nowhere,
            found if found == number + 1 => return Near::At(at),
            _ => {}
        }
    }
    Near::Perhaps
}

#[inline]
pub(crate) fn key(user: &UserId) -> u128 {
    u128::from_be_bytes(*user.as_bytes())
}
