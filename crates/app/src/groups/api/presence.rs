//! Users who leave and come back.

use crate::access::UserEdit;
use crate::edge::{Answer, Call, NoBody, Path, Refusals};
use crate::groups::operations::presence;
use crate::identity::UserStatus;
use crate::identity::api::UserView;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;

async fn retire(user: &str, call: Call<UserEdit>, status: UserStatus) -> Result<Answer<UserView>, Refused> {
    let user = UserRef::from_path(user)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let user = identity::existing_user(tx, right, &user).await?;
            presence::retire(tx, right, user.id, status).await.map(UserView::from)
        })
    })
    .await
}

/// Deactivate a user: no sign-in, every seat is freed at once.
#[utoipa::path(post, path = "/users/{user}/deactivate", tag = "identity", operation_id = "deactivate_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = UserView), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn deactivate_user(
    Path(user): Path<String>,
    call: Call<UserEdit, NoBody>,
) -> Result<Answer<UserView>, Refused> {
    retire(&user, call, UserStatus::Inactive).await
}

/// Delete a user: every seat is freed at once; the address is free again.
#[utoipa::path(delete, path = "/users/{user}", tag = "identity", operation_id = "delete_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = UserView), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn delete_user(
    Path(user): Path<String>,
    call: Call<UserEdit, NoBody>,
) -> Result<Answer<UserView>, Refused> {
    retire(&user, call, UserStatus::Deleted).await
}

/// Activate a deactivated user again; directly assigned seats do not come back by themselves, those of the
/// user's groups do.
#[utoipa::path(post, path = "/users/{user}/activate", tag = "identity", operation_id = "activate_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = UserView), Refusals),
    extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn activate_user(
    Path(user): Path<String>,
    call: Call<UserEdit, NoBody>,
) -> Result<Answer<UserView>, Refused> {
    let (user, expected) = (UserRef::from_path(&user)?, call.expected.clone());
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                presence::activate(tx, right, user.id, &expected).await.map(UserView::from)
            })
        })
        .await?;
    Ok(answer.etag(|user| user.revision))
}
