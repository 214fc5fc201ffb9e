//! Deals with what the operator reviews them by.

use db::Tx;
use types::{DealId, Page, PageRequest};

use super::find;
use crate::access::{DealReview, Right};
use crate::catalog::operations::find as catalog;
use crate::deals::Deal;
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::Refused;

/// A deal, who registered it, and what it is about.
#[derive(Debug)]
pub(crate) struct Examined {
    pub deal: Deal,
    pub publisher: Tenant,
    /// `publisherid.offerid`
    pub offer: String,
    /// Fixed by the first license update (DEA-04).
    pub customer: Option<Tenant>,
}

/// The oldest first.
pub(crate) async fn reviews(
    tx: &mut Tx,
    right: &Right<DealReview>,
    page: &PageRequest,
) -> Result<Page<Examined>, Refused> {
    let Page { items, next_cursor } = find::reviews(tx, right, page).await?;
    let mut examined = Vec::new();
    for deal in items {
        examined.push(with_names(tx, deal).await?);
    }
    Ok(Page { items: examined, next_cursor })
}

pub(crate) async fn examine(
    tx: &mut Tx,
    right: &Right<DealReview>,
    id: &DealId,
) -> Result<Examined, Refused> {
    let deal = find::reviewed(tx, right, id).await?;
    with_names(tx, deal).await
}

async fn with_names(tx: &mut Tx, deal: Deal) -> Result<Examined, Refused> {
    let publisher = identity::tenant(tx, &deal.tenant_id).await?;
    let publisher = publisher.ok_or_else(|| Refused::internal("a deal without its publisher"))?;
    let offer = catalog::any_offer(tx, &deal.offer_id).await?.address();
    let customer = match &deal.customer_tenant_id {
        Some(customer) => identity::tenant(tx, customer).await?,
        None => None,
    };
    Ok(Examined { deal, publisher, offer, customer })
}
