//! What is seldom in a tenant's rights, replaced as a whole where it changes.

use std::sync::Arc;

use types::Timestamp;

use crate::change::{End, License, Seat};
use crate::names::Number;
use crate::rights::{ASIDE, BLOCK, Holder};
use crate::table::Table;
use crate::{Grace, State};

/// What is seldom.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// The tenant's services: their place in here is their bit.
    pub(crate) services: Vec<Number>,
    pub(crate) licenses: Vec<Option<License>>,
    /// Words for the services beyond the first block.
    pub(crate) blocks: Vec<Arc<Table>>,
    /// By service, as far as it has any: which of `kinds` a user's seat is.
    pub(crate) aside: Vec<Option<Arc<Table>>>,
    pub(crate) kinds: Vec<Aside>,
    pub(crate) publishers: Vec<Number>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aside {
    Over(Grace),
    Waiting,
}

impl Shape {
    pub(crate) fn place(&self, number: Number) -> Option<usize> {
        self.services.iter().position(|service| *service == number)
    }

    pub(crate) fn licensed(&self, number: Number, now: Timestamp) -> bool {
        let license = self.place(number).and_then(|place| self.licenses[place]);
        license.is_some_and(|license| license.holds(now))
    }

    /// Every service that the tenant has to do with, and its license.
    pub(crate) fn licenses(&self) -> impl Iterator<Item = (Number, Option<License>)> {
        self.services.iter().copied().zip(self.licenses.iter().copied())
    }

    pub(crate) fn license(&self, number: Number) -> Option<License> {
        self.place(number).and_then(|place| self.licenses[place])
    }

    pub(crate) fn publishers(&self) -> &[Number] {
        &self.publishers
    }

    pub(crate) fn right(&self, holder: Holder, number: Number, now: Timestamp) -> Option<State> {
        let license = self.license(number);
        match self.seat(holder, number)? {
            Seat::Taken => match license?.end {
                // What ended a moment ago may not have been put aside yet; the dates say the same of it.
                Some(End { at, grace }) if at <= now => grace.state(now),
                _ => Some(State::Active),
            },
            Seat::Over(grace) => grace.state(now),
            Seat::Waiting => self.licensed(number, now).then_some(State::Waiting),
            Seat::Freed => None,
        }
    }

    /// The user's seat as the log has it, whatever the dates say.
    pub(crate) fn seat(&self, holder: Holder, number: Number) -> Option<Seat> {
        let place = self.place(number)?;
        if self.word(holder, place / BLOCK) & (1 << (place % BLOCK)) != 0 {
            return Some(Seat::Taken);
        }
        if holder.word & ASIDE == 0 {
            return None;
        }
        let kind = self.aside[place].as_ref()?.get(holder.key)?.word;
        let at = usize::try_from(kind).ok()?.checked_sub(1)?;
        self.kinds.get(at).map(|aside| match aside {
            Aside::Over(grace) => Seat::Over(*grace),
            Aside::Waiting => Seat::Waiting,
        })
    }

    fn word(&self, holder: Holder, block: usize) -> u64 {
        match block.checked_sub(1) {
            None => holder.word,
            Some(block) => self.blocks[block].get(holder.key).map_or(0, |entry| entry.word),
        }
    }
}
