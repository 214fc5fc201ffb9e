//! Bring users and groups into a group, and take them out.

use std::collections::HashMap;

use db::Tx;
use serde_json::json;
use types::{GroupId, UserId};

use super::{find, follow};
use crate::access::{Right, UserEdit};
use crate::groups::events::{MembersAdded, MembersRemoved};
use crate::groups::{AT_ONCE, CYCLE, DEPTH, Group, MEMBERS_UNKNOWN, MemberKind, TOO_DEEP, store};
use crate::identity::UserStatus;
use crate::identity::operations::find::{UserRef, members};
use crate::kit::Refused;

/// Who is to come or to go.
#[derive(Debug, Clone)]
pub(crate) struct Members {
    pub users: Vec<UserRef>,
    pub groups: Vec<GroupId>,
}

/// Everybody, or nobody: a name that is unknown, or a user who is not active, refuses all.
pub(crate) async fn add_members(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: &GroupId,
    command: &Members,
) -> Result<Group, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let group = find::group(tx, right, id).await?;
    let users = known_users(tx, right, &command.users, true).await?;
    for member in &command.groups {
        find::group(tx, right, member).await?;
        refuse_cycle(tx, id, member).await?;
        // Before the next one is looked at: it may be in this one.
        store::insert_members(tx, id, &[(*member.as_bytes(), MemberKind::Group)], right.now()).await?;
    }
    let rows: Vec<_> = users.iter().map(|user| (*user.as_bytes(), MemberKind::User)).collect();
    store::insert_members(tx, id, &rows, right.now()).await?;
    let event = MembersAdded { group: *id, users: users.clone(), groups: command.groups.clone() };
    right.record(tx, &event)?;
    follow_all(tx, right, id, (users, &command.groups)).await?;
    Ok(group)
}

/// Who is none stays none.
pub(crate) async fn remove_members(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: &GroupId,
    command: &Members,
) -> Result<Group, Refused> {
    store::lock_groups(tx, &right.tenant()).await?;
    let group = find::group(tx, right, id).await?;
    let (mut users, mut groups) = (Vec::new(), Vec::new());
    for user in known_users(tx, right, &command.users, false).await? {
        if store::delete_member(tx, id, user.as_bytes()).await? {
            users.push(user);
        }
    }
    for member in &command.groups {
        if store::delete_member(tx, id, member.as_bytes()).await? {
            groups.push(*member);
        }
    }
    if users.is_empty() && groups.is_empty() {
        return Ok(group);
    }
    right.record(tx, &MembersRemoved { group: *id, users: users.clone(), groups: groups.clone() })?;
    follow_all(tx, right, id, (users, &groups)).await?;
    Ok(group)
}

/// Users and groups that came or went follow.
async fn follow_all(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    id: &GroupId,
    (mut users, groups): (Vec<UserId>, &[GroupId]),
) -> Result<(), Refused> {
    for group in groups {
        let few = follow::few_users(tx, group).await?;
        match few.filter(|few| users.len() + few.len() <= AT_ONCE) {
            Some(few) => users.extend(few),
            None => follow::later(tx, id).await?,
        }
    }
    users.sort_unstable();
    users.dedup();
    follow::users(tx, right, &users).await
}

/// The users named, each once; refused if one is unknown, or inactive where that matters.
async fn known_users(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    named: &[UserRef],
    must_be_active: bool,
) -> Result<Vec<UserId>, Refused> {
    let found = members(tx, right, named).await?;
    let mut by_name: HashMap<UserRef, UserId> = HashMap::new();
    for member in found.into_iter().filter(|member| !must_be_active || member.status == UserStatus::Active) {
        by_name.insert(UserRef::Id(member.id), member.id);
        by_name.insert(UserRef::Email(member.email), member.id);
    }
    let unknown: Vec<String> =
        named.iter().filter(|name| !by_name.contains_key(name)).map(ToString::to_string).collect();
    if !unknown.is_empty() {
        let detail = format!("No active user of your organisation: {}.", unknown.join(", "));
        return Err(MEMBERS_UNKNOWN.because(detail).with_context(json!({ "users": unknown })));
    }
    let mut users: Vec<UserId> = named.iter().filter_map(|name| by_name.get(name)).copied().collect();
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

/// Refuses a group that contains the one it would be in, and one that would make it too deep.
async fn refuse_cycle(tx: &mut Tx, group: &GroupId, member: &GroupId) -> Result<(), Refused> {
    let below = store::list_below(tx, member).await?;
    if group == member || below.iter().any(|below| below.group_id == *group) {
        return Err(CYCLE.because("One of these groups is in the other already, or they are the same."));
    }
    let above = store::list_above(tx, group.as_bytes()).await?;
    let deepest =
        |around: &[crate::groups::group::Around]| around.iter().map(|row| row.depth).max().unwrap_or(0);
    if deepest(&above) + 1 + deepest(&below) >= DEPTH {
        return Err(TOO_DEEP.because(format!("At most {DEPTH} groups may be in each other.")));
    }
    Ok(())
}
