//! Look up seats and their history.

use db::Tx;
use types::{Page, PageRequest, ServiceId, UserId};

use crate::access::{LicenseView, Permission, Right};
use crate::identity::User;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;
use crate::seats::operations::find as seats;
use crate::seats::{Path, Seat};

/// A seat, whose it is, and why.
#[derive(Debug, Clone)]
pub(crate) struct HeldSeat {
    pub seat: Seat,
    pub user: User,
    pub paths: Vec<Path>,
    /// In the queue, from 1; `None` if it is active.
    pub position: Option<i64>,
}

/// The seats of a license, with their users and the paths that keep them.
pub(crate) async fn held_seats(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
    page: &PageRequest,
) -> Result<Page<HeldSeat>, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let page = seats::seats(tx, &pool.id, page, right.now()).await?;
    with_users(tx, right, page).await
}

/// Who waits for a seat of a license, or will lose one: in the order in which seats that get free are given.
pub(crate) async fn queue(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
    page: &PageRequest,
) -> Result<Page<HeldSeat>, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let page = seats::queue(tx, &pool.id, page, right.now()).await?;
    with_users(tx, right, page).await
}

async fn with_users(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    page: Page<(Seat, Vec<Path>)>,
) -> Result<Page<HeldSeat>, Refused> {
    let Page { items, next_cursor } = page;
    let mut rows = Vec::with_capacity(items.len());
    for (seat, paths) in items {
        let user = identity::user(tx, right, &UserRef::Id(seat.user_id)).await?;
        let user = user.ok_or_else(|| Refused::internal("a seat of nobody"))?;
        let position = seats::position(tx, &seat, right.now()).await?;
        rows.push(HeldSeat { seat, user, paths, position });
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
    Ok(seats::history(tx, &pool.id, &user.id).await?)
}

/// The seats of a user of this right's tenant.
pub(crate) async fn seats_of_user<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: &UserId,
) -> Result<Vec<Seat>, Refused> {
    Ok(seats::seats_of_user(tx, &right.tenant(), user, right.now()).await?)
}
