//! A publisher's customers and what they hold of it (REL-06).

use db::Tx;
use types::{Page, PageRequest, TenantId, Timestamp};

use crate::access::{DealView, Right};
use crate::identity::Tenant;
use crate::kit::{Refused, Search};
use crate::relationships::operations::find as relationships;
use crate::seats::Holding;
use crate::seats::operations::find as seats;

#[derive(Debug)]
pub(crate) struct Customer {
    pub tenant: Tenant,
    /// When it consented.
    pub since: Timestamp,
    pub holding: Holding,
}

/// The customers that consented to this publisher, or those of them who are called so.
pub(crate) async fn list_customers(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
    search: &Search,
) -> Result<Page<Customer>, Refused> {
    let page = relationships::list_customers(tx, right, page, search).await?;
    let tenants: Vec<TenantId> = page.items.iter().map(|(_, tenant)| tenant.id).collect();
    let holdings = seats::holdings(tx, right.publisher()?, &tenants).await?;
    Ok(page.map(|(relationship, tenant)| {
        let held = holdings.iter().find(|holding| holding.tenant_id == tenant.id);
        let holding = held.cloned().unwrap_or_else(|| Holding::nothing(tenant.id));
        Customer { tenant, since: relationship.accepted_at, holding }
    }))
}
