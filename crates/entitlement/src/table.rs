//! A table that is read without locks while one thread writes to it.

use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// Set in the word of every slot that is taken; the other 63 bits are the caller's.
const TAKEN: u64 = 1 << 63;

/// From keys of 128 bits to words of 63, each with an owner, by open addressing. Keys are never removed: whose
/// word is 0 is left behind when the table is rebuilt.
///
/// A slot's key and owner are written before its word, and never again. So who sees [`TAKEN`] in a word sees its
/// key, and who sees none is at the end of the probe. There must be one writer at a time.
#[derive(Debug)]
pub(crate) struct Table {
    slots: Box<[Slot]>,
    taken: AtomicUsize,
}

/// Half a cache line: a probe that goes on mostly finds the next one there.
#[derive(Debug, Default)]
#[repr(align(32))]
struct Slot {
    high: AtomicU64,
    low: AtomicU64,
    word: AtomicU64,
    owner: AtomicU32,
    /// Readers' own.
    mark: AtomicU32,
}

/// What a table has for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: u128,
    pub(crate) owner: u32,
    pub(crate) word: u64,
}

/// There is no room for another key.
#[derive(Debug)]
pub(crate) struct Full;

impl Table {
    /// With room for so many keys, and a few more.
    pub(crate) fn with_room_for(keys: usize) -> Self {
        let slots = (keys + keys / 3).max(4);
        Self { slots: (0..slots).map(|_| Slot::default()).collect(), taken: AtomicUsize::new(0) }
    }

    /// The same content with room for more, without the keys whose word is 0.
    pub(crate) fn grown(&self) -> Self {
        let keys = self.iter().filter(|entry| entry.word != 0).count();
        let table = Self::with_room_for(keys + keys / 16 + 4);
        for entry in self.iter().filter(|entry| entry.word != 0) {
            // It has room for all of them.
            let _ = table.change(entry.owner, entry.key, |_| entry.word);
        }
        table
    }

    #[inline]
    pub(crate) fn get(&self, key: u128) -> Option<Entry> {
        let (slot, word) = self.find(key)?;
        Some(Entry { key, owner: slot.owner.load(Ordering::Relaxed), word: word & !TAKEN })
    }

    /// Looks where the probe of a key begins, so that its line is on its way; what is there is of no interest.
    #[inline]
    pub(crate) fn peek(&self, key: u128) -> u64 {
        let (high, low) = halves(key);
        self.slots[self.begin(high, low)].word.load(Ordering::Relaxed)
    }

