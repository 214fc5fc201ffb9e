//! Answers that count as no use.

use entitlement::{Decision, Question, Unclear};

use super::{COMPONENT_UNCLEAR, FRESHNESS_UNKNOWN};
use crate::App;
use crate::access::MARKETPLACE;
use crate::events::{Freshness, log_id};
use crate::kit::Refused;

/// The same answer as a check gives, noted nowhere: for searching, which asks about many and means none.
pub(crate) async fn look(
    app: &App,
    mut question: Question,
    freshness: &Freshness,
) -> Result<Decision, Refused> {
    let (entitlements, db) = (&app.entitlements, &app.db);
    let wanted = |tenant| db.heads().known(&log_id(tenant)).max(freshness.position(tenant));
    question.at_least = wanted(&question.tenant);
    let catalog_at_least = wanted(&MARKETPLACE);
    if entitlements.index.catalog().version() < catalog_at_least {
        entitlements.feed_catalog(db, catalog_at_least).await?;
    }
    if entitlements.index.check(&question).is_err() {
        entitlements.feed_tenant(db, &question).await?;
    }
    let decided = entitlements.index.check(&question);
    let decided = decided.map_err(|_| FRESHNESS_UNKNOWN.because("Is it a token of this marketplace?"))?;
    decided.map_err(|Unclear { offers }| {
        COMPONENT_UNCLEAR.because(format!("Say which offer: {}.", offers.join(", ")))
    })
}
