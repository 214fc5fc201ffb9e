//! A publisher's customers, with what they hold of it.

use serde::{Deserialize, Serialize};
use types::{Country, Page, TenantId, Timestamp};
use utoipa::ToSchema;

use crate::access::DealView;
use crate::edge::{Answer, Call, PageParams, Params, Refusals};
use crate::kit::{Refused, Search};
use crate::licenses::operations::customers::{self, Customer};

/// A customer as a publisher sees it: no word of its people (REL-06).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CustomerView {
    tenant: TenantId,
    name: String,
    country: Country,
    since: Timestamp,
    /// How many of your plans it holds seats of.
    plans: i64,
    /// Seats of your plans, all together.
    granted: i64,
    /// How many of these are in use.
    assigned: i64,
}

impl From<Customer> for CustomerView {
    fn from(customer: Customer) -> Self {
        let Customer { tenant, since, holding } = customer;
        Self {
            tenant: tenant.id,
            name: tenant.name,
            country: tenant.country,
            since,
            plans: holding.plans,
            granted: holding.granted,
            assigned: holding.assigned,
        }
    }
}

/// The customers that consented, and how many seats of your plans they hold and use.
#[utoipa::path(get, path = "/customers", tag = "relationships", operation_id = "list_customers",
    params(PageParams), responses((status = 200, body = Page<CustomerView>), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
pub(super) async fn list_customers(
    Params(page): Params<PageParams>,
    call: Call<DealView>,
) -> Result<Answer<Page<CustomerView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { customers::list_customers(tx, right, &page, &Search::default()).await })
        })
        .await?;
    Ok(answer.map(|page| page.map(CustomerView::from)))
}
