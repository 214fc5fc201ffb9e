//! Relationships: a customer's consent that a publisher may provision licenses to it.
//!
//! The publisher makes an *invitation*: a link with a secret of 256 random bits, stored hashed. It is good
//! for one tenant and 30 days, can be revoked and re-issued (REL-01). That the token cannot be guessed or
//! looked up in the database is what a signature would prove; and unlike a signature it ends when it is
//! re-issued. The customer's global or billing admin sees who asks, and accepts: from then on there is a
//! *relationship* between exactly this publisher and this customer (REL-02, REL-04).
//!
//! ```text
//! invitation: open ──accept──► accepted        open ──revoke──► revoked        open ──30 days──► expired
//!             open, revoked, expired ──reissue──► open, with another token
//! ```
//!
//! Either side may end it once no license is active under it (REL-05), through the feature `licenses`, which
//! knows. The row stays; another consent needs another invitation.
//!
//! Tables: `invitations`, `relationships`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
mod invitation;
pub(crate) mod operations;
pub(crate) mod pages;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use invitation::{Invitation, InvitationStatus};
pub(crate) use store::STATEMENTS;

use types::{InvitationId, RelationshipId, TenantId, Timestamp};

crate::kit::codes! {
    FORGED = 422 "invitation.forged" "The link is not one of this marketplace";
    USED = 409 "invitation.used" "The link was used by another organisation";
    REVOKED = 409 "invitation.revoked" "The link was revoked";
    EXPIRED = 409 "invitation.expired" "The link has expired";
    ACCEPTED = 409 "invitation.accepted" "The invitation was accepted";
    OWN_INVITATION = 409 "invitation.own" "A publisher cannot be its own customer by invitation";
    ENDED = 409 "relationship.ended" "The relationship has ended";
    NO_RELATIONSHIP = 409 "relationship.none" "The customer has not consented";
}

db::rows! {
    /// A consent.
    pub(crate) struct Relationship in "relationships" {
        pub id: RelationshipId,
        pub publisher_tenant_id: TenantId,
        pub customer_tenant_id: TenantId,
        pub invitation_id: InvitationId,
        pub accepted_at: Timestamp,
        /// The row stays: it is history.
        pub ended_at: Option<Timestamp>,
    }
}
