//! Edit a deal's terms; its licenses end when they say (DEA-05).

use db::Tx;
use entitlement::{End, GraceTimes};
use types::{DealId, TenantId};

use super::pools;
use crate::access::{DealEdit, Right};
use crate::deals::Deal;
use crate::deals::operations::register::{self, DealTerms};
use crate::kit::{Expected, Refused};
use crate::licenses::events::LicenseChanged;
use crate::licenses::license::last_end;
use crate::licenses::{License, store};

pub(crate) async fn edit_deal(
    tx: &mut Tx,
    right: &Right<DealEdit>,
    id: &DealId,
    terms: DealTerms,
    expected: &Expected,
    times: GraceTimes,
) -> Result<Deal, Refused> {
    let deal = register::edit_deal(tx, right, id, terms, expected).await?;
    let Some(customer) = deal.customer_tenant_id else { return Ok(deal) };
    let end = end_of(&deal, times);
    // In the order of the service ids, as everybody holds pools.
    for license in store::list_licenses(tx, &deal.id).await? {
        if license.ends_at != end.map(|end| end.at) {
            move_end(tx, right, customer, &license, end, times).await?;
        }
    }
    Ok(deal)
}

/// When the licenses of a deal end, and what is left of their seats then.
pub(super) fn end_of(deal: &Deal, times: GraceTimes) -> Option<End> {
    deal.terms.0.licenses_end_at().map(|at| End { at, grace: times.ended(at) })
}

async fn move_end(
    tx: &mut Tx,
    right: &Right<DealEdit>,
    customer: TenantId,
    license: &License,
    end: Option<End>,
    times: GraceTimes,
) -> Result<(), Refused> {
    let pool = pools::lock(tx, right, &customer, &license.service_id).await?;
    store::set_end(tx, &license.id, end).await?;
    let licenses = store::list_of_pool(tx, &pool.id).await?;
    // If the new end is past, it dates what goes over.
    let grace = end.map_or_else(|| times.ended(right.now()), |end| end.grace);
    let (pool, over) = pools::add_up(tx, right, &pool, &licenses, grace).await?;
    let event = LicenseChanged {
        customer,
        deal: license.deal_id,
        plan: license.plan_id,
        service_id: license.service_id.clone(),
        quantity: license.quantity,
        ends_at: end.map(|end| end.at),
        over,
        pool_granted: pool.granted,
        pool_end: last_end(&licenses, right.now()),
    };
    right.record_for(tx, &[right.tenant(), customer], &event)?;
    Ok(())
}
