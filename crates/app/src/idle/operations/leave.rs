//! Say that somebody is away, and look it up.

use db::Tx;
use types::{Timestamp, UserId};

use crate::access::{Permission, Right, UserEdit};
use crate::identity::operations::edit_user::editable;
use crate::idle::events::{LeaveEnded, LeaveSet};
use crate::idle::{Leave, store};
use crate::kit::{Fields, Refused};

/// The leave that a user is on, or will be; what is over is none.
pub(crate) async fn leave_of<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: UserId,
) -> Result<Option<Leave>, Refused> {
    let leave = store::find_leave(tx, &right.tenant(), &user).await?;
    Ok(leave.filter(|leave| leave.ends_at.is_none_or(|end| end > right.now())))
}

/// Replaces what was said before, which one that is over already would only end. Without a beginning it is from now on, without an end until it is ended.
pub(crate) async fn set_leave(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    user: UserId,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
) -> Result<(), Refused> {
    editable(tx, right, user).await?;
    let mut fields = Fields::default();
    if ends_at.zip(starts_at).is_some_and(|(end, start)| end <= start) {
        fields.wrong("until", "leave.ends_before_start", "must be later than the beginning");
    } else if ends_at.is_some_and(|end| end <= right.now()) {
        fields.wrong("until", "leave.over", "must not have passed");
    }
    fields.finish()?;
    let starts_at = starts_at.unwrap_or(right.now());
    store::upsert_leave(tx, &right.tenant(), &user, starts_at, ends_at).await?;
    right.record(tx, &LeaveSet { user, starts_at, ends_at })?;
    Ok(())
}

/// Who is not away stays so.
pub(crate) async fn end_leave(tx: &mut Tx, right: &Right<UserEdit>, user: UserId) -> Result<(), Refused> {
    editable(tx, right, user).await?;
    if store::delete_leave(tx, &user).await? {
        right.record(tx, &LeaveEnded { user })?;
    }
    Ok(())
}
