//! What publishing and packages change of an offer. They decide; the row is the catalogue's.

use db::{DbError, Tx};
use types::{OfferId, PackageId, ServiceId, Timestamp};

use super::find;
use crate::access::{Permission, Right};
use crate::catalog::{Offer, OfferRef, OfferState, store};
use crate::kit::{Expected, Refused};

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

pub(crate) async fn set_live_version(tx: &mut Tx, id: &OfferId, version: i64) -> Result<(), DbError> {
    store::update_live_version(tx, id, version).await
}

/// Notes the first time that these plans went live (PLN-06). Those made since the version was submitted
/// are not among them.
pub(crate) async fn mark_plans_live(tx: &mut Tx, plans: &[ServiceId], now: Timestamp) -> Result<(), DbError> {
    for service in plans {
        store::mark_plan_published(tx, service, now).await?;
    }
    Ok(())
}
