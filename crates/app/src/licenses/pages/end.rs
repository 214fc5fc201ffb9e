//! Ending a relationship, from the side of the customer and of the publisher (REL-05).

use axum::response::Response;
use types::{RelationshipId, TenantId};

use super::TEXTS;
use crate::access::{CustomerInvite, RelationshipAccept};
use crate::edge::Path;
use crate::edge::browser::Submit;
use crate::kit::Refused;
use crate::licenses::operations::end_relationship;

pub(super) async fn as_customer(
    Path(relationship): Path<String>,
    submit: Submit<RelationshipAccept>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = RelationshipId::parse(&relationship).map_err(|_| Refused::not_found("relationship"))?;
    let ended = visit.write(form, move |tx, right, _| {
        Box::pin(async move { end_relationship::end_as_customer(tx, right, &id).await.map(|_| ()) })
    });
    ended.await?;
    Ok(visit.leave("/admin/relationships", visit.wording(&TEXTS).of("ended")))
}

pub(super) async fn as_publisher(
    Path(customer): Path<String>,
    submit: Submit<CustomerInvite>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = TenantId::parse(&customer).map_err(|_| Refused::not_found("customer"))?;
    let ended = visit.write(form, move |tx, right, _| {
        Box::pin(async move { end_relationship::end_as_publisher(tx, right, &id).await.map(|_| ()) })
    });
    ended.await?;
    Ok(visit.leave("/publisher/customers", visit.wording(&TEXTS).of("ended")))
}
