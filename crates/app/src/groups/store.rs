//! Every SQL statement of groups.

use db::{DbError, ToValue, Tx, Value};
use types::{GroupId, PageRequest, ServiceId, TenantId, Timestamp, UserId};

use super::group::{
    Around, DirectMember, Group, GroupLicense, MemberKind, Reached, ReachedUser, Reaching, Step,
};
use crate::kit::Search;

db::statements! {
    INSERT_GROUP = "INSERT INTO groups (id, tenant_id, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    FIND_GROUP = "SELECT id, tenant_id, name, created_at FROM groups WHERE tenant_id = $1 AND id = $2";
    LIST_GROUPS = "SELECT id, tenant_id, name, created_at FROM groups WHERE tenant_id = $1 AND id > $2
        AND ($4 = '' OR lower(name) LIKE $4 ESCAPE '!') ORDER BY id LIMIT $3";
    DELETE_GROUP = "DELETE FROM groups WHERE id = $1";
    LOCK_GROUPS = {
        sqlite: "SELECT id FROM groups WHERE tenant_id = $1 ORDER BY id",
        postgres: "SELECT id FROM groups WHERE tenant_id = $1 ORDER BY id FOR UPDATE"
    };
    INSERT_MEMBERS = ["INSERT INTO group_members (group_id, member_id, kind, since, present) VALUES", "ON CONFLICT DO NOTHING"];
    DELETE_MEMBER = "DELETE FROM group_members WHERE group_id = $1 AND member_id = $2";
    DELETE_MEMBERS_OF = "DELETE FROM group_members WHERE group_id = $1";
    DELETE_MEMBERSHIPS = "DELETE FROM group_members WHERE member_id = $1";
    SET_PRESENT = "UPDATE group_members SET present = $2 WHERE member_id = $1";
    LIST_MEMBERS = "SELECT member_id, kind, since FROM group_members
        WHERE group_id = $1 AND member_id > $2 ORDER BY member_id LIMIT $3";
    // A way in is as old as its latest step; of several, the oldest counts.
    LIST_USERS = "WITH RECURSIVE reach (id, kind, since) AS (
            SELECT member_id, kind, since FROM group_members WHERE group_id = $1 AND present = 1
            UNION
            SELECT m.member_id, m.kind, CASE WHEN m.since > r.since THEN m.since ELSE r.since END
                FROM reach r JOIN group_members m ON m.group_id = r.id WHERE r.kind = 'group' AND m.present = 1)
        SELECT id AS user_id, CAST(min(since) AS BIGINT) AS since FROM reach WHERE kind = 'user'
        GROUP BY id ORDER BY 2, 1";
    LIST_ABOVE = "WITH RECURSIVE above (id, since, depth) AS (
            SELECT group_id, since, 1 FROM group_members WHERE member_id = $1 AND present = 1
            UNION
            SELECT m.group_id, CASE WHEN m.since > a.since THEN m.since ELSE a.since END, a.depth + 1
                FROM above a JOIN group_members m ON m.member_id = a.id)
        SELECT id AS group_id, CAST(min(since) AS BIGINT) AS since, CAST(max(depth) AS BIGINT) AS depth
        FROM above GROUP BY id";
    LIST_STEPS = "WITH RECURSIVE above (member_id, group_id, since) AS (
            SELECT member_id, group_id, since FROM group_members WHERE member_id = $1 AND present = 1
            UNION
            SELECT m.member_id, m.group_id, m.since FROM above a JOIN group_members m ON m.member_id = a.group_id)
        SELECT a.member_id, a.group_id, g.name, a.since FROM above a JOIN groups g ON g.id = a.group_id
        ORDER BY a.group_id, a.member_id";
    LIST_BELOW = "WITH RECURSIVE below (id, since, depth) AS (
            SELECT member_id, since, 1 FROM group_members WHERE group_id = $1 AND kind = 'group'
            UNION
            SELECT m.member_id, m.since, b.depth + 1
                FROM below b JOIN group_members m ON m.group_id = b.id WHERE m.kind = 'group')
        SELECT id AS group_id, CAST(min(since) AS BIGINT) AS since, CAST(max(depth) AS BIGINT) AS depth
        FROM below GROUP BY id";
    LIST_SOME_USERS = "WITH RECURSIVE reach (id, kind) AS (
            SELECT member_id, kind FROM group_members WHERE group_id = $1 AND present = 1
            UNION
            SELECT m.member_id, m.kind FROM reach r JOIN group_members m ON m.group_id = r.id
                WHERE r.kind = 'group' AND m.present = 1)
        SELECT id AS user_id FROM reach WHERE kind = 'user' LIMIT $2";
    // PostgreSQL would rather read all members than look for each of so many as it guesses.
    LIST_ABOVE_AMONG = {
        sqlite: "WITH RECURSIVE above (user_id, id, since) AS (
                SELECT member_id, group_id, since FROM group_members WHERE member_id IN ($many) AND present = 1
                UNION
                SELECT a.user_id, m.group_id, CASE WHEN m.since > a.since THEN m.since ELSE a.since END
                    FROM above a JOIN group_members m ON m.member_id = a.id)
            SELECT user_id, id AS group_id, CAST(min(since) AS BIGINT) AS since FROM above GROUP BY user_id, id",
        postgres: "WITH RECURSIVE above (user_id, id, since) AS (
                SELECT m.member_id, m.group_id, m.since
                    FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS id) AS wanted,
                        LATERAL (SELECT member_id, group_id, since FROM group_members
                            WHERE member_id = wanted.id AND present = 1 OFFSET 0) AS m
                UNION
                SELECT a.user_id, m.group_id, GREATEST(m.since, a.since)
                    FROM above a, LATERAL (SELECT group_id, since FROM group_members
                        WHERE member_id = a.id OFFSET 0) AS m)
            SELECT user_id, id AS group_id, CAST(min(since) AS BIGINT) AS since FROM above GROUP BY user_id, id"
    };
    UPSERT_LICENSE = "INSERT INTO group_licenses (group_id, tenant_id, service_id, since, pending, ending)
        VALUES ($1, $2, $3, $4, 1, 0)
        ON CONFLICT (group_id, service_id) DO UPDATE SET pending = 1, ending = 0, revision = group_licenses.revision + 1";
    END_LICENSE = "UPDATE group_licenses SET pending = 1, ending = 1, revision = revision + 1
        WHERE group_id = $1 AND service_id = $2";
    TOUCH_LICENSES = "UPDATE group_licenses SET pending = 1, revision = revision + 1 WHERE group_id IN ($many)";
    SETTLE_LICENSE = "UPDATE group_licenses SET pending = 0
        WHERE group_id = $1 AND service_id = $2 AND revision = $3";
    DELETE_LICENSE = "DELETE FROM group_licenses WHERE group_id = $1 AND service_id = $2 AND revision = $3";
    FIND_LICENSE = "SELECT group_id, tenant_id, service_id, since, pending, ending, revision FROM group_licenses
        WHERE group_id = $1 AND service_id = $2";
    LIST_LICENSES = "SELECT group_id, tenant_id, service_id, since, pending, ending, revision FROM group_licenses
        WHERE tenant_id = $1 ORDER BY service_id, group_id";
    LIST_PENDING = "SELECT group_id, tenant_id, service_id, since, pending, ending, revision FROM group_licenses
        WHERE pending = 1 ORDER BY tenant_id, group_id LIMIT $1";
}

