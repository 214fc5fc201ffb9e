//! One pool as it should be, slow and obvious.

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

/// Why somebody has a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Path {
    Direct,
    /// By being in the group of this number.
    Group(usize),
}

#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub(super) since: Timestamp,
    pub(super) kind: Kind,
    pub(super) paths: BTreeSet<Path>,
}

/// What is held for a lease: how many seats that are nobody's, until when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hold {
    pub(super) seats: i64,
    pub(super) until: Timestamp,
}

/// Everything there is, in plain collections; every question is answered by looking at all of it.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// Whether a license was ever granted.
    pub(super) made: bool,
    pub(super) policy: &'static str,
    /// By deal: quantity, and when it ends.
    pub(super) licenses: BTreeMap<usize, (i64, Option<Timestamp>)>,
    pub(super) granted: i64,
    /// Up to where ends have been settled.
    settled: Timestamp,
    /// By user id, which is also the last word about order.
    pub(super) seats: BTreeMap<String, Seat>,
    /// By the id of the user, or of the lease of a block, without what it is the id of.
    pub(super) holds: BTreeMap<String, Hold>,
}

impl Pool {
    pub(super) fn at(now: Timestamp) -> Self {
        Self {
            made: false,
            policy: "newest_first",
            licenses: BTreeMap::new(),
            granted: 0,
            settled: now,
            seats: BTreeMap::new(),
            holds: BTreeMap::new(),
        }
    }

    /// What the licenses add up to.
    pub(super) fn sum(&self, at: Timestamp) -> i64 {
        let counts = self.licenses.values().filter(|(_, end)| end.is_none_or(|end| at < end));
        counts.map(|(quantity, _)| quantity).sum()
    }

    /// Until when seats are usable though nobody changes anything, as far as is known.
    pub(super) fn usable_until(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.licenses.values().map(|(_, end)| *end).filter(|end| end.is_none_or(|end| now < end));
        let last = ends.collect::<Option<Vec<_>>>()?.into_iter().max()?;
        Some(GraceTimes::default().ended(last).usable_until)
    }

    fn active(&self) -> i64 {
        i64::try_from(self.seats.values().filter(|seat| seat.kind == Kind::Active).count()).unwrap()
    }

    pub(super) fn in_use(&self) -> i64 {
        self.active() + self.holds.values().map(|hold| hold.seats).sum::<i64>()
    }

    fn holds_for(&self, user: &str) -> bool {
        self.holds.get(holder(user)).is_some_and(|hold| hold.seats > 0)
    }

    /// Users in the order in which they came.
    fn in_order(&self, wanted: impl Fn(Kind) -> bool) -> Vec<String> {
        let mut users: Vec<_> = self.seats.iter().filter(|(_, seat)| wanted(seat.kind)).collect();
        users.sort_by_key(|(user, seat)| (seat.since, (*user).clone()));
        users.into_iter().map(|(user, _)| user.clone()).collect()
    }

