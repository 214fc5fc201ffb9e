//! Look up offers and plans.

use db::{DbError, Tx};
use types::{OfferId, Page, PageRequest};

use crate::access::{OfferView, Permission, Right};
use crate::catalog::{Offer, OfferRef, Plan, store};
use crate::kit::Refused;

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

pub(crate) async fn list_offers(
    tx: &mut Tx,
    right: &Right<OfferView>,
    page: &PageRequest,
) -> Result<Page<Offer>, Refused> {
    let offers = store::list_offers(tx, &right.tenant(), page).await?;
    Ok(Page::cut(offers, page, |offer| offer.id.as_bytes().to_vec()))
}

/// Every plan of an offer, oldest first.
pub(crate) async fn plans(tx: &mut Tx, offer: &OfferId) -> Result<Vec<Plan>, DbError> {
    store::list_plans(tx, offer).await
}
