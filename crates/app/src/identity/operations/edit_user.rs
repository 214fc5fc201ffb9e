//! Change a user: name, roles, password, and whether it is there at all.

use db::Tx;
use types::{Name, UserId};

use super::create_user::refuse_wrong_side;
use crate::access::{Right, Role, RoleGrant, UserEdit};
use crate::identity::events::{
    PasswordSet, RolesChanged, UserActivated, UserDeactivated, UserDeleted, UserRenamed,
};
use crate::identity::user::RoleList;
use crate::identity::{
    LAST_GLOBAL_ADMIN, LAST_OPERATOR, OWN_PASSWORD, ROLE_NEEDS_GRANT, User, UserStatus, store,
};
use crate::kit::{Expected, Refused};

pub(crate) async fn rename_user(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: UserId,
    name: Name<200>,
    expected: &Expected,
) -> Result<User, Refused> {
    let user = editable(tx, right, id).await?;
    expected.refuse_stale(user.revision)?;
    let renamed = User { name: name.into_string(), revision: user.revision + 1, ..user };
    store::update_user(tx, &renamed, renamed.status).await?;
    right.record(tx, &UserRenamed { user: id })?;
    Ok(renamed)
}

/// Replaces the roles of a user; ROL-02: the last global admin stays one.
pub(crate) async fn set_roles(
    tx: &mut Tx,
    right: &Right<RoleGrant>,
    id: UserId,
    roles: Vec<Role>,
    expected: &Expected,
) -> Result<User, Refused> {
    let user = store::lock_user(tx, &right.tenant(), &id).await?.ok_or_else(|| Refused::not_found("user"))?;
    expected.refuse_stale(user.revision)?;
    let tenant =
        store::find_tenant(tx, &right.tenant()).await?.ok_or_else(|| Refused::not_found("tenant"))?;
    refuse_wrong_side(&tenant, &roles)?;
    let mut roles: Vec<Role> = roles.into_iter().filter(|role| *role != Role::User).collect();
    roles.sort_unstable();
    roles.dedup();
    store::lock_tenant(tx, &user.tenant_id).await?;
    keep_somebody(tx, &user, &roles).await?;
    store::replace_roles(tx, &user, &roles).await?;
    store::update_user(tx, &user, user.status).await?;
    right.record(tx, &RolesChanged { user: id, roles: roles.clone() })?;
    Ok(User { roles: RoleList(roles), revision: user.revision + 1, ..user })
}

pub(crate) async fn set_password(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: UserId,
    password_hash: String,
) -> Result<(), Refused> {
    right.refuse_personal_token()?;
    // Whoever has somebody's session, but not their password, must not come by it.
    if right.user() == Some(id) {
        return Err(OWN_PASSWORD.because("Change it in your account, or by PUT /me/password."));
    }
    let user = editable(tx, right, id).await?;
    store::update_password(tx, &user.tenant_id, &id, &password_hash).await?;
    store::delete_credentials(tx, &id).await?;
    right.record(tx, &PasswordSet { user: id })?;
    Ok(())
}

pub(crate) async fn activate_user(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: UserId,
    expected: &Expected,
) -> Result<User, Refused> {
    let user = editable(tx, right, id).await?;
    expected.refuse_stale(user.revision)?;
    if user.status == UserStatus::Active {
        return Ok(user);
    }
    store::update_user(tx, &user, UserStatus::Active).await?;
    right.record(tx, &UserActivated { user: id })?;
    Ok(User { status: UserStatus::Active, revision: user.revision + 1, ..user })
}

/// Deactivates or deletes. Called by the feature that frees the user's seats in the same transaction.
pub(crate) async fn retire_user(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: UserId,
    status: UserStatus,
) -> Result<User, Refused> {
    let user = editable(tx, right, id).await?;
    if user.status == status {
        return Ok(user);
    }
    // Also for whoever frees the seats: no pool comes into being meanwhile.
    store::lock_tenant(tx, &user.tenant_id).await?;
    keep_somebody(tx, &user, &[]).await?;
    store::update_user(tx, &user, status).await?;
    store::delete_credentials(tx, &id).await?;
    if status == UserStatus::Deleted {
        store::replace_roles(tx, &user, &[]).await?;
        right.record(tx, &UserDeleted { user: id })?;
    } else {
        right.record(tx, &UserDeactivated { user: id })?;
    }
    Ok(User { status, revision: user.revision + 1, ..user })
}

/// A user this right may edit, held until the end of the unit: people who hold a role only by those who may grant roles, else a user
/// admin could take over a global admin's account.
pub(crate) async fn editable(tx: &mut Tx, right: &Right<UserEdit>, id: UserId) -> Result<User, Refused> {
    let user = store::lock_user(tx, &right.tenant(), &id).await?.ok_or_else(|| Refused::not_found("user"))?;
    if !user.roles.0.is_empty() && right.also::<RoleGrant>().is_err() {
        return Err(ROLE_NEEDS_GRANT.because("This user holds a role; ask a global admin."));
    }
    Ok(user)
}

/// Whether nobody else is global admin: such a user stays one.
pub(crate) async fn is_last_global_admin(tx: &mut Tx, user: &User) -> Result<bool, Refused> {
    is_last(tx, user, Role::GlobalAdmin).await
}

async fn is_last(tx: &mut Tx, user: &User, role: Role) -> Result<bool, Refused> {
    Ok(user.holds(role) && store::count_other_holders(tx, &user.tenant_id, role, &user.id).await? == 0)
}

/// Somebody stays who may do what nobody else may give them: before this user holds no more than `left`.
async fn keep_somebody(tx: &mut Tx, user: &User, left: &[Role]) -> Result<(), Refused> {
    if !left.contains(&Role::GlobalAdmin) && is_last(tx, user, Role::GlobalAdmin).await? {
        return Err(LAST_GLOBAL_ADMIN.because("Make somebody else global admin first."));
    }
    if !left.contains(&Role::Operator) && is_last(tx, user, Role::Operator).await? {
        return Err(LAST_OPERATOR.because("Make somebody else operator first."));
    }
    Ok(())
}
