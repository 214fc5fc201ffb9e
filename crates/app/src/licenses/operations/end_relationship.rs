//! End a relationship, from either side, once no license is active under it (REL-05).

use db::Tx;
use serde_json::json;
use types::{RelationshipId, ServiceId, TenantId};

use super::pools;
use crate::access::{CustomerInvite, Permission, RelationshipAccept, Right};
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::licenses::STILL_LICENSED;
use crate::relationships::Relationship;
use crate::relationships::operations::end;

pub(crate) async fn end_as_customer(
    tx: &mut Tx,
    right: &Right<RelationshipAccept>,
    id: &RelationshipId,
) -> Result<(Relationship, Tenant), Refused> {
    let relationship = end::hold_of_customer(tx, &right.tenant(), id).await?;
    end_unlicensed(tx, right, relationship).await
}

pub(crate) async fn end_as_publisher(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    customer: &TenantId,
) -> Result<(Relationship, Tenant), Refused> {
    let relationship = end::hold_of_publisher(tx, &right.tenant(), customer).await?;
    end_unlicensed(tx, right, relationship).await
}

async fn end_unlicensed<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    relationship: Relationship,
) -> Result<(Relationship, Tenant), Refused> {
    let publisher = identity::tenant(tx, &relationship.publisher_tenant_id).await?;
    let publisher = publisher.ok_or_else(|| Refused::internal("a relationship with nobody"))?;
    let prefix = publisher.publisher_id.as_ref().map(|id| format!("{id}.")).unwrap_or_default();
    let pools = pools::lock_all(tx, right, &relationship.customer_tenant_id).await?;
    let active: Vec<ServiceId> = pools
        .into_iter()
        .filter(|pool| pool.granted > 0 && pool.service_id.as_str().starts_with(&prefix))
        .map(|pool| pool.service_id)
        .collect();
    if !active.is_empty() {
        let named: Vec<&str> = active.iter().map(ServiceId::as_str).collect();
        let detail = format!("The publisher must remove these licenses first: {}.", named.join(", "));
        return Err(STILL_LICENSED.because(detail).with_context(json!({ "service_ids": active })));
    }
    Ok((end::end(tx, right, relationship).await?, publisher))
}