    /// Changes the mark of a key that is there, and gives the one before; readers may.
    pub(crate) fn mark(&self, key: u128, change: impl Fn(u32) -> u32) -> Option<u32> {
        let (slot, _) = self.find(key)?;
        let before = slot.mark.load(Ordering::Relaxed);
        if change(before) == before {
            return Some(before);
        }
        slot.mark.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |mark| Some(change(mark))).ok()
    }

    #[inline]
    fn find(&self, key: u128) -> Option<(&Slot, u64)> {
        let (high, low) = halves(key);
        let mut at = self.begin(high, low);
        loop {
            let slot = &self.slots[at];
            let word = slot.word.load(Ordering::Acquire);
            if word == 0 {
                return None;
            }
            if slot.low.load(Ordering::Relaxed) == low && slot.high.load(Ordering::Relaxed) == high {
                return Some((slot, word));
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
    }

    /// Changes a word, which is 0 for a key that is new, and gives the one before; the owner of a key that is
    /// there stays.
    pub(crate) fn change(&self, owner: u32, key: u128, change: impl Fn(u64) -> u64) -> Result<u64, Full> {
        let (high, low) = halves(key);
        let mut at = self.begin(high, low);
        loop {
            let slot = &self.slots[at];
            let word = slot.word.load(Ordering::Relaxed);
            if word == 0 {
                break;
            }
            if slot.low.load(Ordering::Relaxed) == low && slot.high.load(Ordering::Relaxed) == high {
                slot.word.store(change(word & !TAKEN) | TAKEN, Ordering::Release);
                return Ok(word & !TAKEN);
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        let (taken, word) = (self.taken.load(Ordering::Relaxed) + 1, change(0));
        if word == 0 {
            return Ok(0);
        }
        if taken > self.most() {
            return Err(Full);
        }
        self.taken.store(taken, Ordering::Relaxed);
        let slot = &self.slots[at];
        slot.high.store(high, Ordering::Relaxed);
        slot.low.store(low, Ordering::Relaxed);
        slot.owner.store(owner, Ordering::Relaxed);
        slot.word.store(word | TAKEN, Ordering::Release);
        Ok(0)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry> {
        self.slots.iter().filter_map(|slot| {
            let word = slot.word.load(Ordering::Acquire);
            let (high, low) = (slot.high.load(Ordering::Relaxed), slot.low.load(Ordering::Relaxed));
            let key = (u128::from(high) << 64) | u128::from(low);
            let owner = slot.owner.load(Ordering::Relaxed);
            (word != 0).then_some(Entry { key, owner, word: word & !TAKEN })
        })
    }

    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Keys that may be added.
    pub(crate) fn room(&self) -> usize {
        self.most() - self.taken.load(Ordering::Relaxed)
    }

    /// Keys at most: beyond that probes become long.
    fn most(&self) -> usize {
        self.slots.len() * 7 / 8
    }

    pub(crate) fn bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }

    /// Where the probe of a key begins: its hash, scaled to the number of slots.
    #[inline]
    fn begin(&self, high: u64, low: u64) -> usize {
        let (scaled, _) = halves(u128::from(hash(high, low)) * self.slots.len() as u128);
        // Below the number of slots, which is a usize.
        usize::try_from(scaled).unwrap_or_default()
    }
}

/// A folded product: every bit of it depends on every bit of the key.
#[inline]
fn hash(high: u64, low: u64) -> u64 {
    let product = u128::from(high ^ 0x9e37_79b9_7f4a_7c15) * u128::from(low ^ 0xd1b5_4a32_d192_ed03);
    let (above, below) = halves(product);
    (above ^ below).wrapping_mul(0x9fb2_1c65_1e98_df25)
}

/// One of so many parts that a key belongs to, which says nothing of where in a table it is.
#[inline]
pub(crate) fn part(key: u128, parts: usize) -> usize {
    let (high, low) = halves(key);
    usize::try_from((high ^ low.rotate_left(23)).wrapping_mul(0xe703_7ed1_a0b4_28db) >> 48)
        .unwrap_or_default()
        % parts
}

#[expect(clippy::cast_possible_truncation, reason = "it is cut in two")]
fn halves(key: u128) -> (u64, u64) {
    ((key >> 64) as u64, key as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever keys come in whichever order, it is a map.
        #[test]
        fn it_is_a_map(steps in prop::collection::vec((0u128..40, 0u64..8, any::<bool>()), 0..300)) {
            let (mut table, mut model) = (Table::with_room_for(0), HashMap::<u128, u64>::new());
            for (key, word, spread) in steps {
                let key = if spread { key << 100 } else { key };
                let before = table.change(7, key, |_| word).unwrap_or_else(|Full| {
                    table = table.grown();
                    table.change(7, key, |_| word).unwrap()
                });
                prop_assert_eq!(before, model.insert(key, word).unwrap_or_default());
            }
            for key in (0..40).chain((0..40).map(|key| key << 100)) {
                let word = table.get(key).map_or(0, |entry| entry.word);
                prop_assert_eq!(word, model.get(&key).copied().unwrap_or_default());
            }
            let all = table.iter().filter(|entry| entry.word != 0);
            let all: HashMap<u128, u64> = all.map(|entry| (entry.key, entry.word)).collect();
            model.retain(|_, word| *word != 0);
            prop_assert_eq!(all, model);
        }
    }

    /// Readers see a key's last word or one before it, never another key's.
    #[test]
    fn readers_see_whole_slots_while_one_writes() {
        let table = Table::with_room_for(4096);
        let key = |number: u64| (u128::from(number) << 64) | u128::from(!number);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1..=200u64 {
                    for number in 0..4096u64 {
                        table.change(7, key(number), |_| (round << 32) | number).unwrap();
                    }
                }
            });
            for _ in 0..100 {
                for number in 0..4096u64 {
                    if let Some(found) = table.get(key(number)) {
                        assert_eq!((found.owner, found.word & 0xffff_ffff), (7, number));
                    }
                }
            }
        });
    }
}
