//! What one tenant holds: its pools, and which user has a seat of which.

use std::collections::HashMap;

use types::{ServiceId, UserId};

use crate::State;

/// Whether a user may be allowed anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStatus {
    Active,
    /// Deactivated or deleted.
    Gone,
}

/// One step of a tenant's log, as far as rights are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    SeatTaken {
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
    /// The tenant holds licenses of this service, in this state (or none any more).
    License {
        service: ServiceId,
        state: Option<State>,
    },
}

/// A tenant's rights at one version of its log.
///
/// A user's seats are a few slots in a short vector: a tenant holds tens of services, a user a handful.
#[derive(Debug, Default)]
pub struct Holdings {
    version: i64,
    services: Vec<(ServiceId, Option<State>)>,
    users: HashMap<UserId, Vec<u32>>,
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
                let slots = self.users.entry(user).or_default();
                if !slots.contains(&slot) {
                    slots.push(slot);
                }
            }
            Change::SeatFreed { user, service } => {
                let slot = self.slot(service);
                if let Some(slots) = self.users.get_mut(&user) {
                    slots.retain(|held| *held != slot);
                }
            }
            Change::UserStatus { user, status: UserStatus::Active } => {
                self.users.entry(user).or_default();
            }
            Change::UserStatus { user, status: UserStatus::Gone } => {
                self.users.remove(&user);
            }
            Change::License { service, state } => {
                let slot = self.slot(service);
                self.services[slot as usize].1 = state;
            }
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

    /// The state of the tenant's licenses of this service; `None`: it holds none.
    pub fn license(&self, service: &ServiceId) -> Option<State> {
        self.services.iter().find(|(id, _)| id == service).and_then(|(_, state)| *state)
    }

    /// The state of this user's right to this service.
    pub fn right(&self, user: &UserId, service: &ServiceId) -> Option<State> {
        let slots = self.users.get(user)?;
        slots.iter().find_map(|slot| {
            let (id, state) = self.services.get(*slot as usize)?;
            if id == service { *state } else { None }
        })
    }
}
