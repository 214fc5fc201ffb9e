//! Entitlements: may this user use that? Answered from memory, never from the database (CHK-03).
//!
//! Each node keeps an [`entitlement::Index`] and feeds it from the log. A tenant is loaded from one
//! snapshot when somebody first asks about it; after that the index takes the steps of the tenant's log
//! (`seats.taken`, `license.changed`, `user.deactivated` …). The catalogue of live offers is loaded anew
//! when the marketplace's own log says that an offer went live.
//!
//! Fresh is what the node knows to have been committed: a commit of this node is known before it is
//! answered, one of another node by a hint or at the latest by reconciliation. A question may carry the
//! freshness token of a write; it is decided at that point or later (CHK-05). Only a question that finds
//! the index behind reads the log, everybody else answers from memory.
//!
//! A plan may say that a refusal is not enforced (PLN-07): `warn` lets in with a notice, `audit` lets in and
//! records whom. The check notes that in memory; a reconciler writes it down.
//!
//! What a check allowed counts as a use of the seat, once a day: it is noted in memory and written in
//! batches (ASG-10), never by the check.
//!
//! Tables: `waived_checks`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
mod feed;
mod snapshot;
mod store;
mod uses;
pub(crate) mod waived;

#[cfg(test)]
mod tests;

use db::Db;
use entitlement::{Decision, Index, Question, Unclear};
use tokio::sync::Mutex;
use types::Timestamp;

use crate::access::MARKETPLACE;
use crate::events::{Freshness, log_id};
use crate::kit::Refused;
pub(crate) use uses::write as write_uses;

pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    COMPONENT_UNCLEAR = 409 "check.component_unclear" "Several offers have a component of this name";
    FRESHNESS_UNKNOWN = 409 "check.freshness_unknown" "The freshness token is ahead of everything known here";
    TARGET_MISSING = 422 "check.target_missing" "Name a service id or a component, not both";
}

/// The index of this node and what feeds it.
#[derive(Debug, Default)]
pub struct Entitlements {
    index: Index,
    uses: uses::Uses,
    /// One feeds at a time; those who come second find the work done.
    feeding: Mutex<()>,
    waived: waived::Notebook,
}

impl Entitlements {
    /// Decides a question at the freshness of the token, and of everything this node knows of.
    pub async fn check(
        &self,
        db: &Db,
        mut question: Question,
        freshness: &Freshness,
        now: Timestamp,
    ) -> Result<Decision, Refused> {
        let wanted = |tenant| db.heads().known(&log_id(tenant)).max(freshness.position(tenant));
        question.at_least = wanted(&question.tenant);
        let catalog_at_least = wanted(&MARKETPLACE);
        if self.index.catalog().version() < catalog_at_least {
            self.feed_catalog(db, catalog_at_least).await?;
        }
        if self.index.check(&question).is_err() {
            self.feed_tenant(db, &question).await?;
        }
        let decided = self.index.check(&question);
        if let Ok(Ok(Decision { allowed: true, used: Some(service), .. })) = &decided {
            self.uses.note(question.tenant, question.user, service, question.now);
        }
        let decided = decided.map_err(|_| FRESHNESS_UNKNOWN.because("Is it a token of this marketplace?"))?;
        if let Ok(decision) = &decided {
            self.waived.note(&question, decision, now);
        }
        decided.map_err(|Unclear { offers }| {
            let detail = format!("Say which offer: {}.", offers.join(", "));
            COMPONENT_UNCLEAR.because(detail).with_context(serde_json::json!({ "offers": offers }))
        })
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    async fn feed_catalog(&self, db: &Db, at_least: i64) -> Result<(), Refused> {
        let _turn = self.feeding.lock().await;
        if self.index.catalog().version() < at_least {
            self.index.replace_catalog(snapshot::catalog(db).await?);
        }
        Ok(())
    }

    async fn feed_tenant(&self, db: &Db, question: &Question) -> Result<(), Refused> {
        let _turn = self.feeding.lock().await;
        match self.index.check(question) {
            Ok(_) => Ok(()),
            Err(stale) => feed::feed(&self.index, db, &question.tenant, stale.version).await,
        }
    }
}
