//! Seats that nobody uses.

use std::collections::BTreeMap;

use db::Tx;
use types::{Page, PageRequest, ServiceId};

use crate::access::{LicenseView, Right};
use crate::identity::User;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::idle::store;
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;
use crate::seats::IdleSeat;
use crate::seats::operations::used;

/// Seats of a license that were not used for these many days, without those of people on leave. A page may
/// have fewer than asked for.
pub(crate) async fn idle_seats(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
    days: i64,
    page: &PageRequest,
) -> Result<Page<(IdleSeat, User)>, Refused> {
    let pool = licenses::pool(tx, right, service).await?;
    let away = store::list_on_leave(tx, &right.tenant(), right.now()).await?;
    let found = used::unused_since(tx, &pool.id, right.now().plus_days(-days), page).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for seat in found.items.into_iter().filter(|seat| !away.contains(&seat.user_id)) {
        let user = identity::user(tx, right, &UserRef::Id(seat.user_id)).await?;
        let user = user.ok_or_else(|| Refused::internal("a seat of nobody"))?;
        items.push((seat, user));
    }
    Ok(Page { items, next_cursor: found.next_cursor })
}

/// How many of those each of the tenant's licenses has.
pub(crate) async fn count_idle(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    days: i64,
) -> Result<BTreeMap<ServiceId, i64>, Refused> {
    let away = store::list_on_leave(tx, &right.tenant(), right.now()).await?;
    used::count_unused_since(tx, &right.tenant(), right.now().plus_days(-days), &away).await
}
