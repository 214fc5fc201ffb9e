//! What relationships announce.

use types::{InvitationId, PublisherId, RelationshipId, TenantId};

use crate::events::events;

events! {
    /// A publisher made an invitation.
    InvitationCreated "invitation.created" { invitation: InvitationId }
    /// An invitation was mailed.
    InvitationMailed "invitation.mailed" { invitation: InvitationId }
    /// An invitation was revoked.
    InvitationRevoked "invitation.revoked" { invitation: InvitationId }
    /// An invitation got a new link; the old one ended.
    InvitationReissued "invitation.reissued" { invitation: InvitationId }
    /// A customer consented.
    RelationshipAccepted "relationship.accepted" { relationship: RelationshipId, publisher: TenantId, customer: TenantId, publisher_id: Option<PublisherId> }
    /// One side ended the relationship.
    RelationshipEnded "relationship.ended" { relationship: RelationshipId, publisher: TenantId, customer: TenantId, publisher_id: Option<PublisherId> }
}
