//! Invitations.

use types::{InvitationId, TenantId, Timestamp};

use super::{EXPIRED, REVOKED};
use crate::kit::{Refused, text_enum};

/// Days a link is good for (REL-01).
pub(super) const DAYS: i64 = 30;

text_enum! {
    InvitationStatus {
        Open = "open",
        Accepted = "accepted",
        Revoked = "revoked",
        Expired = "expired",
    }
}

db::rows! {
    /// A publisher's link that asks for consent.
    pub(crate) struct Invitation in "invitations" {
        pub id: InvitationId,
        pub tenant_id: TenantId,
        pub note: Option<String>,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub revoked_at: Option<Timestamp>,
        pub accepted_at: Option<Timestamp>,
        pub accepted_by_tenant: Option<TenantId>,
    }
}

impl Invitation {
    /// Time decides: nothing has to mark a link as expired.
    pub(crate) fn status(&self, now: Timestamp) -> InvitationStatus {
        match self {
            Self { accepted_at: Some(_), .. } => InvitationStatus::Accepted,
            Self { revoked_at: Some(_), .. } => InvitationStatus::Revoked,
            Self { expires_at, .. } if *expires_at <= now => InvitationStatus::Expired,
            _ => InvitationStatus::Open,
        }
    }

    /// REL-03: a link that is over is refused with its reason.
    pub(super) fn refuse_over(&self, now: Timestamp) -> Result<(), Refused> {
        match self.status(now) {
            InvitationStatus::Revoked => Err(REVOKED.because("Ask the publisher for a new one.")),
            InvitationStatus::Expired => Err(EXPIRED.because("Ask the publisher to re-issue it.")),
            InvitationStatus::Open | InvitationStatus::Accepted => Ok(()),
        }
    }
}
