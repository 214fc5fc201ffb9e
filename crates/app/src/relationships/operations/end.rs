//! End a consent (REL-05), after whoever knows has made sure that nothing is granted under it.

use db::Tx;
use types::{RelationshipId, TenantId};

use crate::access::{Permission, Right};
use crate::events::Actor;
use crate::identity::operations::find as tenants;
use crate::kit::Refused;
use crate::relationships::events::RelationshipEnded;
use crate::relationships::operations::find;
use crate::relationships::{ENDED, Relationship, store};

/// Holds the consent between these two, if there is one: nobody grants or ends anything meanwhile.
pub(crate) async fn hold(tx: &mut Tx, publisher: &TenantId, customer: &TenantId) -> Result<(), Refused> {
    Ok(store::hold_pair(tx, publisher, customer).await?)
}

/// The consent of a customer by its id, held.
pub(crate) async fn hold_of_customer(
    tx: &mut Tx,
    customer: &TenantId,
    id: &RelationshipId,
) -> Result<Relationship, Refused> {
    let found = store::find_of_customer(tx, customer, id).await?;
    let found = found.ok_or_else(|| Refused::not_found("relationship"))?;
    hold(tx, &found.publisher_tenant_id, customer).await?;
    if found.ended_at.is_some() {
        return Err(ENDED.because("There is nothing left to end."));
    }
    Ok(found)
}

/// The consent of a customer to a publisher, held.
pub(crate) async fn hold_of_publisher(
    tx: &mut Tx,
    publisher: &TenantId,
    customer: &TenantId,
) -> Result<Relationship, Refused> {
    hold(tx, publisher, customer).await?;
    find::require(tx, publisher, customer).await.map_err(|_| Refused::not_found("customer"))
}

/// Ends a consent that is held.
pub(crate) async fn end<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    relationship: Relationship,
) -> Result<Relationship, Refused> {
    let by = match right.actor() {
        Actor::User(user) => user.to_string(),
        Actor::Client(client) => client.to_string(),
        Actor::System => "system".to_owned(),
    };
    if !store::end(tx, &relationship.id, right.now(), &by).await? {
        return Err(ENDED.because("The other side ended it a moment ago."));
    }
    let Relationship { id, publisher_tenant_id, customer_tenant_id, .. } = relationship;
    let (publisher, customer) = (publisher_tenant_id, customer_tenant_id);
    let publisher_id = tenants::publisher_id(tx, &publisher).await?;
    let event = RelationshipEnded { relationship: id, publisher, customer, publisher_id };
    right.record_for(tx, &[publisher_tenant_id, customer_tenant_id], &event)?;
    Ok(Relationship { ended_at: Some(right.now()), ..relationship })
}
