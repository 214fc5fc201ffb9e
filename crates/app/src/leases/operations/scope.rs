//! Whose leases: from a proof of right, and nowhere else.

use db::Tx;
use types::{TenantId, UserId};

use crate::access::{LeaseAny, LeaseCustomers, LeaseSelf, Right};
use crate::kit::Refused;
use crate::leases::Scope;
use crate::relationships::operations::find as relationships;

/// One's own.
pub(crate) fn own(right: &Right<LeaseSelf>) -> Result<Scope, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    Ok(Scope { tenant: right.tenant(), publisher: None, user: Some(user) })
}

/// Those of the tenant.
pub(crate) fn tenant(right: &Right<LeaseAny>) -> Scope {
    Scope { tenant: right.tenant(), publisher: None, user: None }
}

/// Those of one user of the tenant.
pub(crate) fn user(right: &Right<LeaseAny>, user: UserId) -> Scope {
    Scope { user: Some(user), ..tenant(right) }
}

/// Those of a customer, for the publisher's own apps.
pub(crate) async fn customer(
    tx: &mut Tx,
    right: &Right<LeaseCustomers>,
    customer: TenantId,
) -> Result<Scope, Refused> {
    relationships::customer(tx, &right.tenant(), &customer).await?;
    Ok(Scope { tenant: customer, publisher: Some(right.tenant()), user: None })
}
