//! Look up leases, and what was revoked.

use db::{DbError, Tx};
use entitlement::lease::RevocationList;
use types::{Page, PageRequest, PublisherId, TenantId, Timestamp};

use crate::access::{LeaseAny, Right};
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::leases::{LeaseRow, Scope, store};

pub(crate) async fn list_leases(
    tx: &mut Tx,
    scope: &Scope,
    page: &PageRequest,
) -> Result<Page<LeaseRow>, Refused> {
    let leases = store::list_leases(tx, scope, page).await?;
    Ok(Page::cut(leases, page, |lease| lease.id.as_bytes().to_vec()))
}

/// The newest first; without `ended` those whose time is not over.
pub(crate) async fn latest_leases(
    tx: &mut Tx,
    scope: &Scope,
    (ended, now): (bool, Timestamp),
    page: &PageRequest,
) -> Result<Page<LeaseRow>, Refused> {
    let ending_after = if ended { Timestamp::default() } else { now };
    let leases = store::list_latest(tx, scope, ending_after, page).await?;
    Ok(Page::cut(leases, page, |lease| lease.id.as_bytes().to_vec()))
}

/// Whose apps may carry leases of this tenant.
pub(crate) async fn publishers(tx: &mut Tx, right: &Right<LeaseAny>) -> Result<Vec<PublisherId>, DbError> {
    store::list_publishers(tx, &right.tenant(), right.now()).await
}

/// When the last of all leases ends, for whoever retires what they are signed with.
pub(crate) async fn last_end(tx: &mut Tx) -> Result<Option<Timestamp>, DbError> {
    store::last_end(tx).await
}

/// The list of a publisher and the customer of this scope.
pub(crate) async fn revocations(
    tx: &mut Tx,
    scope: &Scope,
    publisher: &PublisherId,
    now: Timestamp,
) -> Result<RevocationList, Refused> {
    let tenant = publisher_tenant(tx, publisher).await?;
    let (sequence, ended) = store::find_list(tx, &tenant, &scope.tenant, now).await?;
    Ok(RevocationList::new(scope.tenant, now.seconds(), sequence, &ended))
}

async fn publisher_tenant(tx: &mut Tx, publisher: &PublisherId) -> Result<TenantId, Refused> {
    let found = identity::publisher(tx, publisher).await?;
    found.map(|tenant| tenant.id).ok_or_else(|| Refused::not_found("publisher"))
}
