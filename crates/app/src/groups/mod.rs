//! Groups: users and groups of users, and the licenses their members have by being in them (ASG-04).
//!
//! Words. A *member* of a group is a user or another group; who is in a group that is in it is in it, too.
//! The *time* of a user in a group is when the earliest way in that is still open came to be; a way is as old
//! as its latest step. A *group license* gives every user of the group a path to a seat.
//!
//! Joining and leaving takes effect by itself: whoever changes a membership opens and closes the paths in
//! the same transaction, for these users only ([`operations::follow`]). Where a whole group of more than a
//! thousand comes or goes, the license is *pending*, and a reconciler lets the users follow: it compares who is
//! in the group with who has a path while nobody waits for it, and brings a few in a transaction, so that
//! nobody waits for long. Doing it twice, or being killed in between, changes nothing about where it ends.
//!
//! Where there are more users than seats, the earliest have them and the others wait, in order (see `seats`).
//!
//! Invariants. Groups have no cycles and are at most ten deep. A group with licenses cannot be deleted
//! (ASG-06). Changes to the groups of a tenant happen one after the other: the groups are held, before any
//! pool.
//!
//! Odd: users are deactivated, activated and deleted through this feature, because a user who is not there
//! is not present in its groups, and back in them when it is.
//!
//! Tables: `groups`, `group_members`, `group_licenses`. Events: [`events`].

pub(crate) mod api;
pub(crate) mod events;
mod group;
pub(crate) mod jobs;
pub(crate) mod operations;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use group::{DirectMember, Group, GroupLicense, MemberKind};
pub(crate) use store::STATEMENTS;

crate::kit::codes! {
    NAME_TAKEN = 409 "group.name_taken" "The tenant has a group of this name";
    LICENSED = 409 "group.licensed" "A group that has licenses cannot be deleted";
    CYCLE = 409 "group.cycle" "A group cannot be in itself";
    TOO_DEEP = 409 "group.too_deep" "Groups are nested too deep";
    MEMBERS_UNKNOWN = 409 "group.members_unknown" "Some of these cannot be members, so nobody was added";
}

/// How deep groups may be nested.
pub(crate) const DEPTH: i64 = 10;
/// Members in one request, and users of a group that follow it in the transaction that changes it.
pub(crate) const AT_ONCE: usize = 1000;
/// Users that follow in the first transaction of the reconciler; in those after as many as nobody waits long for.
const STEP: usize = 150;
const STEP_MOST: usize = 500;
