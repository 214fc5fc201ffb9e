//! A user leaves: deactivated or deleted, every seat freed in the same transaction (ASG-06).

use db::Tx;
use types::UserId;

use crate::access::{Right, UserEdit};
use crate::identity::operations::edit_user;
use crate::identity::{User, UserStatus};
use crate::kit::Refused;
use crate::licenses::operations::pools;
use crate::seats::operations::{find, paths};

pub(crate) async fn retire_user(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    user: UserId,
    status: UserStatus,
) -> Result<User, Refused> {
    let retired = edit_user::retire_user(tx, right, user, status).await?;
    // Every pool, not only those the user has a seat of: whoever comes later finds the user gone, whoever
    // came first has left a seat to be freed.
    let pools = pools::lock_all(tx, right, &right.tenant()).await?;
    let held = find::seats_of_user(tx, &right.tenant(), &user, right.now()).await?;
    for pool in pools.iter().filter(|pool| held.iter().any(|seat| seat.pool_id == pool.id)) {
        paths::close_all_paths(tx, right, pool, user).await?;
    }
    Ok(retired)
}
