//! Users over HTTP. Deactivating, activating and deleting are the feature `groups`': seats follow.

use serde::{Deserialize, Serialize};
use types::{Email, Name, Page, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};

use crate::access::{Role, RoleGrant, UserEdit, UserView as MayView};
use crate::edge::{Answer, Call, Nothing, Params, Path, Refusals, page_request};
use crate::identity::operations::create_user::{self, CreateUser};
use crate::identity::operations::edit_user;
use crate::identity::operations::find::{self, UserRef};
use crate::identity::{Password, User, UserStatus};
use crate::kit::{Fields, Refused, Search};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct UserView {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub status: UserStatus,
    /// Besides `user`, which everybody holds.
    pub roles: Vec<Role>,
    pub created_at: Timestamp,
    pub revision: i64,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        let User { id, email, name, status, roles, created_at, revision, .. } = user;
        Self { id, email, name, status, roles: roles.0, created_at, revision }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUserBody {
    #[schema(max_length = 254)]
    email: String,
    #[schema(max_length = 200)]
    name: String,
    /// Needs the permission `role.grant` unless empty.
    #[serde(default)]
    roles: Vec<Role>,
    /// Absent for people who never sign in here.
    #[serde(default)]
    #[schema(min_length = 10, max_length = 200)]
    password: Option<String>,
}

/// Add a user to the tenant's directory.
#[utoipa::path(post, path = "/users", tag = "identity", operation_id = "create_user",
    request_body = CreateUserBody, responses((status = 201, body = UserView), Refusals),
    extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn create_user(call: Call<UserEdit, CreateUserBody>) -> Result<Answer<UserView>, Refused> {
    let body = &call.body;
    let mut fields = Fields::default();
    let email = fields.parse("email", &body.email, Email::parse);
    let name = fields.parse("name", &body.name, Name::parse);
    let password = Password::optional(&mut fields, "password", body.password.as_deref());
    let (Some(email), Some(name), Some(password)) = (email, name, password) else {
        return Err(fields.refuse());
    };
    let password_hash = call.app.passwords.hash_any(password, &email).await?;
    let command = CreateUser { email, name, roles: body.roles.clone(), password_hash };
    let answer = call
        .write(|tx, right| {
            Box::pin(async move { create_user::create_user(tx, right, command).await.map(UserView::from) })
        })
        .await?;
    Ok(answer.created().etag(|user| user.revision))
}

/// Which users, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserParams {
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// Part of a name or address.
    #[param(max_length = 200)]
    search: Option<String>,
}

/// The users of the tenant.
#[utoipa::path(get, path = "/users", tag = "identity", operation_id = "list_users", params(UserParams),
    responses((status = 200, body = Page<UserView>), Refusals),
    extensions(("x-permission" = json!("user.view"))))]
pub(super) async fn list_users(
    Params(query): Params<UserParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<UserView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let mut fields = Fields::default();
    let search = fields.check("search", Search::parse(query.search.as_deref()));
    let Some(search) = search else { return Err(fields.refuse()) };
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_users(tx, right, &page, &search).await }))
        .await?;
    Ok(answer.map(|page| page.map(UserView::from)))
}

/// One user, by id or e-mail address.
#[utoipa::path(get, path = "/users/{user}", tag = "identity", operation_id = "get_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = UserView), Refusals),
    extensions(("x-permission" = json!("user.view"))))]
pub(super) async fn get_user(
    Path(user): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<UserView>, Refused> {
    let user = UserRef::from_path(&user)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::existing_user(tx, right, &user).await }))
        .await?;
    Ok(answer.map(UserView::from).etag(|user| user.revision))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameUser {
    #[schema(max_length = 200)]
    name: String,
}

/// Change a user's name.
#[utoipa::path(patch, path = "/users/{user}", tag = "identity", operation_id = "rename_user",
    params(("user" = String, Path, description = "Id or e-mail address")), request_body = RenameUser,
    responses((status = 200, body = UserView), Refusals),
    extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn rename_user(
    Path(user): Path<String>,
    call: Call<UserEdit, RenameUser>,
) -> Result<Answer<UserView>, Refused> {
    let user = UserRef::from_path(&user)?;
    let mut fields = Fields::default();
    let Some(name) = fields.parse("name", &call.body.name, Name::parse) else { return Err(fields.refuse()) };
    let expected = call.expected.clone();
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let user = find::existing_user(tx, right, &user).await?;
                edit_user::rename_user(tx, right, user.id, name, &expected).await.map(UserView::from)
            })
        })
        .await?;
    Ok(answer.etag(|user| user.revision))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetRoles {
    roles: Vec<Role>,
}

/// Replace a user's roles.
#[utoipa::path(put, path = "/users/{user}/roles", tag = "identity", operation_id = "set_roles",
    params(("user" = String, Path, description = "Id or e-mail address")), request_body = SetRoles,
    responses((status = 200, body = UserView), Refusals),
    extensions(("x-permission" = json!("role.grant"))))]
pub(super) async fn set_roles(
    Path(user): Path<String>,
    call: Call<RoleGrant, SetRoles>,
) -> Result<Answer<UserView>, Refused> {
    let user = UserRef::from_path(&user)?;
    let (roles, expected) = (call.body.roles.clone(), call.expected.clone());
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let user = find::existing_user(tx, right, &user).await?;
                edit_user::set_roles(tx, right, user.id, roles, &expected).await.map(UserView::from)
            })
        })
        .await?;
    Ok(answer.etag(|user| user.revision))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPassword {
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Set a user's password. Every session and token of the user ends.
#[utoipa::path(put, path = "/users/{user}/password", tag = "identity", operation_id = "set_password",
    params(("user" = String, Path, description = "Id or e-mail address")), request_body = SetPassword,
    responses((status = 204), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn set_password(
    Path(user): Path<String>,
    call: Call<UserEdit, SetPassword>,
) -> Result<Nothing, Refused> {
    let user = UserRef::from_path(&user)?;
    let mut fields = Fields::default();
    let password = Password::parse(&mut fields, "password", &call.body.password);
    let Some(password) = password else { return Err(fields.refuse()) };
    let (db, right) = (call.app.db.clone(), call.right.clone());
    let user =
        db.read(move |tx| Box::pin(async move { find::existing_user(tx, &right, &user).await })).await?;
    let hash = call.app.passwords.hash(password, &user.email).await?;
    let done = call
        .write(move |tx, right| {
            Box::pin(async move { edit_user::set_password(tx, right, user.id, hash).await })
        })
        .await?;
    Ok(done.nothing())
}
