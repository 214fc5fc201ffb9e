//! Every SQL statement of notices.

use db::{DbError, ToValue, Tx};
use types::{DealId, EventId, PageRequest, ServiceId, TenantId, Timestamp, UserId};

use super::kind::NoticeKind;
use super::notice::{Arguments, Notice};
use super::preferences::Choice;
use crate::kit::JsonColumn;

db::statements! {
    FIND_QUANTITY = "SELECT quantity FROM noticed_licenses
        WHERE tenant_id = $1 AND deal_id = $2 AND service_id = $3";
    UPSERT_QUANTITY = "INSERT INTO noticed_licenses (tenant_id, deal_id, service_id, quantity) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id, deal_id, service_id) DO UPDATE SET quantity = excluded.quantity";
    INSERT_NOTICE = "INSERT INTO notices (user_id, event_id, tenant_id, kind, arguments, page, told_at, read_at, forget_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8) ON CONFLICT (user_id, event_id) DO NOTHING";
    LIST_NOTICES = "SELECT event_id, kind, arguments, page, told_at, read_at FROM notices
        WHERE tenant_id = $1 AND user_id = $2 AND event_id < $3 ORDER BY event_id DESC LIMIT $4";
    LIST_UNREAD = "SELECT event_id, kind, arguments, page, told_at, read_at FROM notices
        WHERE tenant_id = $1 AND user_id = $2 AND event_id < $3 AND read_at IS NULL ORDER BY event_id DESC LIMIT $4";
    FIND_NOTICE = "SELECT event_id, kind, arguments, page, told_at, read_at FROM notices
        WHERE tenant_id = $1 AND user_id = $2 AND event_id = $3";
    COUNT_UNREAD = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM
        (SELECT event_id FROM notices WHERE user_id = $1 AND read_at IS NULL LIMIT 100) AS unread";
    UPDATE_READ = "UPDATE notices SET read_at = $4, forget_at = CASE WHEN forget_at < $5 THEN forget_at ELSE $5 END
        WHERE tenant_id = $1 AND user_id = $2 AND event_id = $3 AND read_at IS NULL";
    UPDATE_ALL_READ = "UPDATE notices SET read_at = $4, forget_at = CASE WHEN forget_at < $5 THEN forget_at ELSE $5 END
        WHERE tenant_id = $1 AND user_id = $2 AND told_at <= $3 AND read_at IS NULL";
    DELETE_OLD = "DELETE FROM notices WHERE (user_id, event_id) IN
        (SELECT user_id, event_id FROM notices WHERE forget_at <= $1 ORDER BY forget_at LIMIT 500)";
    DELETE_NOTICES_OF = "DELETE FROM notices WHERE user_id = $1";
    FIND_CHOICE = "SELECT without_mail, revision FROM notice_preferences WHERE user_id = $1";
    UPSERT_CHOICE = "INSERT INTO notice_preferences (user_id, tenant_id, without_mail, revision) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id) DO UPDATE SET without_mail = excluded.without_mail, revision = excluded.revision
        WHERE notice_preferences.revision = excluded.revision - 1";
    DELETE_CHOICE_OF = "DELETE FROM notice_preferences WHERE user_id = $1";
}

db::rows! {
    struct Noticed in "noticed_licenses" { quantity: i64 }
}

db::rows! {
    struct Count in "notices" { n: i64 }
}

/// What was told last; 0 if nothing was.
pub(super) async fn find_quantity(
    tx: &mut Tx,
    tenant: &TenantId,
    deal: &DealId,
    service: &ServiceId,
) -> Result<i64, DbError> {
    let found: Option<Noticed> = tx.find(FIND_QUANTITY, &[tenant, deal, service]).await?;
    Ok(found.map_or(0, |row| row.quantity))
}

pub(super) async fn upsert_quantity(
    tx: &mut Tx,
    tenant: &TenantId,
    deal: &DealId,
    service: &ServiceId,
    quantity: i64,
) -> Result<(), DbError> {
    tx.execute_one(UPSERT_QUANTITY, &[tenant, deal, service, &quantity]).await
}

/// A notice that nobody has read.
pub(super) struct NewNotice<'a> {
    pub user: &'a UserId,
    pub event: &'a EventId,
    pub tenant: &'a TenantId,
    pub kind: NoticeKind,
    pub arguments: &'a JsonColumn<Arguments>,
    pub page: Option<&'a str>,
    pub told_at: Timestamp,
    pub forget_at: Timestamp,
}

/// False if this person was told of the event before.
pub(super) async fn insert_notice(tx: &mut Tx, new: NewNotice<'_>) -> Result<bool, DbError> {
    let NewNotice { user, event, tenant, kind, arguments, page, told_at, forget_at } = new;
    let values: [&dyn ToValue; 8] = [user, event, tenant, &kind, arguments, &page, &told_at, &forget_at];
    Ok(tx.execute(INSERT_NOTICE, &values).await? == 1)
}

/// The newest first.
pub(super) async fn list_notices(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    only_unread: bool,
    page: &PageRequest,
) -> Result<Vec<Notice>, DbError> {
    let list = if only_unread { LIST_UNREAD } else { LIST_NOTICES };
    tx.list(list, &[tenant, user, &page.before_id(), &page.fetch()]).await
}

pub(super) async fn find_notice(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    event: &EventId,
) -> Result<Option<Notice>, DbError> {
    tx.find(FIND_NOTICE, &[tenant, user, event]).await
}

/// No more than a hundred are counted.
pub(super) async fn count_unread(tx: &mut Tx, user: &UserId) -> Result<i64, DbError> {
    let row: Option<Count> = tx.find(COUNT_UNREAD, &[user]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Read now, and when it is forgotten then, unless it is sooner. False if it is not there or was read before.
pub(super) async fn update_read(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    event: &EventId,
    (now, forget_at): (Timestamp, Timestamp),
) -> Result<bool, DbError> {
    Ok(tx.execute(UPDATE_READ, &[tenant, user, event, &now, &forget_at]).await? == 1)
}

/// The same for all that were told until then.
pub(super) async fn update_all_read(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    until: Timestamp,
    (now, forget_at): (Timestamp, Timestamp),
) -> Result<(), DbError> {
    tx.execute(UPDATE_ALL_READ, &[tenant, user, &until, &now, &forget_at]).await?;
    Ok(())
}

/// Some of those whose time is over; how many.
pub(super) async fn delete_old(tx: &mut Tx, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(DELETE_OLD, &[&now]).await
}

/// Everything that is kept of a person.
pub(super) async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    tx.execute(DELETE_NOTICES_OF, &[user]).await?;
    tx.execute(DELETE_CHOICE_OF, &[user]).await?;
    Ok(())
}

pub(super) async fn find_choice(tx: &mut Tx, user: &UserId) -> Result<Choice, DbError> {
    let found: Option<Choice> = tx.find(FIND_CHOICE, &[user]).await?;
    Ok(found.unwrap_or(Choice::NONE))
}

/// Whether notices of this kind also go to this person by mail.
pub(super) async fn wants_mail(tx: &mut Tx, user: &UserId, kind: NoticeKind) -> Result<bool, DbError> {
    Ok(!find_choice(tx, user).await?.without_mail.0.contains(&kind))
}

/// False if another choice of this revision was faster.
pub(super) async fn upsert_choice(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
    choice: &Choice,
) -> Result<bool, DbError> {
    let Choice { without_mail, revision } = choice;
    Ok(tx.execute(UPSERT_CHOICE, &[user, tenant, without_mail, revision]).await? == 1)
}
