//! A customer as it should be: users, groups in groups, the pools of what it bought, leases.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{GraceTimes, State};
use types::Timestamp;

use super::pool::{Hold, Kind, Path, Pool, holder};

/// What is sold, in the order in which pools are held.
pub(super) const SOLD: [&str; 2] = ["fabrikam.f365.gold", "fabrikam.f365.silver"];
/// What is on the storefront and nobody bought.
pub(super) const UNSOLD: &str = "fabrikam.f365.bronze";

/// Who is in a group itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    User(String),
    Group(usize),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) members: BTreeMap<Member, Timestamp>,
    /// Places in [`SOLD`].
    pub(super) licenses: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Lease {
    pub(super) id: String,
    /// Absent: a block.
    pub(super) user: Option<String>,
    /// Places in [`SOLD`].
    pub(super) services: BTreeSet<usize>,
    pub(super) until: Timestamp,
    pub(super) returned: bool,
}

/// What a check answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) allowed: bool,
    pub(super) state: Option<String>,
    pub(super) reason: String,
}

#[derive(Debug, Clone)]
pub(super) struct Market {
    pub(super) now: Timestamp,
    pub(super) pools: [Pool; SOLD.len()],
    /// By id: whether it is active. Who was deleted is not there.
    pub(super) users: BTreeMap<String, bool>,
    pub(super) groups: Vec<Group>,
    pub(super) leases: Vec<Lease>,
    /// By deal: when its licenses end.
    pub(super) deals: Vec<Option<Timestamp>>,
    /// Whether the customer consents to the publisher.
    pub(super) related: bool,
}

impl Market {
    pub(super) fn at(now: Timestamp, groups: usize) -> Self {
        Self {
            now,
            pools: SOLD.map(|_| Pool::at(now)),
            users: BTreeMap::new(),
            groups: vec![Group::default(); groups],
            leases: Vec::new(),
            deals: Vec::new(),
            related: true,
        }
    }

    pub(super) fn is_active(&self, user: &str) -> bool {
        self.users.get(user) == Some(&true)
    }

    pub(super) fn settle(&mut self) {
        for pool in &mut self.pools {
            pool.settle(self.now);
        }
    }

    /// Since when a user is in a group: of all ways the earliest, each as old as its latest step.
    fn in_since(&self, user: &str, group: usize) -> Option<Timestamp> {
        let members = self.groups[group].members.iter();
        let ways = members.filter_map(|(member, since)| match member {
            Member::User(of) => (of == user).then_some(*since),
            Member::Group(inner) => self.in_since(user, *inner).map(|inner| inner.max(*since)),
        });
        ways.min()
    }

    /// Whether a group is another one, or in it.
    pub(super) fn is_within(&self, inner: usize, outer: usize) -> bool {
        let mut groups = self.groups[outer].members.keys();
        let within = |member: &Member| matches!(member, Member::Group(of) if self.is_within(inner, *of));
        inner == outer || groups.any(within)
    }

    /// Who is in a group with a license has it or waits for it, who is not has it not: by all groups, or, after its
    /// license came or went, by this one.
    pub(super) fn follow(&mut self, changed: Option<(usize, usize)>) {
        for service in 0..SOLD.len() {
            for group in 0..self.groups.len() {
                let licensed = self.groups[group].licenses.contains(&service);
                if changed.map_or(!licensed, |changed| changed != (group, service)) {
                    continue;
                }
                let active = self.users.iter().filter(|(_, active)| licensed && **active);
                let within: Vec<(Timestamp, String)> = active
                    .filter_map(|(user, _)| Some((self.in_since(user, group)?, user.clone())))
                    .collect();
                let path = Path::Group(group);
                let pool = &mut self.pools[service];
                pool.settle(self.now);
                let stays = |user: &String| within.iter().any(|(_, of)| of == user);
                let had = pool.seats.keys().filter(|user| pool.has(user, path));
                let leaves = had.filter(|user| !stays(user)).cloned().collect();
                pool.close(&leaves, Some(path), self.now);
                let comes = within.into_iter().filter(|(_, user)| !pool.has(user, path)).collect();
                pool.admit(group, comes);
            }
        }
    }

    /// A user is there no more: deactivated, or deleted.
    pub(super) fn retire(&mut self, user: &str) {
        self.settle();
        for pool in &mut self.pools {
            pool.close(&BTreeSet::from([user.to_owned()]), None, self.now);
        }
        self.users.insert(user.to_owned(), false);
    }

