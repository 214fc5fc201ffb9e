//! Seats as they should be, slow and obvious.

use std::collections::{BTreeMap, BTreeSet};

use entitlement::{Grace, GraceTimes, State};
use types::Timestamp;

/// What a seat is in the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Active,
    Over(Grace),
    Waiting,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ModelSeat {
    pub(super) since: Timestamp,
    pub(super) kind: Kind,
}

/// Everything there is, in plain collections; every question is answered by looking at all of it.
pub(super) struct Model {
    pub(super) now: Timestamp,
    pub(super) policy: &'static str,
    /// By deal: quantity, and when it ends.
    pub(super) licenses: BTreeMap<usize, (i64, Option<Timestamp>)>,
    pub(super) granted: i64,
    /// Up to where ends have been settled.
    pub(super) settled: Timestamp,
    /// By user id, which is also the last word about order.
    pub(super) seats: BTreeMap<String, ModelSeat>,
    /// Who is assigned directly.
    pub(super) direct: BTreeSet<String>,
    /// Who is in the group, and since when.
    pub(super) members: BTreeMap<String, Timestamp>,
    /// Whether the group has the license.
    pub(super) licensed: bool,
    pub(super) inactive: BTreeSet<String>,
}

impl Model {
    pub(super) fn at(now: Timestamp) -> Self {
        Self {
            now,
            policy: "newest_first",
            licenses: BTreeMap::new(),
            granted: 0,
            settled: now,
            seats: BTreeMap::new(),
            direct: BTreeSet::new(),
            members: BTreeMap::new(),
            licensed: false,
            inactive: BTreeSet::new(),
        }
    }

    pub(super) fn sum(&self, at: Timestamp) -> i64 {
        let counts = self.licenses.values().filter(|(_, end)| end.is_none_or(|end| at < end));
        counts.map(|(quantity, _)| quantity).sum()
    }

    /// What is gone ends what was assigned directly; who is in the group waits.
    fn forget_gone(&mut self) {
        for (user, seat) in self.seats.clone() {
            if let Kind::Over(grace) = seat.kind
                && grace.state(self.now).is_none()
            {
                self.direct.remove(&user);
                if self.inherits(&user) {
                    self.seats.insert(user, ModelSeat { kind: Kind::Waiting, ..seat });
                } else {
                    self.seats.remove(&user);
                }
            }
        }
    }

    fn inherits(&self, user: &str) -> bool {
        self.licensed && self.members.contains_key(user) && !self.inactive.contains(user)
    }

    /// Who is to have a seat has one or waits for one, who is not has none.
    pub(super) fn follow(&mut self) {
        self.settle();
        let mut coming: Vec<(Timestamp, String)> =
            self.members.iter().map(|(user, since)| (*since, user.clone())).collect();
        coming.sort();
        for (since, user) in coming {
            if self.inherits(&user) && !self.seats.contains_key(&user) {
                let kind = if self.active() < self.granted { Kind::Active } else { Kind::Waiting };
                self.seats.insert(user, ModelSeat { since, kind });
            }
        }
        let users: Vec<String> = self.seats.keys().cloned().collect();
        for user in users {
            if !self.inherits(&user) && !self.direct.contains(&user) {
                self.seats.remove(&user);
            }
        }
        self.fill();
    }

    fn active(&self) -> i64 {
        i64::try_from(self.seats.values().filter(|seat| seat.kind == Kind::Active).count()).unwrap()
    }

    /// Users in the order in which they came.
    fn in_order(&self, wanted: impl Fn(Kind) -> bool) -> Vec<String> {
        let mut users: Vec<_> = self.seats.iter().filter(|(_, seat)| wanted(seat.kind)).collect();
        users.sort_by_key(|(user, seat)| (seat.since, (*user).clone()));
        users.into_iter().map(|(user, _)| user.clone()).collect()
    }

    pub(super) fn set_granted(&mut self, granted: i64, grace: Grace) {
        let before = std::mem::replace(&mut self.granted, granted);
        let mut leaving = self.in_order(|kind| kind == Kind::Active);
        if self.policy == "newest_first" {
            leaving.reverse();
        }
        let excess = usize::try_from((self.active() - granted).max(0)).unwrap();
        for user in leaving.into_iter().take(excess) {
            self.seats.get_mut(&user).unwrap().kind = Kind::Over(grace);
        }
        if granted == 0 && before > 0 {
            for seat in self.seats.values_mut() {
                if let Kind::Over(left) = seat.kind {
                    let alive = left.state(self.now).is_some();
                    seat.kind = Kind::Over(if alive { left.and(grace) } else { left });
                }
            }
        }
        self.fill();
    }

    /// First who had a seat, then who never did.
    fn fill(&mut self) {
        self.forget_gone();
        let over = self.in_order(|kind| matches!(kind, Kind::Over(_)));
        let waiting = self.in_order(|kind| kind == Kind::Waiting);
        for user in over.into_iter().chain(waiting) {
            if self.active() < self.granted {
                self.seats.get_mut(&user).unwrap().kind = Kind::Active;
            }
        }
    }

    /// What happens before anything else does.
    pub(super) fn settle(&mut self) {
        let mut ends: Vec<Timestamp> = self.licenses.values().filter_map(|(_, end)| *end).collect();
        ends.retain(|end| self.settled < *end && *end <= self.now);
        ends.sort_unstable();
        ends.dedup();
        for end in ends {
            self.set_granted(self.sum(end), GraceTimes::default().ended(end));
        }
        self.settled = self.now;
        self.forget_gone();
    }

    /// Whether everybody gets a seat; if not, nobody does.
    pub(super) fn assign(&mut self, users: &[String]) -> bool {
        self.settle();
        let mut new: Vec<&String> = users.iter().filter(|user| !self.seats.contains_key(*user)).collect();
        new.sort_unstable();
        new.dedup();
        let waits = |user: &String| self.seats.get(user).is_some_and(|seat| seat.kind == Kind::Waiting);
        let fits = self.active() + i64::try_from(new.len()).unwrap() <= self.granted || new.is_empty();
        if !fits || users.iter().any(|user| waits(user) || self.inactive.contains(user)) {
            return false;
        }
        for user in new {
            self.seats.insert(user.clone(), ModelSeat { since: self.now, kind: Kind::Active });
        }
        self.direct.extend(users.iter().cloned());
        true
    }

    /// False if the user has it through the group only.
    pub(super) fn unassign(&mut self, user: &str) -> bool {
        self.settle();
        if !self.direct.remove(user) {
            return !self.inherits(user);
        }
        self.follow();
        true
    }

    pub(super) fn state(&self, user: &str) -> Option<State> {
        match self.seats.get(user)?.kind {
            Kind::Active => Some(State::Active),
            Kind::Over(grace) => grace.state(self.now),
            Kind::Waiting => Some(State::Waiting),
        }
    }
}
