//! See who asks, and consent.

use db::Tx;
use types::TenantId;

use crate::access::{RelationshipAccept, Right};
use crate::identity::Tenant;
use crate::identity::operations::find;
use crate::kit::{Refused, secret_hash};
use crate::relationships::events::RelationshipAccepted;
use crate::relationships::{ENDED, FORGED, Invitation, OWN_INVITATION, Relationship, USED, store};

/// REL-02: who asks, before anything is established.
pub(crate) async fn preview(
    tx: &mut Tx,
    right: &Right<RelationshipAccept>,
    token: &str,
) -> Result<(Invitation, Tenant), Refused> {
    let invitation = usable(tx, right, token).await?;
    let publisher = find::tenant(tx, &invitation.tenant_id).await?;
    Ok((invitation, publisher.ok_or_else(|| Refused::internal("an invitation of nobody"))?))
}

/// Consents. Twice is the same as once (REL-03); true if it is new.
pub(crate) async fn accept(
    tx: &mut Tx,
    right: &Right<RelationshipAccept>,
    token: &str,
) -> Result<(Relationship, bool), Refused> {
    let invitation = usable(tx, right, token).await?;
    let (publisher, customer) = (invitation.tenant_id, right.tenant());
    if invitation.accepted_at.is_some() && store::find_pair(tx, &publisher, &customer).await?.is_none() {
        return Err(ENDED.because("A link is good for one consent; ask the publisher for a new one."));
    }
    if invitation.accepted_at.is_none() && !store::accept(tx, &invitation.id, right.now(), &customer).await? {
        // Somebody accepted or revoked it since it was read; look again.
        usable(tx, right, token).await?;
    }
    let relationship = Relationship {
        id: right.new_id(),
        publisher_tenant_id: publisher,
        customer_tenant_id: customer,
        invitation_id: invitation.id,
        accepted_at: right.now(),
        ended_at: None,
    };
    if !store::insert_relationship(tx, &relationship, &right.actor().to_string()).await? {
        let known = store::find_pair(tx, &publisher, &customer).await?;
        return Ok((known.ok_or_else(|| Refused::internal("a consent that is there and is not"))?, false));
    }
    let publisher_id = find::publisher_id(tx, &publisher).await?;
    let event = RelationshipAccepted { relationship: relationship.id, publisher, customer, publisher_id };
    right.record_for(tx, &[publisher, customer], &event)?;
    Ok((relationship, true))
}

/// REL-03: used by another tenant, expired, revoked and forged links are refused, each with its reason.
async fn usable(tx: &mut Tx, right: &Right<RelationshipAccept>, token: &str) -> Result<Invitation, Refused> {
    let found = store::find_by_token(tx, &secret_hash(token)).await?;
    let invitation = found.ok_or_else(|| FORGED.because("Copy the whole link, or ask for a new one."))?;
    let used_by_another = |tenant: TenantId| tenant != right.tenant();
    if invitation.accepted_by_tenant.is_some_and(used_by_another) {
        return Err(USED.because("A link is good for one organisation; ask the publisher for your own."));
    }
    invitation.refuse_over(right.now())?;
    if invitation.tenant_id == right.tenant() {
        return Err(OWN_INVITATION.because("Send the link to the customer."));
    }
    Ok(invitation)
}
