//! Entitlements: may this user use that? Answered from memory, never from the database (CHK-03).
//!
//! Each node keeps an [`entitlement::Index`] and feeds it from the log. A tenant is loaded from one
//! snapshot when somebody first asks about it; after that the index takes the steps of the tenant's log
//! (`seats.taken`, `license.changed`, `user.deactivated` …). The catalogue of live offers is loaded anew
//! when the marketplace's own log says that an offer went live.
//!
//! How fresh an answer is ([`Wanted`]) is for the question to say (CHK-05). Without a word it is as fresh as this
//! node: what it committed is in the index before whoever wrote it is answered, what others committed as soon as
//! a hint of it comes, at the latest by reconciliation. With the freshness token of a write it is decided at that
//! point or later; as the latest, at what the database has now. See [`feed`].
//!
//! A plan may say that a refusal is not enforced (PLN-07): `warn` lets in with a notice, `audit` lets in and
//! records whom. The check notes that in memory; a reconciler writes it down.
//!
//! What a check allowed counts as a use of the seat, once a day: it is noted in memory and written in
//! batches (ASG-10), never by the check.
//!
//! Whoever answers from an index of its own, an edge or an app, is told the same steps ([`following`]).
//!
//! The index is held against the tables all the time ([`compare`]): where it differs is a fault, which the operator sees.
//!
//! Tables: `waived_checks`. Events: [`events`].

mod answering;
pub(crate) mod api;
mod compare;
pub(crate) mod events;
mod feed;
mod following;
mod snapshot;
mod steps;
mod store;
mod uses;
pub(crate) mod waived;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use db::Db;
use entitlement::notes::Notes;
use entitlement::{Decision, Index, Question, Undecided};
use tokio::sync::Mutex;
use types::{Freshness, TenantId, Violation};

use crate::access::MARKETPLACE;
use crate::kit::Refused;
pub(crate) use answering::not_ready;
pub use api::edge_site;
pub(crate) use compare::compare;
#[cfg(test)]
pub(crate) use feed::catch_up;
pub(crate) use feed::follow;
pub(crate) use uses::write as write_uses;

pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    COMPONENT_UNCLEAR = 409 "check.component_unclear" "Not clear which offer's component is meant";
    EDGE_IS_NOT_LATEST = 409 "check.edge_is_not_latest" "An edge does not know what is latest";
    EDGE_NOT_READY = 503 "check.edge_not_ready" "This edge does not know everything yet";
    EDGE_OUT_OF_SCOPE = 403 "check.edge_out_of_scope" "This edge does not know these rights";
    EDGE_TOO_OLD = 503 "check.edge_too_old" "What this edge knows is too old to be used";
    EDGE_KNOWS_NO_ADDRESS = 422 "check.edge_knows_no_address" "An edge knows users by their ids";
    FRESHNESS_UNKNOWN = 409 "check.freshness_unknown" "The freshness token is ahead of everything known here";
    TOO_MANY_FOLLOWERS = 503 "check.too_many_followers" "This node tells as many followers as it can";
    TARGET_MISSING = 422 "check.target_missing" "Name a service id or a component, not both";
}

/// Several offers have a component of the name that was asked about.
pub(crate) fn unclear(offers: Vec<String>) -> Refused {
    let detail = format!("Say which offer: {}.", offers.join(", "));
    COMPONENT_UNCLEAR.because(detail).with_context(serde_json::json!({ "offers": offers }))
}

/// How fresh an answer must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// As this node has it.
    AtLeast(Freshness),
    /// As the database has it now.
    Latest,
}

impl Wanted {
    /// A freshness token, or `latest`.
    pub(crate) fn parse(text: &str) -> Result<Self, Violation> {
        if text.eq_ignore_ascii_case("latest") {
            return Ok(Self::Latest);
        }
        Freshness::parse(text).map(Self::AtLeast)
    }

    /// A token that says nothing of whom is asked about, of who asks or of the marketplace would be passed over, and whoever
    /// sent it relies on it.
    pub(crate) fn of(self, own: TenantId, asked: impl Iterator<Item = TenantId>) -> Result<Self, Violation> {
        match &self {
            Self::AtLeast(token) if !token.concerns(asked.chain([own, MARKETPLACE])) => {
                Err(Violation::new("freshness.foreign", "is of another organisation"))
            }
            _ => Ok(self),
        }
    }
}

/// What becomes of a question.
#[derive(Debug)]
pub(crate) enum Answered<T> {
    Decided(T),
    /// The publisher that asks has no relationship with the tenant.
    NoCustomer,
    /// Several offers have a component of this name.
    Unclear(Vec<String>),
}

/// How often a question is asked again that found the index behind: each time it has read everything there is.
const ATTEMPTS: usize = 5;

