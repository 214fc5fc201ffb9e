//! Words by ids, for all tenants in one place: a check finds a user by one look into memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::table::{Full, Table, part};

/// Parts, so that those who write seldom meet.
const PARTS: usize = 256;
/// Tables of a part: each has as many slots as all before it, so there is no end that could be reached.
const LEVELS: usize = 40;
/// Keys that a part's first table has room for at least.
const FIRST: usize = 8;

/// Users by their id (and tenants by theirs), each with a word that its owner gives a meaning.
///
/// Read without locks, and without a write of any kind. What is full is not copied: another table is added. So who
/// knows how many will come should say so: then they are in one.
#[derive(Debug)]
pub(crate) struct People {
    parts: Box<[Part]>,
}

#[derive(Debug)]
struct Part {
    /// Tables that there are.
    count: AtomicUsize,
    levels: [OnceLock<Table>; LEVELS],
    writing: Mutex<()>,
}

impl People {
    /// For everybody.
    pub(crate) fn of_all() -> Self {
        Self::in_parts(PARTS, FIRST)
    }

    /// For one tenant alone.
    pub(crate) fn of_one(room: usize) -> Self {
        Self::in_parts(1, room)
    }

    fn in_parts(parts: usize, room: usize) -> Self {
        let part = || {
            let levels = [const { OnceLock::new() }; LEVELS];
            let part = Part { count: AtomicUsize::new(0), levels, writing: Mutex::default() };
            part.add(room);
            part
        };
        Self { parts: (0..parts).map(|_| part()).collect() }
    }

    /// Has room for so many from now on, beside those who are there.
    pub(crate) fn make_room(&self, room: usize) {
        // Parts are not equally full, and there are always some who come later.
        let room = (room + room / 16).div_ceil(self.parts.len());
        for part in &self.parts {
            let _writing = part.writing.lock().unwrap_or_else(PoisonError::into_inner);
            if part.last().room() < room {
                part.add(room);
            }
        }
    }

    /// The word of one of this owner's; `None`: it has none of this id.
    #[inline]
    pub(crate) fn word(&self, owner: u32, key: u128) -> Option<u64> {
        let entry = self.parts[part(key, self.parts.len())].tables().find_map(|table| table.get(key))?;
        (entry.owner == owner).then_some(entry.word)
    }

    /// Looks where somebody would be, see [`Table::peek`].
    #[inline]
    pub(crate) fn peek(&self, key: u128) -> u64 {
        self.parts[part(key, self.parts.len())].tables().fold(0, |seen, table| seen | table.peek(key))
    }

    /// Changes the mark of somebody who is there, and gives the one before.
    pub(crate) fn mark(&self, key: u128, change: impl Fn(u32) -> u32) -> Option<u32> {
        let mut tables = self.parts[part(key, self.parts.len())].tables();
        tables.find_map(|table| table.mark(key, &change))
    }

    /// Changes a word, which is 0 for an id that is new, and gives the one before.
    pub(crate) fn change(&self, owner: u32, key: u128, change: impl Fn(u64) -> u64) -> u64 {
        let part = &self.parts[part(key, self.parts.len())];
        let _writing = part.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // An id that is there stays where it is; a new one goes to the last.
        let there = part.tables().skip(1).find(|table| table.get(key).is_some());
        there.unwrap_or_else(|| part.last()).change(owner, key, &change).unwrap_or_else(|Full| {
            let slots: usize = part.tables().map(Table::slots).sum();
            // It is new and has room.
            part.add(slots * 3 / 4).change(owner, key, &change).unwrap_or_default()
        })
    }

    /// Everything of an owner, found by looking at everybody.
    pub(crate) fn of(&self, owner: u32) -> impl Iterator<Item = (u128, u64)> {
        let entries = self.parts.iter().flat_map(Part::tables).flat_map(Table::iter);
        entries.filter(move |entry| entry.owner == owner).map(|entry| (entry.key, entry.word))
    }

    pub(crate) fn bytes(&self) -> usize {
        let tables = self.parts.iter().flat_map(Part::tables);
        tables.map(Table::bytes).sum::<usize>() + self.parts.len() * size_of::<Part>()
    }
}

impl Part {
    /// The last first: it has as many as all the others.
    #[inline]
    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.levels[..self.count.load(Ordering::Acquire)].iter().rev().filter_map(OnceLock::get)
    }

    fn last(&self) -> &Table {
        self.tables().next().unwrap_or_else(|| self.add(FIRST))
    }

    /// Another table, for the one who writes.
    fn add(&self, room: usize) -> &Table {
        let count = self.count.load(Ordering::Acquire);
        let table = self.levels[count].get_or_init(|| Table::with_room_for(FIRST.max(room)));
        self.count.store(count + 1, Ordering::Release);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However many come, each is found, with the last word it was given, by its owner only.
    #[test]
    fn there_is_room_for_everybody() {
        let people = People::of_one(0);
        let key = |number: u64| (u128::from(number) << 64) | 7;
        for round in 1..=3 {
            for number in 0..20_000u64 {
                let before = people.change(1, key(number), |_| round * 100_000 + number);
                assert_eq!(before, if round == 1 { 0 } else { (round - 1) * 100_000 + number });
            }
        }
        assert!((0..20_000).all(|number| people.word(1, key(number)) == Some(300_000 + number)));
        assert_eq!(people.word(2, key(1)), None);
        assert_eq!(people.word(1, key(20_000)), None);
        assert_eq!(people.of(1).count(), 20_000);
    }
}
