//! The state machine.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};
use types::{LeaseId, TenantId};

use super::answer::Kept;
use super::{Answer, Question};
use crate::lease::{Jwks, Lease, RevocationList, Trust, Unverified};

/// Seconds by which a clock may be behind what is known to have been.
const TOLERANCE: i64 = 300;
/// Seconds by which a lease may begin later than now.
const EARLY: i64 = 60;
/// Answers that are kept at most; where there are more, the half that was received first is forgotten.
const ANSWERS: usize = 10_000;
/// Seconds for which a lease that is over is known to have been there.
const OVER: i64 = 30 * 86_400;

/// What an app knows, and how it decides.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub(super) trust: Trust,
    /// The keys as they came, for the store.
    pub(super) keys: Value,
    /// The greatest time known to have been.
    pub(super) high_water: i64,
    pub(super) answers: HashMap<Question, Kept>,
    /// How many answers came.
    pub(super) turns: u64,
    pub(super) leases: BTreeMap<LeaseId, (Lease, String)>,
    pub(super) revocations: BTreeMap<TenantId, RevocationList>,
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    pub how: How,
    /// What the server said, or the name of a [`Reason`]; a lease says nothing of it.
    pub reason: String,
    /// All that the server said; empty where it rests on no answer.
    pub said: Map<String, Value>,
    /// The lease that allows it.
    pub lease: Option<Lease>,
}

/// What a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// An answer that just came.
    Fresh,
    /// An answer that is still fresh.
    Cached,
    Leased,
    /// An answer that goes on while the server is not reachable.
    Grace,
    Refused,
}

impl How {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Cached => "cached",
            Self::Leased => "leased",
            Self::Grace => "grace",
            Self::Refused => "refused",
        }
    }
}

/// Why the client itself refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    ClockRolledBack,
    Revoked,
    Expired,
    Unknown,
}

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClockRolledBack => "clock_rolled_back",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a lease or a list is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    #[error(transparent)]
    Unverified(#[from] Unverified),
    #[error("the server has refused since what it leases")]
    Refused,
    #[error("a later list is kept")]
    Older,
}

impl NotKept {
    /// `forged`, `key_unknown`, `refused` or `older`.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Unverified(why) => why.cause(),
            Self::Refused => "refused",
            Self::Older => "older",
        }
    }
}

impl Client {
    /// Of apps of one publisher (`audience`) at one marketplace (`issuer`), that knows nothing yet.
    pub fn new(issuer: String, audience: String) -> Self {
        Self { trust: Trust { issuer, audience, keys: Jwks::default() }, ..Self::default() }
    }

    /// Decides by what is known; none: ask the server, then [`Client::answered`] or [`Client::unreachable`].
    pub fn ask(&mut self, question: &Question, now: i64) -> Option<Verdict> {
        if self.is_rolled_back(now) {
            return None;
        }
        self.high_water = self.high_water.max(now);
        let fresh = self.answer(question, now).filter(|answer| answer.is_fresh(now));
        fresh.map(|kept| Verdict::of(&kept.answer, How::Cached))
    }

    /// The greatest time known to have been.
    pub fn high_water(&self) -> i64 {
        self.high_water
    }

    /// The server answered.
    pub fn answered(&mut self, question: &Question, answer: &Answer, now: i64) -> Verdict {
        self.take_answer(question, answer, now);
        Verdict::of(answer, How::Fresh)
    }

    /// The server could not be reached, or said nothing that can be read.
    pub fn unreachable(&self, question: &Question, now: i64) -> Verdict {
        if self.is_rolled_back(now) {
            return Verdict::refused(Reason::ClockRolledBack);
        }
        let known = |lease: &&Lease| question.is_met_by(lease);
        let mut leases = self.leases.values().map(|(lease, _)| lease).filter(known);
        let would_do =
            |lease: &Lease| lease.not_before.saturating_sub(EARLY) <= now && now < lease.expires_at;
        let (would, not): (Vec<_>, Vec<_>) = leases.by_ref().partition(|lease| would_do(lease));
        if let Some(lease) = would.iter().find(|lease| !self.is_revoked(lease)) {
            return Verdict::leased(lease);
        }
        let answer = self.answer(question, now);
        if let Some(kept) = answer.filter(|answer| answer.has_grace(now)) {
            return Verdict::of(&kept.answer, How::Grace);
        }
        let over = answer.is_some() || not.iter().any(|lease| lease.expires_at <= now);
        Verdict::refused(match (would.is_empty(), over) {
            (false, _) => Reason::Revoked,
            (true, true) => Reason::Expired,
            (true, false) => Reason::Unknown,
        })
    }

