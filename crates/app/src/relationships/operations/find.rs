//! Look up invitations and consents.

use std::collections::HashSet;

use db::{DbError, Tx};
use types::{Page, PageRequest, PublisherId, RelationshipId, TenantId};

use crate::access::{CustomerInvite, DealView, RelationshipView, Right};
use crate::identity::Tenant;
use crate::identity::operations::find;
use crate::kit::{Refused, Search};
use crate::relationships::{Invitation, NO_RELATIONSHIP, Relationship, store};

/// REL-04: refuses unless exactly this customer has consented to exactly this publisher.
pub(crate) async fn require(
    tx: &mut Tx,
    publisher: &TenantId,
    customer: &TenantId,
) -> Result<Relationship, Refused> {
    consent(tx, publisher, customer).await?.ok_or_else(no_consent)
}

/// Whether exactly this customer has consented to exactly this publisher.
pub(crate) async fn consent(
    tx: &mut Tx,
    publisher: &TenantId,
    customer: &TenantId,
) -> Result<Option<Relationship>, DbError> {
    store::find_pair(tx, publisher, customer).await
}

/// REL-06: without a relationship the customer does not exist for this publisher.
pub(crate) async fn customer(
    tx: &mut Tx,
    publisher: &TenantId,
    customer: &TenantId,
) -> Result<Relationship, Refused> {
    consent(tx, publisher, customer).await?.ok_or_else(|| Refused::not_found("customer"))
}

pub(crate) fn no_consent() -> Refused {
    NO_RELATIONSHIP.because("Invite the customer; its global or billing admin must accept first.")
}

pub(crate) async fn list_invitations(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    page: &PageRequest,
) -> Result<Page<Invitation>, Refused> {
    let invitations = store::list_invitations(tx, &right.tenant(), page).await?;
    Ok(Page::cut(invitations, page, |invitation| invitation.id.as_bytes().to_vec()))
}

/// The publishers that this customer consented to.
pub(crate) async fn list_publishers(
    tx: &mut Tx,
    right: &Right<RelationshipView>,
    page: &PageRequest,
) -> Result<Page<(Relationship, Tenant)>, Refused> {
    let rows = store::list_of_customer(tx, &right.tenant(), page).await?;
    let page = Page::cut(rows, page, |row| row.id.as_bytes().to_vec());
    with_tenants(tx, page, |row| row.publisher_tenant_id).await
}

/// The publisher of one of the customer's relationships.
pub(crate) async fn publisher_in(
    tx: &mut Tx,
    right: &Right<RelationshipView>,
    id: &RelationshipId,
) -> Result<Option<Tenant>, Refused> {
    match store::find_of_customer(tx, &right.tenant(), id).await? {
        Some(found) => Ok(find::tenant(tx, &found.publisher_tenant_id).await?),
        None => Ok(None),
    }
}

/// The customer of one of the publisher's relationships that was not ended.
pub(crate) async fn customer_in(
    tx: &mut Tx,
    right: &Right<DealView>,
    id: &RelationshipId,
) -> Result<Option<TenantId>, Refused> {
    let open = store::list_open_of_publisher(tx, &right.tenant()).await?;
    Ok(open.into_iter().find(|row| row.id == *id).map(|row| row.customer_tenant_id))
}

/// The publishers that this customer has consented to and not ended it, as service ids name them.
pub(crate) async fn publishers_of(tx: &mut Tx, customer: &TenantId) -> Result<Vec<PublisherId>, DbError> {
    let mut publishers = Vec::new();
    for publisher in store::list_open_of_customer(tx, customer).await? {
        publishers.extend(find::publisher_id(tx, &publisher.publisher_tenant_id).await?);
    }
    Ok(publishers)
}

/// Every customer that has consented to this publisher and not ended it.
pub(crate) async fn customers_of(tx: &mut Tx, publisher: &TenantId) -> Result<Vec<TenantId>, DbError> {
    let open = store::list_open_of_publisher(tx, publisher).await?;
    Ok(open.into_iter().map(|row| row.customer_tenant_id).collect())
}

/// The customers that consented to this publisher, or those of them who are called so.
pub(crate) async fn list_customers(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
    search: &Search,
) -> Result<Page<(Relationship, Tenant)>, Refused> {
    let rows = if search.is_empty() {
        store::list_of_publisher(tx, &right.tenant(), page).await?
    } else {
        called(tx, &right.tenant(), page, search).await?
    };
    let page = Page::cut(rows, page, |row| row.id.as_bytes().to_vec());
    with_tenants(tx, page, |row| row.customer_tenant_id).await
}

/// What customers are called identity knows, so it is asked about all of them at once.
async fn called(
    tx: &mut Tx,
    publisher: &TenantId,
    page: &PageRequest,
    search: &Search,
) -> Result<Vec<Relationship>, DbError> {
    let mut rows = store::list_open_of_publisher(tx, publisher).await?;
    let after = page.after_id();
    rows.retain(|row| *row.id.as_bytes() > after);
    let customers: Vec<TenantId> = rows.iter().map(|row| row.customer_tenant_id).collect();
    let called: HashSet<TenantId> =
        find::tenants_called(tx, &customers, search).await?.into_iter().map(|tenant| tenant.id).collect();
    rows.retain(|row| called.contains(&row.customer_tenant_id));
    rows.truncate(page.limit + 1);
    Ok(rows)
}

async fn with_tenants(
    tx: &mut Tx,
    page: Page<Relationship>,
    side: impl Fn(&Relationship) -> TenantId,
) -> Result<Page<(Relationship, Tenant)>, Refused> {
    let Page { items, next_cursor } = page;
    let mut rows = Vec::with_capacity(items.len());
    for row in items {
        let tenant = find::tenant(tx, &side(&row)).await?;
        rows.push((row, tenant.ok_or_else(|| Refused::internal("a relationship with nobody"))?));
    }
    Ok(Page { items: rows, next_cursor })
}
