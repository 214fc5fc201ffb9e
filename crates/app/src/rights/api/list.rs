//! All service ids of a user.

use crate::access::{CheckAny, CheckCustomers, CheckSelf};
use crate::edge::{Answer, Call, Path, Refusals};
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::rights::chain::HeldRights;
use crate::rights::operations::Subject;
use crate::rights::operations::list_rights::list_rights;

/// Every service id that you have a right to, with state, features and since when.
#[utoipa::path(get, path = "/me/rights", tag = "entitlements", operation_id = "list_own_rights",
    responses((status = 200, body = HeldRights), Refusals), extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn list_own_rights(call: Call<CheckSelf>) -> Result<Answer<HeldRights>, Refused> {
    let subject = Subject::oneself(&call.right)?;
    call.read(move |tx, _| Box::pin(async move { list_rights(tx, &subject).await })).await
}

/// Every service id that a user of your tenant has a right to.
#[utoipa::path(get, path = "/users/{user}/rights", tag = "entitlements", operation_id = "list_rights_of_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = HeldRights), Refusals), extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn list_rights_of_user(
    Path(user): Path<String>,
    call: Call<CheckAny>,
) -> Result<Answer<HeldRights>, Refused> {
    let user = UserRef::from_path(&user)?;
    call.read(move |tx, right| {
        Box::pin(async move {
            let subject = Subject::member(tx, right, &user).await?;
            list_rights(tx, &subject).await
        })
    })
    .await
}

/// Every service id of yours that a customer's user has a right to.
#[utoipa::path(get, path = "/customers/{tenant}/users/{user}/rights", tag = "entitlements",
    operation_id = "list_rights_of_customer_user",
    params(("tenant" = String, Path, description = "The customer's tenant id"),
        ("user" = String, Path, description = "The user's id, which the app learned when the user signed in")),
    responses((status = 200, body = HeldRights), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn list_rights_of_customer_user(
    Path((tenant, user)): Path<(String, String)>,
    call: Call<CheckCustomers>,
) -> Result<Answer<HeldRights>, Refused> {
    let (tenant, user) = super::customer_user(&tenant, &user)?;
    call.read(move |tx, right| {
        Box::pin(async move {
            let subject = Subject::of_customer(tx, right, tenant, user).await?;
            list_rights(tx, &subject).await
        })
    })
    .await
}