    /// An answer came in, asked for or not. The server's clock decides what time it is.
    pub fn take_answer(&mut self, question: &Question, answer: &Answer, now: i64) {
        self.turns += 1;
        match Kept::new(answer.clone(), now, self.turns) {
            Some(kept) => self.keep(question, kept),
            None => _ = self.answers.remove(question),
        }
        self.high_water = answer.at().unwrap_or(self.high_water);
        if !answer.allowed {
            let at = answer.at().unwrap_or(now);
            self.leases.retain(|_, (lease, _)| !(lease.issued_at <= at && question.ends(lease)));
        }
    }

    fn keep(&mut self, question: &Question, kept: Kept) {
        self.answers.insert(question.clone(), kept);
        if self.answers.len() > ANSWERS {
            let mut turns: Vec<u64> = self.answers.values().map(|answer| answer.turn).collect();
            let (_, middle, _) = turns.select_nth_unstable(ANSWERS / 2);
            let middle = *middle;
            self.answers.retain(|_, answer| answer.turn > middle);
        }
    }

    /// A lease came in.
    pub fn take_lease(&mut self, token: &str) -> Result<Lease, NotKept> {
        let lease = self.trust.lease(token)?;
        self.high_water = self.high_water.max(lease.issued_at);
        let refused = |(question, kept): (&Question, &Kept)| {
            !kept.answer.allowed && lease.issued_at <= kept.at && question.ends(&lease)
        };
        if self.answers.iter().any(refused) {
            return Err(NotKept::Refused);
        }
        let high_water = self.high_water;
        self.leases.retain(|_, (lease, _)| high_water < lease.expires_at.saturating_add(OVER));
        self.leases.insert(lease.id, (lease.clone(), token.to_owned()));
        Ok(lease)
    }

    /// All that are kept, over or not.
    pub fn leases(&self) -> impl Iterator<Item = &Lease> {
        self.leases.values().map(|(lease, _)| lease)
    }

    /// It was given back.
    pub fn drop_lease(&mut self, id: &LeaseId) {
        self.leases.remove(id);
    }

    /// A revocation list came in.
    pub fn take_revocations(&mut self, token: &str) -> Result<RevocationList, NotKept> {
        let list = self.trust.revocations(token)?;
        self.high_water = self.high_water.max(list.issued_at);
        if self.revocations.get(&list.tenant).is_some_and(|kept| list.sequence <= kept.sequence) {
            return Err(NotKept::Older);
        }
        self.revocations.insert(list.tenant, list.clone());
        Ok(list)
    }

    /// The issuer's keys came in. What a key signed that is no longer published is over.
    pub fn take_keys(&mut self, keys: Value) {
        self.trust.keys = Jwks::read(&keys);
        self.keys = keys;
        let trust = &self.trust;
        self.leases.retain(|_, (_, token)| trust.lease(token).is_ok());
    }

    fn is_rolled_back(&self, now: i64) -> bool {
        now.saturating_add(TOLERANCE) < self.high_water
    }

    /// The answer that is kept, unless it came when the clock was ahead.
    fn answer(&self, question: &Question, now: i64) -> Option<&Kept> {
        self.answers.get(question).filter(|answer| answer.received <= now.saturating_add(TOLERANCE))
    }

    fn is_revoked(&self, lease: &Lease) -> bool {
        self.revocations.get(&lease.tenant).is_some_and(|list| list.revokes(&lease.id))
    }
}

impl Verdict {
    fn of(answer: &Answer, how: How) -> Self {
        let (reason, said) = (answer.reason().to_owned(), answer.said.clone());
        Self { allowed: answer.allowed, how, reason, said, lease: None }
    }

    fn leased(lease: &Lease) -> Self {
        let (reason, said) = Default::default();
        Self { allowed: true, how: How::Leased, reason, said, lease: Some(lease.clone()) }
    }

    fn refused(reason: Reason) -> Self {
        let (reason, said) = (reason.as_str().to_owned(), Map::new());
        Self { allowed: false, how: How::Refused, reason, said, lease: None }
    }
}
