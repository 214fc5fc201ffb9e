//! Look up offers and plans.

use db::{DbError, Tx};
use types::{OfferId, Page, PageRequest, PlanSlug, ServiceId, TenantId};

use crate::access::{OfferView, Permission, Right};
use crate::catalog::{FileHash, Offer, OfferRef, Plan, store};
use crate::kit::{Refused, Search};

/// An offer of the tenant of this right; somebody else's is not found (ROL-01).
pub(crate) async fn offer<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    offer: &OfferRef,
) -> Result<Offer, Refused> {
    let found = match offer {
        OfferRef::Id(id) => store::find_offer(tx, &right.tenant(), id).await?,
        OfferRef::Slug(slug) => store::find_offer_by_slug(tx, &right.tenant(), slug).await?,
    };
    found.ok_or_else(|| Refused::not_found("offer"))
}

/// An offer of whichever tenant, for what follows from a deal on it.
pub(crate) async fn any_offer(tx: &mut Tx, id: &OfferId) -> Result<Offer, Refused> {
    store::find_any_offer(tx, id).await?.ok_or_else(|| Refused::internal("an offer without its row"))
}

/// The offers of this right's tenant, or those of them that are called so.
pub(crate) async fn list_offers<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    page: &PageRequest,
    search: &Search,
) -> Result<Page<Offer>, Refused> {
    let offers = store::list_offers(tx, &right.tenant(), page, search).await?;
    Ok(Page::cut(offers, page, |offer| offer.id.as_bytes().to_vec()))
}

/// Offers that wait for their publisher: sent back, certified, or drafts that were never published. One more than
/// the page holds where there are more.
pub(crate) async fn unfinished(
    tx: &mut Tx,
    right: &Right<OfferView>,
    page: &PageRequest,
) -> Result<Vec<Offer>, DbError> {
    store::list_unfinished(tx, &right.tenant(), page).await
}

/// Every plan of an offer, oldest first.
pub(crate) async fn plans(tx: &mut Tx, offer: &OfferId) -> Result<Vec<Plan>, DbError> {
    store::list_plans(tx, offer).await
}

/// A plan of an offer by its plan id.
pub(crate) async fn plan(tx: &mut Tx, offer: &OfferId, slug: &PlanSlug) -> Result<Plan, Refused> {
    let plans = store::list_plans(tx, offer).await?;
    plans.into_iter().find(|plan| plan.slug == *slug).ok_or_else(|| Refused::not_found("plan"))
}

/// The stopped plans of one offer, or of all (PLN-06).
pub(crate) async fn stopped_plans(tx: &mut Tx, offer: Option<&OfferId>) -> Result<Vec<ServiceId>, DbError> {
    store::list_stopped(tx, offer).await
}

/// The private plans whose audience a tenant is of, as it is in effect (PLN-05).
pub(crate) async fn private_plans_for(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<ServiceId>, DbError> {
    store::list_private_for(tx, tenant).await
}

/// The offers whose live version, or the last one that was, shows a file.
pub(crate) async fn live_offers_with(tx: &mut Tx, file: &FileHash) -> Result<Vec<OfferId>, DbError> {
    store::list_live_with(tx, file).await
}