    /// What happens before anything else does.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let mut ends: Vec<Timestamp> = self.licenses.values().filter_map(|(_, end)| *end).collect();
        ends.retain(|end| self.settled < *end && *end <= now);
        ends.sort_unstable();
        ends.dedup();
        for end in ends {
            self.set_granted(self.sum(end), GraceTimes::default().ended(end), now);
        }
        self.settled = now;
        self.forget_gone(now);
        self.release_over(now);
    }

    /// What is gone ends what was assigned directly; who is in a group waits.
    fn forget_gone(&mut self, now: Timestamp) {
        for seat in self.seats.values_mut() {
            if let Kind::Over(grace) = seat.kind
                && grace.state(now).is_none()
            {
                seat.paths.remove(&Path::Direct);
                seat.kind = Kind::Waiting;
            }
        }
        self.seats.retain(|_, seat| !seat.paths.is_empty());
    }

    /// What was held for long enough is free.
    pub(super) fn release_over(&mut self, now: Timestamp) {
        self.holds.retain(|_, hold| now < hold.until);
        self.fill(now);
    }

    pub(super) fn set_granted(&mut self, granted: i64, grace: Grace, now: Timestamp) {
        let before = std::mem::replace(&mut self.granted, granted);
        let mut leaving = self.in_order(|kind| kind == Kind::Active);
        if self.policy == "newest_first" {
            leaving.reverse();
        }
        let excess = usize::try_from((self.in_use() - granted).max(0)).unwrap();
        for user in leaving.into_iter().take(excess) {
            self.seats.get_mut(&user).unwrap().kind = Kind::Over(grace);
        }
        self.cut_holds();
        if granted == 0 && before > 0 {
            for seat in self.seats.values_mut() {
                if let Kind::Over(left) = seat.kind {
                    let alive = left.state(now).is_some();
                    seat.kind = Kind::Over(if alive { left.and(grace) } else { left });
                }
            }
        }
        self.fill(now);
    }

    /// What is held goes when nobody is left who could; what would be held longest goes first.
    fn cut_holds(&mut self) {
        let mut order: Vec<String> = self.holds.keys().cloned().collect();
        order.sort_by_key(|holder| std::cmp::Reverse(self.holds[holder].until));
        for holder in order {
            let excess = (self.in_use() - self.granted).max(0);
            let hold = self.holds.get_mut(&holder).unwrap();
            hold.seats -= hold.seats.min(excess);
        }
    }

    /// First who had a seat, then who never did.
    fn fill(&mut self, now: Timestamp) {
        let over = self.in_order(|kind| matches!(kind, Kind::Over(grace) if grace.state(now).is_some()));
        let waiting = self.in_order(|kind| kind == Kind::Waiting);
        for user in over.into_iter().chain(waiting) {
            if self.in_use() < self.granted {
                self.seats.get_mut(&user).unwrap().kind = Kind::Active;
            }
        }
    }

    /// Whether everybody gets a seat directly; if not, nobody does.
    pub(super) fn assign(&mut self, users: &BTreeSet<String>, now: Timestamp) -> bool {
        let new: Vec<&String> = users.iter().filter(|user| !self.seats.contains_key(*user)).collect();
        let needed = new.iter().filter(|user| !self.holds_for(user)).count();
        let fits = self.in_use() + i64::try_from(needed).unwrap() <= self.granted || needed == 0;
        let waits = |user: &String| self.seats.get(user).is_some_and(|seat| seat.kind == Kind::Waiting);
        if !fits || users.iter().any(waits) {
            return false;
        }
        for user in users {
            self.open(user, Path::Direct, (now, Kind::Active));
        }
        true
    }

    /// The users of a group have a seat or wait for one: first for whom one is held, then who came first.
    pub(super) fn admit(&mut self, group: usize, members: Vec<(Timestamp, String)>) {
        let mut order: Vec<_> =
            members.into_iter().map(|(since, user)| (!self.holds_for(&user), since, user)).collect();
        order.sort();
        for (_, since, user) in order {
            let free = self.holds_for(&user) || self.in_use() < self.granted;
            let kind = if free { Kind::Active } else { Kind::Waiting };
            self.open(&user, Path::Group(group), (since, kind));
        }
    }

    fn open(&mut self, user: &str, path: Path, (since, kind): (Timestamp, Kind)) {
        if !self.seats.contains_key(user)
            && let Some(hold) = self.holds.get_mut(holder(user))
        {
            hold.seats = 0;
        }
        let new = || Seat { since, kind, paths: BTreeSet::new() };
        self.seats.entry(user.to_owned()).or_insert_with(new).paths.insert(path);
    }

    /// Ends these users' paths; `None`: all of them.
    pub(super) fn close(&mut self, users: &BTreeSet<String>, path: Option<Path>, now: Timestamp) {
        for user in users {
            let Some(seat) = self.seats.get_mut(user) else { continue };
            seat.paths.retain(|of| path.is_some_and(|path| path != *of));
            if !seat.paths.is_empty() {
                continue;
            }
            let seat = self.seats.remove(user).unwrap();
            if let Some(hold) = self.holds.get_mut(holder(user))
                && (seat.kind, now < hold.until) == (Kind::Active, true)
            {
                hold.seats = 1;
            }
        }
        self.fill(now);
    }

    pub(super) fn has(&self, user: &str, path: Path) -> bool {
        self.seats.get(user).is_some_and(|seat| seat.paths.contains(&path))
    }

    /// What a check finds: nobody waits for what no license grants.
    pub(super) fn right(&self, user: &str, now: Timestamp) -> Option<State> {
        let waits = matches!(self.seats.get(user)?.kind, Kind::Waiting);
        self.state(user, now).filter(|_| !waits || self.sum(now) > 0)
    }

    pub(super) fn state(&self, user: &str, now: Timestamp) -> Option<State> {
        match self.seats.get(user)?.kind {
            Kind::Active => Some(State::Active),
            Kind::Over(grace) => grace.state(now),
            Kind::Waiting => Some(State::Waiting),
        }
    }
}

/// An id without what it is the id of.
pub(super) fn holder(id: &str) -> &str {
    id.split_once('_').unwrap().1
}
