//! Groups themselves.

use serde::{Deserialize, Serialize};
use types::{GroupId, Name, Page, Timestamp};
use utoipa::ToSchema;

use super::group_id;
use crate::access::{UserEdit, UserView as MayView};
use crate::edge::{Answer, Call, NoBody, Nothing, PageParams, Params, Path, Refusals};
use crate::groups::Group;
use crate::groups::operations::{edit_group, find};
use crate::kit::{Fields, Refused, Search};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct GroupView {
    id: GroupId,
    name: String,
    created_at: Timestamp,
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self { id: group.id, name: group.name, created_at: group.created_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupBody {
    #[schema(max_length = 200)]
    name: String,
}

/// Make a group.
#[utoipa::path(post, path = "/groups", tag = "groups", operation_id = "create_group", request_body = GroupBody,
    responses((status = 201, body = GroupView), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn create_group(call: Call<UserEdit, GroupBody>) -> Result<Answer<GroupView>, Refused> {
    let mut fields = Fields::default();
    let Some(name) = fields.parse("name", &call.body.name, Name::parse) else { return Err(fields.refuse()) };
    let answer = call
        .write(|tx, right| {
            Box::pin(async move { edit_group::create_group(tx, right, name).await.map(GroupView::from) })
        })
        .await?;
    Ok(answer.created())
}

/// The groups of your organisation.
#[utoipa::path(get, path = "/groups", tag = "groups", operation_id = "list_groups", params(PageParams),
    responses((status = 200, body = Page<GroupView>), Refusals), extensions(("x-permission" = json!("user.view"))))]
pub(super) async fn list_groups(
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<GroupView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { find::groups(tx, right, &page, &Search::default()).await })
        })
        .await?;
    Ok(answer.map(|page| page.map(GroupView::from)))
}

/// One group.
#[utoipa::path(get, path = "/groups/{group}", tag = "groups", operation_id = "get_group",
    params(("group" = String, Path, description = "Id")),
    responses((status = 200, body = GroupView), Refusals), extensions(("x-permission" = json!("user.view"))))]
pub(super) async fn get_group(
    Path(group): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<GroupView>, Refused> {
    let id = group_id(&group)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::group(tx, right, &id).await })).await?;
    Ok(answer.map(GroupView::from))
}

/// Delete a group that has no licenses.
#[utoipa::path(delete, path = "/groups/{group}", tag = "groups", operation_id = "delete_group",
    params(("group" = String, Path, description = "Id")),
    responses((status = 204), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn delete_group(
    Path(group): Path<String>,
    call: Call<UserEdit, NoBody>,
) -> Result<Nothing, Refused> {
    let id = group_id(&group)?;
    let done = call
        .write(move |tx, right| Box::pin(async move { edit_group::delete_group(tx, right, &id).await }))
        .await?;
    Ok(done.nothing())
}
