//! The first operator: made on the machine itself, before anybody can sign in.

use db::Tx;
use types::{Email, Name};

use super::create_user::insert_user;
use crate::access::{MARKETPLACE, Right, Role, UserEdit};
use crate::identity::User;
use crate::identity::events::UserCreated;
use crate::kit::Refused;

/// Adds a user who is operator and global admin of the marketplace's own tenant.
pub(crate) async fn create_operator(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    email: Email,
    name: Name<200>,
    password_hash: &str,
) -> Result<User, Refused> {
    let roles = [Role::Operator, Role::GlobalAdmin];
    let made = (right.new_id(), right.now());
    let user = insert_user(tx, MARKETPLACE, email, name, &roles, Some(password_hash), made).await?;
    right.record(tx, &UserCreated { user: user.id })?;
    Ok(user)
}
