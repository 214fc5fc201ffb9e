//! Members of groups.

use serde::{Deserialize, Serialize};
use types::{GroupId, Page, Timestamp, UserId};
use utoipa::ToSchema;

use super::group_id;
use super::groups::GroupView;
use crate::access::{UserEdit, UserView as MayView};
use crate::edge::{Answer, Call, PageParams, Params, Path, Refusals};
use crate::groups::operations::find;
use crate::groups::operations::members::{self, Members};
use crate::groups::{AT_ONCE, DirectMember, MemberKind};
use crate::identity::operations::find::UserRef;
use crate::kit::{Fields, Refused};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MembersBody {
    /// Ids or e-mail addresses.
    #[serde(default)]
    #[schema(max_items = 1000)]
    users: Vec<String>,
    /// Ids of groups.
    #[serde(default)]
    #[schema(max_items = 100)]
    groups: Vec<String>,
}

impl MembersBody {
    fn parse(&self) -> Result<Members, Refused> {
        let mut fields = Fields::default();
        let (users, groups) = (self.users.iter().enumerate(), self.groups.iter().enumerate());
        if self.users.is_empty() && self.groups.is_empty()
            || self.users.len() > AT_ONCE
            || self.groups.len() > 100
        {
            let message = format!("must name up to {AT_ONCE} users and 100 groups, and somebody");
            fields.wrong("users", "members.count", message);
            return Err(fields.refuse());
        }
        let users: Vec<UserRef> = users
            .filter_map(|(at, text)| fields.parse(&format!("users[{at}]"), text, UserRef::parse))
            .collect();
        let groups: Vec<GroupId> = groups
            .filter_map(|(at, text)| fields.parse(&format!("groups[{at}]"), text, GroupId::parse))
            .collect();
        fields.finish()?;
        Ok(Members { users, groups })
    }
}

/// A direct member of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberView {
    kind: MemberKind,
    /// Of a user.
    user: Option<UserId>,
    /// Of a group.
    group: Option<GroupId>,
    since: Timestamp,
}

impl From<DirectMember> for MemberView {
    fn from(member: DirectMember) -> Self {
        let DirectMember { member_id, kind, since } = member;
        let user = (kind == MemberKind::User).then(|| UserId::from_bytes(member_id));
        let group = (kind == MemberKind::Group).then(|| GroupId::from_bytes(member_id));
        Self { kind, user, group, since }
    }
}

/// The direct members of a group.
#[utoipa::path(get, path = "/groups/{group}/members", tag = "groups", operation_id = "list_group_members",
    params(("group" = String, Path, description = "Id"), PageParams),
    responses((status = 200, body = Page<MemberView>), Refusals), extensions(("x-permission" = json!("user.view"))))]
pub(super) async fn list_group_members(
    Path(group): Path<String>,
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<MemberView>>, Refused> {
    let (id, page) = (group_id(&group)?, page.request()?);
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::members(tx, right, &id, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(MemberView::from)))
}

/// Bring users and groups into a group; they get its licenses by themselves, or wait for a seat.
#[utoipa::path(post, path = "/groups/{group}/members", tag = "groups", operation_id = "add_group_members",
    params(("group" = String, Path, description = "Id")), request_body = MembersBody,
    responses((status = 200, body = GroupView), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn add_group_members(
    Path(group): Path<String>,
    call: Call<UserEdit, MembersBody>,
) -> Result<Answer<GroupView>, Refused> {
    let (id, command) = (group_id(&group)?, call.body.parse()?);
    call.write(move |tx, right| {
        Box::pin(async move { members::add_members(tx, right, &id, &command).await.map(GroupView::from) })
    })
    .await
}

/// Take users and groups out of a group; seats they have through it only are freed.
#[utoipa::path(post, path = "/groups/{group}/members/remove", tag = "groups", operation_id = "remove_group_members",
    params(("group" = String, Path, description = "Id")), request_body = MembersBody,
    responses((status = 200, body = GroupView), Refusals), extensions(("x-permission" = json!("user.edit"))))]
pub(super) async fn remove_group_members(
    Path(group): Path<String>,
    call: Call<UserEdit, MembersBody>,
) -> Result<Answer<GroupView>, Refused> {
    let (id, command) = (group_id(&group)?, call.body.parse()?);
    call.write(move |tx, right| {
        Box::pin(async move { members::remove_members(tx, right, &id, &command).await.map(GroupView::from) })
    })
    .await
}
