//! What publishing and packages change of an offer. They decide; the row is the catalogue's.

use db::{DbError, Tx};
use types::{OfferId, PackageId, PlanId, Timestamp};

use super::find;
use crate::access::{Permission, Right};
use crate::catalog::{Offer, OfferRef, OfferState, Published, Visibility, store};
use crate::kit::{Expected, JsonColumn, Refused};

/// An offer whoever's it is, held until the end of the unit.
pub(crate) async fn lock_offer(tx: &mut Tx, id: &OfferId) -> Result<Option<Offer>, DbError> {
    store::lock_offer(tx, id).await?;
    store::find_any_offer(tx, id).await
}

/// An offer of the tenant of this right as somebody expects it, held until the end of the unit.
pub(crate) async fn lock_own_offer<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
    expected: &Expected,
) -> Result<Offer, Refused> {
    let found = find::offer(tx, right, offer).await?;
    let offer = lock_offer(tx, &found.id).await?.ok_or_else(|| Refused::not_found("offer"))?;
    expected.refuse_stale(offer.revision)?;
    Ok(offer)
}

pub(crate) async fn set_state(tx: &mut Tx, id: &OfferId, state: OfferState) -> Result<(), DbError> {
    store::update_state(tx, id, state).await
}

pub(crate) async fn set_package(tx: &mut Tx, id: &OfferId, package: &PackageId) -> Result<(), DbError> {
    store::update_package(tx, id, package).await
}

/// Notes the first time that an offer was published (OFF-06).
pub(crate) async fn mark_published(tx: &mut Tx, id: &OfferId, now: Timestamp) -> Result<(), DbError> {
    store::mark_offer_published(tx, id, now).await
}

/// Notes what went live: the version, its plans (PLN-06), whom private ones are for, the files it shows.
/// Plans made since the version was submitted are not among them.
pub(crate) async fn set_live(
    tx: &mut Tx,
    id: &OfferId,
    version: i64,
    published: Published,
    now: Timestamp,
) -> Result<(), DbError> {
    let drafted = store::list_plans(tx, id).await?;
    for plan in &published.plans {
        let private = plan.visibility == Visibility::Private;
        store::mark_plan_published(tx, &plan.service_id, !private, now).await?;
        if let Some(drafted) = drafted.iter().find(|drafted| drafted.service_id == plan.service_id) {
            store::publish_audience(tx, &drafted.id, private).await?;
        }
    }
    store::replace_live_files(tx, id, published.draft.shown_files()).await?;
    store::update_live(tx, id, version, &JsonColumn(published)).await
}

/// Stops a plan, or lets it go on (PLN-06).
pub(crate) async fn set_stopped(
    tx: &mut Tx,
    plan: &PlanId,
    stopped_at: Option<Timestamp>,
) -> Result<(), DbError> {
    store::update_stopped(tx, plan, stopped_at).await
}

/// Puts the audience of a private plan into effect as it is drafted (PLN-05).
pub(crate) async fn sync_audience(tx: &mut Tx, plan: &PlanId) -> Result<(), DbError> {
    store::publish_audience(tx, plan, true).await
}