/// The index of this node and what feeds it.
#[derive(Debug)]
pub struct Entitlements {
    index: Arc<Index>,
    behind: Arc<feed::Behind>,
    compared: compare::Turn,
    /// One feeds at a time; those who come second find the work done.
    feeding: Mutex<()>,
    /// Uses, and who was let in without a license: written down later.
    notes: Notes,
    followers: following::Followers,
}

impl Entitlements {
    /// Follows the commits of a database from now on.
    pub(crate) fn new(db: &Db) -> Self {
        let (index, behind) = (Arc::default(), Arc::default());
        feed::listen(db, &index, &behind);
        let (compared, feeding, notes) = Default::default();
        let followers = following::Followers::of(db);
        Self { index, behind, compared, feeding, notes, followers }
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Decides a question as freshly as wanted, and has the answer made of the decision.
    pub(crate) async fn answer<T>(
        &self,
        db: &Db,
        question: Question<'_>,
        wanted: &Wanted,
        mut answer: impl FnMut(&Decision<'_>) -> T,
    ) -> Result<Answered<T>, Refused> {
        let noted = |decision: &Decision<'_>| {
            self.notes.note(&self.index, &question, decision);
            answer(decision)
        };
        self.look(db, question, wanted, noted).await
    }

    /// The same, noted nowhere: for searching, which asks about many and means none.
    pub(crate) async fn look<T>(
        &self,
        db: &Db,
        mut question: Question<'_>,
        wanted: &Wanted,
        mut answer: impl FnMut(&Decision<'_>) -> T,
    ) -> Result<Answered<T>, Refused> {
        let mut catalog_at_least = 0;
        if let Wanted::AtLeast(token) = wanted {
            question.at_least = token.position(&question.tenant);
            catalog_at_least = token.position(&MARKETPLACE);
            if let Some(answered) = self.at_once(&question, catalog_at_least, &mut answer) {
                return Ok(answered);
            }
        }
        for _ in 0..ATTEMPTS {
            // Apart, because it is seldom and large.
            let read = Box::pin(self.read_up(db, &question, wanted, catalog_at_least)).await?;
            question.at_least = read.0;
            if let Some(answered) = self.at_once(&question, read.1, &mut answer) {
                return Ok(answered);
            }
            if self.index.version(&question.tenant).is_none() {
                // There is no such tenant.
                return Ok(Answered::NoCustomer);
            }
        }
        Err(FRESHNESS_UNKNOWN.because("Is it a token of this marketplace?"))
    }

    /// Reads what there is to read; gives the versions of tenant and catalogue that are wanted.
    async fn read_up(
        &self,
        db: &Db,
        question: &Question<'_>,
        wanted: &Wanted,
        catalog_at_least: i64,
    ) -> Result<(i64, i64), Refused> {
        let (tenant, catalog) = match wanted {
            Wanted::AtLeast(_) => (question.at_least, catalog_at_least),
            Wanted::Latest => feed::heads(db, question.tenant).await?,
        };
        self.feed_catalog(db, catalog.max(self.index.catalog_owed())).await?;
        self.feed_tenant(db, &question.tenant, tenant).await?;
        Ok((tenant, catalog))
    }

    /// Touches memory only; `None`: something is to be read first.
    fn at_once<T>(
        &self,
        question: &Question<'_>,
        catalog_at_least: i64,
        answer: impl FnOnce(&Decision<'_>) -> T,
    ) -> Option<Answered<T>> {
        if !self.catalog_is_at(catalog_at_least.max(self.index.catalog_owed())) {
            return None;
        }
        let catalog = self.index.catalog();
        match self.index.check(&catalog, question) {
            Ok(decision) => Some(Answered::Decided(answer(&decision))),
            Err(Undecided::NoCustomer) => Some(Answered::NoCustomer),
            Err(Undecided::Unclear(offers)) => Some(Answered::Unclear(offers)),
            Err(Undecided::Stale(_)) => None,
        }
    }

    fn catalog_is_at(&self, version: i64) -> bool {
        let stands = self.index.catalog_version();
        stands >= 0 && stands >= version
    }

    async fn feed_catalog(&self, db: &Db, at_least: i64) -> Result<(), Refused> {
        if self.catalog_is_at(at_least) {
            return Ok(());
        }
        let _turn = self.feeding.lock().await;
        if self.catalog_is_at(at_least) { Ok(()) } else { feed::catalog(&self.index, db).await }
    }

    async fn feed_tenant(&self, db: &Db, tenant: &TenantId, at_least: i64) -> Result<(), Refused> {
        let _turn = self.feeding.lock().await;
        if self.index.is_at(tenant, at_least) { Ok(()) } else { feed::tenant(&self.index, db, tenant).await }
    }
}