    /// What a deal grants of a service from now on; 0 removes it.
    pub(super) fn grant(&mut self, deal: usize, service: usize, quantity: i64) {
        let (pool, times) = (&mut self.pools[service], GraceTimes::default());
        pool.settle(self.now);
        pool.made = true;
        let grace = if quantity == 0 { times.ended(self.now) } else { times.reduced(self.now) };
        match quantity {
            0 => pool.licenses.remove(&deal),
            _ => pool.licenses.insert(deal, (quantity, self.deals[deal])),
        };
        pool.set_granted(pool.sum(self.now), grace, self.now);
    }

    /// The licenses of a deal end at another time.
    pub(super) fn move_end(&mut self, deal: usize, end: Option<Timestamp>) {
        let (now, before) = (self.now, std::mem::replace(&mut self.deals[deal], end));
        for pool in self.pools.iter_mut().filter(|_| before != end) {
            let Some((quantity, _)) = pool.licenses.get(&deal).copied() else { continue };
            pool.settle(now);
            pool.licenses.insert(deal, (quantity, end));
            pool.set_granted(pool.sum(now), GraceTimes::default().ended(end.unwrap_or(now)), now);
        }
    }

    /// Until when a lease of these services is good; `None`: it is not given.
    pub(super) fn lease_until(
        &mut self,
        services: &BTreeSet<usize>,
        user: Option<&str>,
        seats: i64,
        seconds: i64,
    ) -> Option<Timestamp> {
        let now = self.now;
        let mut until = now.plus_seconds(seconds);
        let mut pools = self.pools.clone();
        for service in services {
            let pool = &mut pools[*service];
            pool.settle(now);
            let seat = user.map(|user| (pool.seats.get(user), pool.state(user, now)));
            let end = match seat {
                None if pool.granted > 0 && pool.in_use() + seats <= pool.granted => pool.usable_until(now),
                Some((_, Some(State::Active))) => pool.usable_until(now),
                Some((Some(seat), Some(State::Warning))) => match seat.kind {
                    Kind::Over(grace) => Some(grace.usable_until),
                    _ => None,
                },
                _ => return None,
            };
            until = end.map_or(until, |end| until.min(end));
        }
        self.pools = pools;
        Some(until)
    }

    /// A lease was given: what it may be using is held for it.
    pub(super) fn lease(&mut self, lease: Lease, seats: i64) {
        for service in &lease.services {
            let of = holder(lease.user.as_ref().unwrap_or(&lease.id));
            let hold = Hold { seats, until: lease.until };
            let held = self.pools[*service].holds.entry(of.to_owned()).or_insert(hold);
            held.until = held.until.max(lease.until);
        }
        self.leases.push(lease);
    }

    /// A lease is used no more: nothing is held for it.
    pub(super) fn return_lease(&mut self, number: usize) {
        let now = self.now;
        let Lease { id, user, services, .. } = self.leases[number].clone();
        if self.leases[number].returned || self.leases[number].until <= now {
            return;
        }
        self.leases[number].returned = true;
        for service in services {
            let others = self.leases.iter().filter(|other| {
                user.is_some() && other.user == user && !other.returned && other.services.contains(&service)
            });
            let until = others.map(|other| other.until).max().unwrap_or(now).max(now);
            let pool = &mut self.pools[service];
            pool.settle(now);
            if let Some(hold) = pool.holds.get_mut(holder(user.as_ref().unwrap_or(&id))) {
                hold.until = hold.until.min(until);
            }
            pool.release_over(now);
        }
    }

    /// What a check of services answers, any of which would do.
    pub(super) fn check(&self, user: &str, services: &[&str]) -> Answer {
        let known = services.iter().filter_map(|id| SOLD.iter().position(|sold| sold == id));
        let pools: Vec<&Pool> = known.map(|service| &self.pools[service]).collect();
        let state = pools.iter().filter_map(|pool| pool.right(user, self.now)).min();
        let reason = match state {
            _ if !self.is_active(user) => "user_unknown",
            Some(State::Active | State::Warning) => "licensed",
            Some(State::Waiting) => "waiting",
            Some(State::Suspended) => "suspended",
            None if pools.iter().any(|pool| pool.sum(self.now) > 0) => "no_seat",
            None if pools.is_empty() && services != [UNSOLD] => "service_unknown",
            None => "no_license",
        };
        let state = state.filter(|_| self.is_active(user)).map(|state| format!("{state:?}").to_lowercase());
        Answer { allowed: reason == "licensed", state, reason: reason.to_owned() }
    }
}
