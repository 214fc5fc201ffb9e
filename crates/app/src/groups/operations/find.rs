//! Look up groups.

use db::Tx;
use types::{GroupId, Page, PageRequest, ServiceId};

use super::follow;
use crate::access::{LicenseView, Permission, Right, UserView};
use crate::groups::{DirectMember, Group, GroupLicense, store};
use crate::kit::{Refused, Search};

/// A group of this right's tenant.
pub(crate) async fn group<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &GroupId,
) -> Result<Group, Refused> {
    store::find_group(tx, &right.tenant(), id).await?.ok_or_else(|| Refused::not_found("group"))
}

/// The groups of this right's tenant, or those of them that are called so.
pub(crate) async fn groups(
    tx: &mut Tx,
    right: &Right<UserView>,
    page: &PageRequest,
    search: &Search,
) -> Result<Page<Group>, Refused> {
    let groups = store::list_groups(tx, &right.tenant(), page, search).await?;
    Ok(Page::cut(groups, page, |group| group.id.as_bytes().to_vec()))
}

/// The direct members of a group.
pub(crate) async fn members(
    tx: &mut Tx,
    right: &Right<UserView>,
    id: &GroupId,
    page: &PageRequest,
) -> Result<Page<DirectMember>, Refused> {
    let group = group(tx, right, id).await?;
    let members = store::list_members(tx, &group.id, page).await?;
    Ok(Page::cut(members, page, |member| member.member_id.to_vec()))
}

/// The licenses that a group has itself.
pub(crate) async fn licenses<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &GroupId,
) -> Result<Vec<GroupLicense>, Refused> {
    let group = group(tx, right, id).await?;
    let mut licenses = store::list_licenses(tx, &right.tenant()).await?;
    licenses.retain(|license| license.group_id == group.id);
    Ok(licenses)
}

/// The groups that have a license, and how much of that is done.
pub(crate) async fn licensed(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    service: &ServiceId,
) -> Result<Vec<(Group, GroupLicense)>, Refused> {
    let mut found = Vec::new();
    for license in store::list_licenses(tx, &right.tenant()).await? {
        if license.service_id == *service {
            found.push((group(tx, right, &license.group_id).await?, license));
        }
    }
    Ok(found)
}

/// How far the users of a group have followed it to a license.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Followed {
    /// Users of the group, and those who have the license by it and are in it no more.
    pub total: usize,
    /// Those of them who have it, or have it no more, as it should be.
    pub done: usize,
}

/// The licenses that a group has itself, and how far its users have followed.
pub(crate) async fn followed<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    id: &GroupId,
) -> Result<Vec<(GroupLicense, Followed)>, Refused> {
    let licenses = licenses(tx, right, id).await?;
    let mut found = Vec::with_capacity(licenses.len());
    for license in licenses {
        let users = store::list_users(tx, id).await?;
        let have = follow::have(tx, right, &license).await?;
        let both = users.iter().filter(|(user, _)| have.binary_search(user).is_ok()).count();
        let done = if license.ending { users.len() - both } else { both };
        found.push((license, Followed { total: users.len() + have.len() - both, done }));
    }
    Ok(found)
}
