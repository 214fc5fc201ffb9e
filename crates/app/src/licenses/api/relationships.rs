//! Ending relationships over HTTP.

use types::{RelationshipId, TenantId};

use crate::access::{CustomerInvite, RelationshipAccept};
use crate::edge::{Answer, Call, NoBody, Path, Refusals};
use crate::kit::Refused;
use crate::licenses::operations::end_relationship;
use crate::relationships::api::RelationshipView;

/// End the relationship with a publisher, once no license is active under it.
#[utoipa::path(post, path = "/relationships/{relationship}/end", tag = "relationships",
    operation_id = "end_relationship", params(("relationship" = String, Path, description = "Id")),
    responses((status = 200, body = RelationshipView), Refusals),
    extensions(("x-permission" = json!("relationship.accept"))))]
pub(super) async fn end_relationship(
    Path(relationship): Path<String>,
    call: Call<RelationshipAccept, NoBody>,
) -> Result<Answer<RelationshipView>, Refused> {
    let id = RelationshipId::parse(&relationship).map_err(|_| Refused::not_found("relationship"))?;
    call.write(move |tx, right| {
        Box::pin(async move {
            end_relationship::end_as_customer(tx, right, &id).await.map(RelationshipView::from)
        })
    })
    .await
}

/// End the relationship with a customer, once no license is active under it.
#[utoipa::path(post, path = "/customers/{customer}/end", tag = "relationships", operation_id = "end_customer",
    params(("customer" = String, Path, description = "The customer's tenant id")),
    responses((status = 200, body = RelationshipView), Refusals),
    extensions(("x-permission" = json!("customer.invite"))))]
pub(super) async fn end_customer(
    Path(customer): Path<String>,
    call: Call<CustomerInvite, NoBody>,
) -> Result<Answer<RelationshipView>, Refused> {
    let customer = TenantId::parse(&customer).map_err(|_| Refused::not_found("customer"))?;
    call.write(move |tx, right| {
        Box::pin(async move {
            end_relationship::end_as_publisher(tx, right, &customer).await.map(RelationshipView::from)
        })
    })
    .await
}