/// False if the name is taken.
pub(super) async fn insert_group(tx: &mut Tx, group: &Group) -> Result<bool, DbError> {
    let Group { id, tenant_id, name, created_at } = group;
    Ok(tx.execute(INSERT_GROUP, &[id, tenant_id, name, created_at]).await? == 1)
}

pub(super) async fn find_group(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &GroupId,
) -> Result<Option<Group>, DbError> {
    tx.find(FIND_GROUP, &[tenant, id]).await
}

pub(super) async fn list_groups(
    tx: &mut Tx,
    tenant: &TenantId,
    page: &PageRequest,
    search: &Search,
) -> Result<Vec<Group>, DbError> {
    tx.list(LIST_GROUPS, &[tenant, &page.after_id(), &page.fetch(), search]).await
}

/// With its members and its own memberships.
pub(super) async fn delete_group(tx: &mut Tx, id: &GroupId) -> Result<(), DbError> {
    tx.execute(DELETE_MEMBERS_OF, &[id]).await?;
    tx.execute(DELETE_MEMBERSHIPS, &[id]).await?;
    tx.execute_one(DELETE_GROUP, &[id]).await
}

/// Holds the groups of a tenant until the end of the unit.
pub(super) async fn lock_groups(tx: &mut Tx, tenant: &TenantId) -> Result<(), DbError> {
    tx.query(LOCK_GROUPS, &[tenant]).await.map(|_| ())
}

/// Who is a member already stays one since then.
pub(super) async fn insert_members(
    tx: &mut Tx,
    group: &GroupId,
    members: &[([u8; 16], MemberKind)],
    since: Timestamp,
) -> Result<(), DbError> {
    let rows: Vec<Vec<Value<'_>>> = members
        .iter()
        .map(|(member, kind)| {
            vec![
                group.to_value(),
                Value::Bytes(member.as_slice().into()),
                kind.to_value(),
                since.to_value(),
                Value::Int(1),
            ]
        })
        .collect();
    tx.insert_many(INSERT_MEMBERS, &rows).await.map(|_| ())
}

