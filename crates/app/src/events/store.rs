//! Where the readers of the logs stand.

use db::{DbError, Tx};
use types::{TenantId, Timestamp};

db::statements! {
    // The heads are the db crate's; those that failed come last, the longest waiting first.
    LIST_BEHIND = "SELECT h.log AS tenant_id, COALESCE(c.position, 0) AS position,
            COALESCE(c.retry_at, 0) AS retry_at, c.error AS error
        FROM log_heads h LEFT JOIN event_cursors c ON c.reader = $1 AND c.log = h.log
        WHERE h.changed_at >= $2 AND h.head > COALESCE(c.position, 0)
        ORDER BY COALESCE(c.retry_at, 0), h.changed_at LIMIT 200";
    LAST_CHANGE = "SELECT CAST(COALESCE(max(changed_at), 0) AS BIGINT) AS n FROM log_heads";
    INSERT_CURSOR = "INSERT INTO event_cursors (reader, log, position, failures, error, retry_at)
        VALUES ($1, $2, 0, 0, NULL, NULL) ON CONFLICT DO NOTHING";
    MOVE_CURSOR = "UPDATE event_cursors SET position = $4, failures = 0, error = NULL, retry_at = NULL
        WHERE reader = $1 AND log = $2 AND position = $3";
    FIND_PLACE = "SELECT c.position AS n FROM event_cursors c WHERE c.reader = $1 AND c.log = $2";
    UNREAD_AMONG = "SELECT h.log AS tenant_id, COALESCE(c.position, 0) AS position
        FROM log_heads h LEFT JOIN event_cursors c ON c.reader = $1 AND c.log = h.log
        WHERE h.head > COALESCE(c.position, 0) AND h.log IN ($many)";
    FORGET_PLACES = "DELETE FROM event_cursors WHERE reader = $1";
    NOTE_FAILURE = "UPDATE event_cursors SET failures = failures + 1, error = $4, retry_at = $5
        WHERE reader = $1 AND log = $2 AND position = $3";
}

db::rows! {
    /// A log that has entries which a reader has not read.
    pub(super) struct Behind in "event_cursors" {
        pub tenant_id: TenantId,
        pub position: i64,
        /// When it may be tried again, if it failed.
        pub retry_at: Timestamp,
        pub error: Option<String>,
    }
}

db::rows! {
    /// A log that a reader has not read to its end, and how far it has.
    pub(super) struct Unread in "event_cursors" { pub tenant_id: TenantId, pub position: i64 }
}

db::rows! {
    struct Number in "log_heads" { n: i64 }
}

/// Among the logs that changed since.
pub(super) async fn list_behind(tx: &mut Tx, reader: &str, since: i64) -> Result<Vec<Behind>, DbError> {
    tx.list(LIST_BEHIND, &[&reader, &since]).await
}

/// When any log changed last.
pub(super) async fn last_change(tx: &mut Tx) -> Result<i64, DbError> {
    let found: Option<Number> = tx.find(LAST_CHANGE, &[]).await?;
    Ok(found.map_or(0, |row| row.n))
}

/// How far a reader has read a log.
pub(super) async fn find_place(tx: &mut Tx, reader: &str, tenant: &TenantId) -> Result<i64, DbError> {
    let found: Option<Number> = tx.find(FIND_PLACE, &[&reader, tenant]).await?;
    Ok(found.map_or(0, |row| row.n))
}

/// Those of these logs that a reader has not read to their ends.
pub(super) async fn unread_among(
    tx: &mut Tx,
    reader: &str,
    tenants: &[TenantId],
) -> Result<Vec<Unread>, DbError> {
    tx.list_among(UNREAD_AMONG, &[&reader], tenants).await
}

pub(super) async fn forget_places(tx: &mut Tx, reader: &str) -> Result<(), DbError> {
    tx.execute(FORGET_PLACES, &[&reader]).await.map(|_| ())
}

/// False if the cursor is not where it was thought to be: another node was there. Holds the cursor until
/// the unit of work ends.
pub(super) async fn move_cursor(
    tx: &mut Tx,
    reader: &str,
    tenant: &TenantId,
    from: i64,
    to: i64,
) -> Result<bool, DbError> {
    if from == 0 {
        tx.execute(INSERT_CURSOR, &[&reader, tenant]).await?;
    }
    Ok(tx.execute(MOVE_CURSOR, &[&reader, tenant, &from, &to]).await? == 1)
}

/// The cursor stays, and is left alone until `retry_at`.
pub(super) async fn note_failure(
    tx: &mut Tx,
    reader: &str,
    behind: &Behind,
    error: &str,
    retry_at: Timestamp,
) -> Result<(), DbError> {
    if behind.position == 0 {
        tx.execute(INSERT_CURSOR, &[&reader, &behind.tenant_id]).await?;
    }
    tx.execute(NOTE_FAILURE, &[&reader, &behind.tenant_id, &behind.position, &error, &retry_at]).await?;
    Ok(())
}
