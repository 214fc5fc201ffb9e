//! Whose rights are asked about, and by whom.

use db::Tx;
use entitlement::{Question, Target};
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId};

use crate::access::{CheckAny, CheckCustomers, CheckSelf, Right};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::relationships::operations::find as relationships;

/// Who looks, and so what there is to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The user itself: not what the organisation bought.
    Own,
    /// An administrator of the tenant.
    Administrator,
    /// Only its own services, without anybody's name (REL-06).
    Publisher(PublisherId),
}

/// A user about whom somebody may ask: made only where the right to was shown.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(super) tenant: TenantId,
    pub(super) user: UserId,
    pub(super) sight: Sight,
    pub(super) now: Timestamp,
}

impl Subject {
    pub(crate) fn oneself(right: &Right<CheckSelf>) -> Result<Self, Refused> {
        let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
        Ok(Self { tenant: right.tenant(), user, sight: Sight::Own, now: right.now() })
    }

    /// Somebody of the right's tenant.
    pub(crate) async fn member(
        tx: &mut Tx,
        right: &Right<CheckAny>,
        user: &UserRef,
    ) -> Result<Self, Refused> {
        let user = identity::existing_user(tx, right, user).await?.id;
        Ok(Self { tenant: right.tenant(), user, sight: Sight::Administrator, now: right.now() })
    }

    /// Somebody of a customer of the right's publisher; without a relationship there is no such customer.
    pub(crate) async fn of_customer(
        tx: &mut Tx,
        right: &Right<CheckCustomers>,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Self, Refused> {
        relationships::customer(tx, &right.tenant(), &tenant).await?;
        let sight = Sight::Publisher(right.publisher()?.clone());
        Ok(Self { tenant, user, sight, now: right.now() })
    }

    /// The same question as a check asks it.
    pub(in crate::rights) fn question<'q>(&'q self, target: Target<'q>) -> Question<'q> {
        let Self { tenant, user, now, .. } = *self;
        let publisher = self.publisher().map(PublisherId::as_str);
        Question { tenant, user, target, publisher, at_least: 0, now }
    }

    pub(super) fn publisher(&self) -> Option<&PublisherId> {
        match &self.sight {
            Sight::Publisher(publisher) => Some(publisher),
            Sight::Own | Sight::Administrator => None,
        }
    }

    /// Whether the service is one of those to be seen.
    pub(super) fn sees(&self, service: &ServiceId) -> bool {
        self.publisher().is_none_or(|publisher| service.publisher() == publisher.as_str())
    }
}