/// False if it was none.
pub(super) async fn delete_member(tx: &mut Tx, group: &GroupId, member: &[u8; 16]) -> Result<bool, DbError> {
    Ok(tx.execute(DELETE_MEMBER, &[group, member]).await? == 1)
}

pub(super) async fn delete_memberships(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    tx.execute(DELETE_MEMBERSHIPS, &[user]).await.map(|_| ())
}

pub(super) async fn set_present(tx: &mut Tx, user: &UserId, present: bool) -> Result<(), DbError> {
    tx.execute(SET_PRESENT, &[user, &i64::from(present)]).await.map(|_| ())
}

pub(super) async fn list_members(
    tx: &mut Tx,
    group: &GroupId,
    page: &PageRequest,
) -> Result<Vec<DirectMember>, DbError> {
    tx.list(LIST_MEMBERS, &[group, &page.after_id(), &page.fetch()]).await
}

/// Every user of a group, the earliest first.
pub(super) async fn list_users(tx: &mut Tx, group: &GroupId) -> Result<Vec<(UserId, Timestamp)>, DbError> {
    let reached: Vec<Reached> = tx.list(LIST_USERS, &[group]).await?;
    Ok(reached.into_iter().map(|row| (row.user_id, row.since)).collect())
}

/// Users of a group, no more than so many, in no order.
pub(super) async fn list_some_users(
    tx: &mut Tx,
    group: &GroupId,
    limit: usize,
) -> Result<Vec<UserId>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found: Vec<ReachedUser> = tx.list(LIST_SOME_USERS, &[group, &limit]).await?;
    Ok(found.into_iter().map(|row| row.user_id).collect())
}

/// Every group that each of the users is in.
pub(super) async fn list_above_among(tx: &mut Tx, users: &[UserId]) -> Result<Vec<Reaching>, DbError> {
    tx.list_among(LIST_ABOVE_AMONG, &[], users).await
}

/// Every group that a user or a group is in.
pub(super) async fn list_above(tx: &mut Tx, member: &[u8; 16]) -> Result<Vec<Around>, DbError> {
    tx.list(LIST_ABOVE, &[member]).await
}

/// Every step from a user up to the groups it is in.
pub(super) async fn list_steps(tx: &mut Tx, user: &UserId) -> Result<Vec<Step>, DbError> {
    tx.list(LIST_STEPS, &[user]).await
}

/// Every group that is in a group.
pub(super) async fn list_below(tx: &mut Tx, group: &GroupId) -> Result<Vec<Around>, DbError> {
    tx.list(LIST_BELOW, &[group]).await
}

/// Also one that is being taken off stays.
pub(super) async fn upsert_license(
    tx: &mut Tx,
    group: &GroupId,
    (tenant, service): (&TenantId, &ServiceId),
    since: Timestamp,
) -> Result<(), DbError> {
    tx.execute_one(UPSERT_LICENSE, &[group, tenant, service, &since]).await
}

/// There is all to do once more: it is being taken off.
pub(super) async fn end_license(tx: &mut Tx, group: &GroupId, service: &ServiceId) -> Result<(), DbError> {
    tx.execute_one(END_LICENSE, &[group, service]).await
}

/// There is more to do for every license of these groups.
pub(super) async fn touch_licenses(tx: &mut Tx, groups: &[GroupId]) -> Result<(), DbError> {
    tx.execute_among(TOUCH_LICENSES, &[], groups).await.map(|_| ())
}

/// Nothing is left to do, if nothing came since.
pub(super) async fn settle_license(tx: &mut Tx, license: &GroupLicense) -> Result<(), DbError> {
    let GroupLicense { group_id, service_id, revision, .. } = license;
    tx.execute(SETTLE_LICENSE, &[group_id, service_id, revision]).await.map(|_| ())
}

/// It is taken off, if nothing came since.
pub(super) async fn delete_license(tx: &mut Tx, license: &GroupLicense) -> Result<(), DbError> {
    let GroupLicense { group_id, service_id, revision, .. } = license;
    tx.execute(DELETE_LICENSE, &[group_id, service_id, revision]).await.map(|_| ())
}

pub(super) async fn find_license(
    tx: &mut Tx,
    group: &GroupId,
    service: &ServiceId,
) -> Result<Option<GroupLicense>, DbError> {
    tx.find(FIND_LICENSE, &[group, service]).await
}

/// The licenses of all groups of a tenant, in the order in which pools are held.
pub(super) async fn list_licenses(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<GroupLicense>, DbError> {
    tx.list(LIST_LICENSES, &[tenant]).await
}

pub(super) async fn list_pending(tx: &mut Tx, limit: i64) -> Result<Vec<GroupLicense>, DbError> {
    tx.list(LIST_PENDING, &[&limit]).await
}
