//! Groups and their members.

use types::{GroupId, ServiceId, TenantId, Timestamp, UserId};

use crate::kit::text_enum;

text_enum! {
    MemberKind {
        User = "user",
        Group = "group",
    }
}

db::rows! {
    /// Users, and groups of users.
    pub(crate) struct Group in "groups" {
        pub id: GroupId,
        pub tenant_id: TenantId,
        pub name: String,
        pub created_at: Timestamp,
    }
}

db::rows! {
    /// A direct member.
    pub(crate) struct DirectMember in "group_members" {
        pub member_id: [u8; 16],
        pub kind: MemberKind,
        pub since: Timestamp,
    }
}

db::rows! {
    /// A license that a group's users have.
    pub(crate) struct GroupLicense in "group_licenses" {
        pub group_id: GroupId,
        pub tenant_id: TenantId,
        pub service_id: ServiceId,
        pub since: Timestamp,
        /// There is more to do than was done.
        pub pending: bool,
        /// It is being taken off.
        pub ending: bool,
        /// Grows with what there is to do.
        pub revision: i64,
    }
}

db::rows! {
    /// A user of a group, directly or through others, and since when.
    pub(super) struct Reached in "group_members" {
        pub(super) user_id: UserId,
        pub(super) since: Timestamp,
    }
}

db::rows! {
    /// A user of a group.
    pub(super) struct ReachedUser in "group_members" {
        pub(super) user_id: UserId,
    }
}

db::rows! {
    /// A group that a user is in, directly or through others, and since when.
    pub(super) struct Reaching in "group_members" {
        pub(super) user_id: UserId,
        pub(super) group_id: GroupId,
        pub(super) since: Timestamp,
    }
}

db::rows! {
    /// A user, or a group, in a group.
    pub(super) struct Step in "group_members" {
        pub(super) member_id: [u8; 16],
        pub(super) group_id: GroupId,
        pub(super) name: String,
        pub(super) since: Timestamp,
    }
}

db::rows! {
    /// A group that somebody or something is in, how far up or down at most, and since when.
    pub(super) struct Around in "group_members" {
        pub(super) group_id: GroupId,
        pub(super) since: Timestamp,
        pub(super) depth: i64,
    }
}
