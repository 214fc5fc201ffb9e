//! Look up deals.

use db::Tx;
use types::{DealId, Page, PageRequest, TenantId};

use super::DealFilter;
use crate::access::{DealReview, DealView, Permission, Right};
use crate::deals::events::DealCustomerFixed;
use crate::deals::{CUSTOMER_FIXED, Deal, DealStatus, store};
use crate::kit::Refused;

/// A deal of this right's tenant.
pub(crate) async fn deal<P: Permission>(tx: &mut Tx, right: &Right<P>, id: &DealId) -> Result<Deal, Refused> {
    store::find_deal(tx, &right.tenant(), id).await?.ok_or_else(|| Refused::not_found("deal"))
}

/// A deal, whosever it is: for what happens to its licenses by itself.
pub(crate) async fn any_deal(tx: &mut Tx, id: &DealId) -> Result<Deal, Refused> {
    store::find_any_deal(tx, id).await?.ok_or_else(|| Refused::not_found("deal"))
}

/// A deal of this right's tenant, held until the end of the unit.
pub(crate) async fn lock_deal<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &DealId,
) -> Result<Deal, Refused> {
    store::lock_deal(tx, id).await?;
    deal(tx, right, id).await
}

pub(crate) async fn list_deals(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
    filter: &DealFilter,
) -> Result<Page<Deal>, Refused> {
    let deals = store::list_deals(tx, &right.tenant(), page, filter).await?;
    Ok(Page::cut(deals, page, |deal| deal.id.as_bytes().to_vec()))
}

/// Submitted deals of every publisher, oldest first.
pub(crate) async fn reviews(
    tx: &mut Tx,
    _right: &Right<DealReview>,
    page: &PageRequest,
) -> Result<Page<Deal>, Refused> {
    let deals = store::list_submitted(tx, page).await?;
    Ok(Page::cut(deals, page, |deal| deal.id.as_bytes().to_vec()))
}

/// How many submitted deals wait for the operator.
pub(crate) async fn reviews_waiting(tx: &mut Tx, _right: &Right<DealReview>) -> Result<i64, Refused> {
    Ok(store::count_submitted(tx).await?)
}

/// A deal that was submitted once; drafts are their publisher's alone.
pub(crate) async fn reviewed(tx: &mut Tx, _right: &Right<DealReview>, id: &DealId) -> Result<Deal, Refused> {
    let found = store::find_any_deal(tx, id).await?.filter(|deal| deal.status != DealStatus::Draft);
    found.ok_or_else(|| Refused::not_found("deal"))
}

/// DEA-04: a license update with another customer than the first one's is refused.
pub(crate) fn refuse_another_customer(deal: &Deal, customer: TenantId) -> Result<(), Refused> {
    match deal.customer_tenant_id {
        Some(fixed) if fixed != customer => {
            Err(CUSTOMER_FIXED.because(format!("It is {fixed}: register another deal for another customer.")))
        }
        _ => Ok(()),
    }
}

/// DEA-04: the first license update fixes the customer; a later one with another customer is refused.
pub(crate) async fn fix_customer<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    deal: &Deal,
    customer: TenantId,
) -> Result<(), Refused> {
    refuse_another_customer(deal, customer)?;
    if deal.customer_tenant_id.is_none() {
        if !store::fix_customer(tx, &deal.id, &customer).await? {
            return Err(CUSTOMER_FIXED.because("Somebody else fixed it a moment ago; read the deal again."));
        }
        right.record(tx, &DealCustomerFixed { deal: deal.id, customer })?;
    }
    Ok(())
}
