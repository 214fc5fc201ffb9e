//! What one tenant holds: its pools, and which user has a seat of which.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use types::{ServiceId, Timestamp, UserId};

use crate::{Grace, State};

/// Whether a user may be allowed anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStatus {
    Active,
    /// Deactivated or deleted.
    Gone,
}

/// A tenant's licenses of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct License {
    /// Set if all of them end: then, and this is what is left of the seats.
    pub end: Option<End>,
}

/// When licenses end, and what is left then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub at: Timestamp,
    pub grace: Grace,
}

/// One step of a tenant's log, as far as rights are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Also again, after it was over or waiting.
    SeatTaken {
        user: UserId,
        service: ServiceId,
    },
    /// The capacity went (LIC-07, LIC-08).
    SeatOver {
        user: UserId,
        service: ServiceId,
        grace: Grace,
    },
    /// In the queue for a seat.
    SeatWaiting {
        user: UserId,
        service: ServiceId,
    },
    SeatFreed {
        user: UserId,
        service: ServiceId,
    },
    UserStatus {
        user: UserId,
        status: UserStatus,
    },
    /// The tenant holds licenses of this service (or none any more).
    License {
        service: ServiceId,
        license: Option<License>,
    },
}

/// A tenant's rights at one version of its log.
///
/// A user's active seats are a few slots in a short vector: a tenant holds tens of services, a user a
/// handful. Seats in any other state are few, as a rule none, and stand aside.
#[derive(Debug, Default)]
pub struct Holdings {
    version: i64,
    services: Vec<(ServiceId, Option<License>)>,
    users: HashMap<UserId, Vec<u32>>,
    aside: HashMap<(UserId, u32), Aside>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aside {
    Over(Grace),
    Waiting,
}

impl Holdings {
    pub fn at(version: i64) -> Self {
        Self { version, ..Self::default() }
    }

    pub fn version(&self) -> i64 {
        self.version
    }

    /// Takes the steps that lead to `version`.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>, version: i64) {
        for change in changes {
            self.step(change);
        }
        self.version = version;
    }

    fn step(&mut self, change: Change) {
        match change {
            Change::SeatTaken { user, service } => {
                let slot = self.slot(service);
                self.aside.remove(&(user, slot));
                let slots = self.users.entry(user).or_default();
                if !slots.contains(&slot) {
                    slots.push(slot);
                }
            }
            Change::SeatOver { user, service, grace } => self.put_aside(user, service, Aside::Over(grace)),
            Change::SeatWaiting { user, service } => self.put_aside(user, service, Aside::Waiting),
            Change::SeatFreed { user, service } => {
                let slot = self.slot(service);
                self.vacate(&user, slot);
                self.aside.remove(&(user, slot));
            }
            Change::UserStatus { user, status: UserStatus::Active } => {
                self.users.entry(user).or_default();
            }
            Change::UserStatus { user, status: UserStatus::Gone } => {
                self.users.remove(&user);
            }
            Change::License { service, license } => {
                let slot = self.slot(service);
                self.services[slot as usize].1 = license;
            }
        }
    }

    fn put_aside(&mut self, user: UserId, service: ServiceId, aside: Aside) {
        let slot = self.slot(service);
        self.vacate(&user, slot);
        self.aside.insert((user, slot), aside);
    }

    fn vacate(&mut self, user: &UserId, slot: u32) {
        if let Some(slots) = self.users.get_mut(user) {
            slots.retain(|held| *held != slot);
        }
    }

    fn slot(&mut self, service: ServiceId) -> u32 {
        let known = self.services.iter().position(|(id, _)| *id == service);
        let slot = known.unwrap_or_else(|| {
            self.services.push((service, None));
            self.services.len() - 1
        });
        u32::try_from(slot).unwrap_or(u32::MAX)
    }

    pub fn knows(&self, user: &UserId) -> bool {
        self.users.contains_key(user)
    }

    /// Whether the tenant holds licenses of this service.
    pub fn licensed(&self, service: &ServiceId, now: Timestamp) -> bool {
        let license = self.services.iter().find(|(id, _)| id == service).and_then(|(_, license)| *license);
        license.is_some_and(|license| license.end.is_none_or(|end| now < end.at))
    }

    /// The state of this user's right to this service.
    pub fn right(&self, user: &UserId, service: &ServiceId, now: Timestamp) -> Option<State> {
        let slots = self.users.get(user)?;
        let active = slots.iter().find_map(|slot| {
            let (id, license) = self.services.get(*slot as usize)?;
            (id == service).then_some(*license)
        });
        match active {
            // What ended a moment ago may not have been put aside yet; the dates say the same of it.
            Some(Some(License { end: Some(end) })) if end.at <= now => end.grace.state(now),
            Some(license) => license.map(|_| State::Active),
            None => self.state_aside(user, service, now),
        }
    }

    fn state_aside(&self, user: &UserId, service: &ServiceId, now: Timestamp) -> Option<State> {
        if self.aside.is_empty() {
            return None;
        }
        let slot = self.services.iter().position(|(id, _)| id == service)?;
        match self.aside.get(&(*user, u32::try_from(slot).ok()?))? {
            Aside::Over(grace) => grace.state(now),
            Aside::Waiting => self.licensed(service, now).then_some(State::Waiting),
        }
    }
}
