//! The steps of a tenant's log, taken one after the other.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};

use types::{ServiceId, UserId};

use crate::change::{Change, Seat, UserStatus};
use crate::names::Names;
use crate::people::People;
use crate::rights::{ACTIVE, ASIDE, BLOCK, NEAR, Near, Rights, key, near};
use crate::shape::{Aside, Shape};
use crate::table::{Full, Table};

/// The one who writes, with the shape as it is now.
pub(crate) struct Writer<'r> {
    pub(crate) rights: &'r Rights,
    pub(crate) people: &'r People,
    pub(crate) names: &'r Names,
    /// Once it was looked at.
    pub(crate) shape: Option<Arc<Shape>>,
    pub(crate) _turn: MutexGuard<'r, ()>,
}

impl Writer<'_> {
    /// Takes steps that lead to `version`.
    pub(crate) fn take<'c>(&mut self, changes: impl IntoIterator<Item = &'c Change>, version: i64) {
        for change in changes {
            self.step(change);
        }
        self.rights.version.store(version, Ordering::Release);
    }

    pub(crate) fn step(&mut self, change: &Change) {
        match change {
            Change::Users { users, status } => {
                for user in users {
                    self.user(user, *status == UserStatus::Active);
                }
            }
            Change::Seats { service, users, seat } => {
                let place = self.place(service);
                let kind = match seat {
                    Seat::Over(grace) => Some(self.kind(Aside::Over(*grace))),
                    Seat::Waiting => Some(self.kind(Aside::Waiting)),
                    Seat::Taken | Seat::Freed => None,
                };
                for user in users {
                    self.seat(place, key(user), *seat == Seat::Taken, kind);
                }
            }
            Change::License { service, license } => {
                let place = self.place(service);
                self.reshape(|shape| shape.licenses[place] = *license);
                if place < NEAR {
                    let plain = license.is_some_and(|license| license.end.is_none());
                    let others = self.rights.plain.load(Ordering::Relaxed) & !(1 << place);
                    self.rights.plain.store(others | (u64::from(plain) << place), Ordering::Release);
                }
            }
            Change::Publisher { publisher, related } => {
                let number = self.names.number(publisher.as_str());
                self.reshape(|shape| {
                    shape.publishers.retain(|known| *known != number);
                    shape.publishers.extend(related.then_some(number));
                });
                let rights = self.rights;
                let numbers =
                    self.shape().publishers.iter().map(|number| number + 1).chain(std::iter::repeat(0));
                for (near, number) in rights.near_publishers.iter().zip(numbers) {
                    near.store(number, Ordering::Release);
                }
            }
        }
    }

    fn user(&mut self, user: &UserId, active: bool) {
        let key = key(user);
        self.change(key, |word| if active { word | ACTIVE } else { 0 });
        if !active {
            for block in 0..self.shape().blocks.len() {
                self.change_block(block, key, |_| 0);
            }
            for place in 0..self.shape().aside.len() {
                self.set_aside(place, key, 0);
            }
        }
    }

    fn seat(&mut self, place: usize, key: u128, taken: bool, kind: Option<u64>) {
        // What stands aside is there before the word says so, and gone after.
        if let Some(kind) = kind {
            self.set_aside(place, key, kind);
        }
        let bit = 1 << (place % BLOCK);
        let seated = |word: u64| if taken { word | bit } else { word & !bit };
        let aside = if kind.is_some() { ASIDE } else { 0 };
        let before = match (place / BLOCK).checked_sub(1) {
            None => self.change(key, |word| seated(word) | aside),
            Some(block) => {
                let before = self.change(key, |word| word | aside);
                self.change_block(block, key, seated);
                before
            }
        };
        if kind.is_none() && before & ASIDE != 0 {
            self.set_aside(place, key, 0);
        }
    }

    fn change(&self, key: u128, change: impl Fn(u64) -> u64) -> u64 {
        self.people.change(self.rights.number, key, change)
    }

    fn change_block(&mut self, block: usize, key: u128, change: impl Fn(u64) -> u64) {
        if let Some(grown) = changed(&self.shape().blocks[block], key, change) {
            self.reshape(|shape| shape.blocks[block] = grown);
        }
    }

    fn set_aside(&mut self, place: usize, key: u128, kind: u64) {
        let table = match &self.shape().aside[place] {
            None if kind == 0 => return,
            Some(table) => changed(table, key, |_| kind),
            None => {
                let table = Table::with_room_for(0);
                changed(&table, key, |_| kind).or_else(|| Some(Arc::new(table)))
            }
        };
        if let Some(table) = table {
            self.reshape(|shape| shape.aside[place] = Some(table));
        }
    }

    /// Where a service is among the tenant's, from now on if it was not there.
    fn place(&mut self, service: &ServiceId) -> usize {
        let number = self.names.number(service.as_str());
        if let Near::At(place) = near(&self.rights.near, number) {
            return place;
        }
        self.shape().place(number).unwrap_or_else(|| {
            let place = self.shape().services.len();
            self.reshape(|shape| {
                shape.services.push(number);
                shape.licenses.push(None);
                shape.aside.push(None);
                if place / BLOCK > shape.blocks.len() {
                    shape.blocks.push(Arc::new(Table::with_room_for(0)));
                }
            });
            if let Some(near) = self.rights.near.get(place) {
                near.store(number + 1, Ordering::Release);
            }
            place
        })
    }

    /// The word for a kind of seat that stands aside; none of them is 0.
    fn kind(&mut self, aside: Aside) -> u64 {
        let known = self.shape().kinds.iter().position(|kind| *kind == aside);
        let at = known.unwrap_or_else(|| {
            self.reshape(|shape| shape.kinds.push(aside));
            self.shape().kinds.len() - 1
        });
        at as u64 + 1
    }

    fn shape(&mut self) -> &Arc<Shape> {
        self.shape.get_or_insert_with(|| self.rights.shape.load_full())
    }

    fn reshape(&mut self, change: impl FnOnce(&mut Shape)) {
        let mut shape = Shape::clone(self.shape());
        change(&mut shape);
        let shape = self.shape.insert(Arc::new(shape));
        self.rights.shape.store(Arc::clone(shape));
    }
}

/// Changes a word of a tenant's own table; where that is full, in another that is to take its place.
fn changed(table: &Table, key: u128, change: impl Fn(u64) -> u64) -> Option<Arc<Table>> {
    table.change(0, key, &change).err().map(|Full| {
        let grown = table.grown();
        // It has room for more.
        let _ = grown.change(0, key, &change);
        Arc::new(grown)
    })
}
