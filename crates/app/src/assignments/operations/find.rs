//! Look up seats and their history.

use db::{DbError, Tx};
use types::{Page, PageRequest, ServiceId, TenantId, UserId};

use crate::access::{LicenseView, Permission, Right};
use crate::assignments::{Path, Seat, store};
use crate::identity::User;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;

/// The seats of a license, with their users and the paths that keep them.
pub(crate) async fn seats(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
    page: &PageRequest,
) -> Result<Page<(Seat, User, Vec<Path>)>, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let seats = store::list_seats(tx, &pool.id, page).await?;
    let Page { items, next_cursor } = Page::cut(seats, page, |seat| seat.id.as_bytes().to_vec());
    let mut rows = Vec::with_capacity(items.len());
    for seat in items {
        let user = identity::user(tx, right, &UserRef::Id(seat.user_id)).await?;
        let user = user.ok_or_else(|| Refused::internal("a seat of nobody"))?;
        let mut paths = store::list_paths(tx, &seat.pool_id, &seat.user_id).await?;
        paths.retain(|path| path.ended_at.is_none());
        rows.push((seat, user, paths));
    }
    Ok(Page { items: rows, next_cursor })
}

/// ASG-09: every path that led or leads to a user's seat.
pub(crate) async fn history(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
    user: &UserRef,
) -> Result<Vec<Path>, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let user = identity::existing_user(tx, right, user).await?;
    Ok(store::list_paths(tx, &pool.id, &user.id).await?)
}

/// The seats of a user of this right's tenant.
pub(crate) async fn seats_of_user<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: &UserId,
) -> Result<Vec<Seat>, Refused> {
    Ok(store::list_seats_of_user(tx, &right.tenant(), user).await?)
}

/// Every seat of a tenant, for the entitlement index.
pub(crate) async fn seats_of(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<(UserId, ServiceId)>, DbError> {
    store::list_seated(tx, tenant).await
}
