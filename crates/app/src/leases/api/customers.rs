//! Leases of a publisher's customers, for its own apps.

use serde::Deserialize;
use types::{Page, TenantId, UserId};
use utoipa::{IntoParams, ToSchema};

use super::views::{IssueCustomerLease, IssuedLease, LeaseView, RevocationsView, id};
use crate::access::LeaseCustomers;
use crate::edge::{Answer, Call, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Refused};
use crate::leases::WishHolder;
use crate::leases::operations::{end, find, scope};
use crate::leases::signer::Signer;

/// Get a lease of a customer's user, for an app of yours that decides without the server for a while.
#[utoipa::path(post, path = "/customer-leases", tag = "leases", operation_id = "issue_customer_lease",
    request_body = IssueCustomerLease, responses((status = 201, body = IssuedLease), Refusals),
    extensions(("x-permission" = json!("lease.customers"))))]
pub(super) async fn issue_customer_lease(
    call: Call<LeaseCustomers, IssueCustomerLease>,
) -> Result<Answer<IssuedLease>, Refused> {
    let mut fields = Fields::default();
    let tenant = fields.parse("tenant", &call.body.tenant, TenantId::parse);
    let user = fields.parse("user", &call.body.user, UserId::parse);
    let wish = call.body.wish(&mut fields);
    let (Some(tenant), Some(user), Some(wish)) = (tenant, user, wish) else { return Err(fields.refuse()) };
    let signer = Signer::of(&call.app, wish.algorithm)?;
    let issued = call.write(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, tenant).await?;
            let issued = signer.issue(tx, right, (&scope, WishHolder::User(user)), wish).await?;
            Ok(IssuedLease::new(issued, right.now()))
        })
    });
    Ok(issued.await?.created())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerLeaseParams {
    /// The customer's tenant id.
    #[param(max_length = 36, required = true)]
    tenant: Option<String>,
    /// Rows a page has at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// A customer's leases for your apps, also those that have ended.
#[utoipa::path(get, path = "/customer-leases", tag = "leases", operation_id = "list_customer_leases",
    params(CustomerLeaseParams), responses((status = 200, body = Page<LeaseView>), Refusals),
    extensions(("x-permission" = json!("lease.customers"))))]
pub(super) async fn list_customer_leases(
    Params(asked): Params<CustomerLeaseParams>,
    call: Call<LeaseCustomers>,
) -> Result<Answer<Page<LeaseView>>, Refused> {
    let page = page_request(asked.limit, asked.cursor.as_deref())?;
    let (tenant, now) = (customer(asked.tenant.as_deref().unwrap_or_default())?, call.right.now());
    let leases = call.read(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, tenant).await?;
            find::list_leases(tx, &scope, &page).await
        })
    });
    Ok(leases.await?.map(|page| page.map(|lease| LeaseView::new(lease, now))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeaseCustomer {
    /// The customer's tenant id.
    #[schema(max_length = 36)]
    tenant: String,
}

fn customer(text: &str) -> Result<TenantId, Refused> {
    TenantId::parse(text).map_err(|_| Refused::not_found("customer"))
}

/// Return a lease of a customer that your app does not use any more.
#[utoipa::path(post, path = "/customer-leases/{lease}/return", tag = "leases",
    operation_id = "return_customer_lease", params(("lease" = String, Path, description = "Id")),
    request_body = LeaseCustomer, responses((status = 200, body = LeaseView), Refusals),
    extensions(("x-permission" = json!("lease.customers"))))]
pub(super) async fn return_customer_lease(
    Path(lease): Path<String>,
    call: Call<LeaseCustomers, LeaseCustomer>,
) -> Result<Answer<LeaseView>, Refused> {
    let (id, tenant) = (id(&lease)?, customer(&call.body.tenant)?);
    call.write(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, tenant).await?;
            let lease = end::return_lease(tx, right, &scope, &id).await?;
            Ok(LeaseView::new(lease, right.now()))
        })
    })
    .await
}

/// Revoke a lease of a customer for your apps.
#[utoipa::path(post, path = "/customer-leases/{lease}/revoke", tag = "leases",
    operation_id = "revoke_customer_lease", params(("lease" = String, Path, description = "Id")),
    request_body = LeaseCustomer, responses((status = 200, body = LeaseView), Refusals),
    extensions(("x-permission" = json!("lease.customers"))))]
pub(super) async fn revoke_customer_lease(
    Path(lease): Path<String>,
    call: Call<LeaseCustomers, LeaseCustomer>,
) -> Result<Answer<LeaseView>, Refused> {
    let (id, tenant) = (id(&lease)?, customer(&call.body.tenant)?);
    call.write(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, tenant).await?;
            let lease = end::revoke_lease(tx, right, &scope, &id).await?;
            Ok(LeaseView::new(lease, right.now()))
        })
    })
    .await
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerParams {
    /// The customer's tenant id.
    #[param(max_length = 36, required = true)]
    tenant: Option<String>,
}

/// The signed list of what was revoked of your leases to a customer, for apps without a connection.
#[utoipa::path(get, path = "/customer-lease-revocations", tag = "leases",
    operation_id = "get_customer_revocations", params(CustomerParams),
    responses((status = 200, body = RevocationsView), Refusals),
    extensions(("x-permission" = json!("lease.customers"))))]
pub(super) async fn get_customer_revocations(
    Params(asked): Params<CustomerParams>,
    call: Call<LeaseCustomers>,
) -> Result<Answer<RevocationsView>, Refused> {
    let tenant = customer(asked.tenant.as_deref().unwrap_or_default())?;
    let publisher = call.right.publisher()?.clone();
    let signer = Signer::of_lists(&call.app)?;
    let list = call.read(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, tenant).await?;
            signer.list(tx, &scope, &publisher, right.now()).await
        })
    });
    Ok(list.await?.map(RevocationsView::new))
}
