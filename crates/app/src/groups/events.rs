//! What groups announce.

use types::{GroupId, ServiceId, UserId};

use crate::events::events;

events! {
    /// A group was made.
    GroupCreated "group.created" { group: GroupId, name: String }
    /// A group was deleted.
    GroupDeleted "group.deleted" { group: GroupId }
    /// Users and groups came into a group.
    MembersAdded "group.members_added" { group: GroupId, users: Vec<UserId>, groups: Vec<GroupId> }
    /// Users and groups left a group.
    MembersRemoved "group.members_removed" { group: GroupId, users: Vec<UserId>, groups: Vec<GroupId> }
    /// A group got a license; its users follow.
    GroupLicensed "group.licensed" { group: GroupId, service_id: ServiceId }
    /// A group's license is taken off; its users follow.
    GroupUnlicensed "group.unlicensed" { group: GroupId, service_id: ServiceId }
}
