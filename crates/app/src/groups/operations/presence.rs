//! Users come and go: their seats are freed, and they are in their groups only while they are there (ASG-06).

use db::Tx;
use types::UserId;

use super::follow;
use crate::access::{Right, UserEdit};
use crate::assignments::operations::retire_user;
use crate::groups::store;
use crate::identity::operations::edit_user;
use crate::identity::{User, UserStatus};
use crate::kit::{Expected, Refused};

/// Deactivates or deletes a user. A deactivated one stays a member; who is deleted is none any more.
pub(crate) async fn retire(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    user: UserId,
    status: UserStatus,
) -> Result<User, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let retired = retire_user::retire_user(tx, right, user, status).await?;
    match status {
        UserStatus::Deleted => store::delete_memberships(tx, &user).await?,
        _ => store::set_present(tx, &user, false).await?,
    }
    Ok(retired)
}

/// Activates a user: directly assigned seats do not come back by themselves, those of its groups do.
pub(crate) async fn activate(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    user: UserId,
    expected: &Expected,
) -> Result<User, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let active = edit_user::activate_user(tx, right, user, expected).await?;
    store::set_present(tx, &user, true).await?;
    follow::users(tx, right, &[user]).await?;
    Ok(active)
}
