//! Say that somebody is away.

use db::Tx;
use types::{Timestamp, UserId};

use crate::access::{Right, UserEdit};
use crate::idle::events::{LeaveEnded, LeaveSet};
use crate::idle::store;
use crate::kit::Refused;

/// Replaces what was said before.
pub(crate) async fn set_leave(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    user: UserId,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Result<(), Refused> {
    store::upsert_leave(tx, &right.tenant(), &user, starts_at, ends_at).await?;
    right.record(tx, &LeaveSet { user, starts_at, ends_at })?;
    Ok(())
}

/// Who is not away stays so.
pub(crate) async fn end_leave(tx: &mut Tx, right: &Right<UserEdit>, user: UserId) -> Result<(), Refused> {
    if store::delete_leave(tx, &user).await? {
        right.record(tx, &LeaveEnded { user })?;
    }
    Ok(())
}
