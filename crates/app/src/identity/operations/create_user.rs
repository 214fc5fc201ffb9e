//! Add a user to the directory.

use db::Tx;
use types::{Email, Name, TenantId, Timestamp, UserId};

use crate::access::{Right, Role, RoleGrant, UserEdit};
use crate::identity::events::UserCreated;
use crate::identity::user::RoleList;
use crate::identity::{EMAIL_TAKEN, ROLE_WRONG_SIDE, Tenant, User, UserStatus, store};
use crate::kit::Refused;

#[derive(Debug, Clone)]
pub(crate) struct CreateUser {
    pub email: Email,
    pub name: Name<200>,
    pub roles: Vec<Role>,
    /// Absent for people who never sign in here.
    pub password_hash: Option<String>,
}

pub(crate) async fn create_user(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    command: CreateUser,
) -> Result<User, Refused> {
    if !command.roles.is_empty() {
        right.also::<RoleGrant>()?;
    }
    if command.password_hash.is_some() {
        right.refuse_personal_token()?;
    }
    let tenant =
        store::find_tenant(tx, &right.tenant()).await?.ok_or_else(|| Refused::not_found("tenant"))?;
    refuse_wrong_side(&tenant, &command.roles)?;
    let made = (right.new_id(), right.now());
    let CreateUser { email, name, roles, password_hash } = command;
    let user = insert_user(tx, tenant.id, email, name, &roles, password_hash.as_deref(), made).await?;
    right.record(tx, &UserCreated { user: user.id })?;
    Ok(user)
}

pub(super) fn refuse_wrong_side(tenant: &Tenant, roles: &[Role]) -> Result<(), Refused> {
    match roles.iter().find(|role| !tenant.can_have(**role)) {
        Some(role) => {
            let detail = format!(
                "{} makes no sense in {}: it neither sells nor runs the marketplace, or the role is the operator's.",
                role.as_str(),
                tenant.slug
            );
            Err(ROLE_WRONG_SIDE.because(detail))
        }
        None => Ok(()),
    }
}

/// Writes the row and the roles; the caller records the event.
pub(super) async fn insert_user(
    tx: &mut Tx,
    tenant: TenantId,
    email: Email,
    name: Name<200>,
    roles: &[Role],
    password_hash: Option<&str>,
    (id, now): (UserId, Timestamp),
) -> Result<User, Refused> {
    let mut roles: Vec<Role> = roles.iter().copied().filter(|role| *role != Role::User).collect();
    roles.sort_unstable();
    roles.dedup();
    let user = User {
        id,
        tenant_id: tenant,
        email,
        name: name.into_string(),
        status: UserStatus::Active,
        roles: RoleList(roles),
        created_at: now,
        revision: 1,
    };
    if !store::insert_user(tx, &user, password_hash).await? {
        return Err(EMAIL_TAKEN.because(format!("{} is in this directory already.", user.email)));
    }
    store::replace_roles(tx, &user, &user.roles.0).await?;
    Ok(user)
}
