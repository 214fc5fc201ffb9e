//! Every SQL statement of mails.

use db::{DbError, ToValue, Tx};
use types::{MailId, PageRequest, Timestamp};

use super::mail::{Mail, MailState};

db::statements! {
    INSERT_MAIL = "INSERT INTO mails (id, tenant_id, recipient, kind, language, subject, text_body, html_body, state,
            error, created_at, sent_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, NULL)";
    FIND_MAIL = "SELECT id, tenant_id, recipient, kind, language, subject, text_body, html_body, state, error,
            created_at, sent_at
        FROM mails WHERE id = $1";
    LIST_MAILS = "SELECT id, tenant_id, recipient, kind, language, subject, text_body, html_body, state, error,
            created_at, sent_at
        FROM mails WHERE id < $1 AND ($2 = '' OR state = $2) ORDER BY id DESC LIMIT $3";
    COUNT_MAILS = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM mails WHERE state = $1";
    LIST_HELD = "SELECT id, tenant_id, recipient, kind, language, subject, text_body, html_body, state, error,
            created_at, sent_at
        FROM mails WHERE state = 'held' ORDER BY id LIMIT 200";
    UPDATE_STATE = "UPDATE mails SET state = $2, error = $3 WHERE id = $1 AND state <> 'sent'";
    UPDATE_SENT = "UPDATE mails SET state = 'sent', error = NULL, sent_at = $2, text_body = NULL, html_body = NULL
        WHERE id = $1";
}

db::rows! {
    struct Count in "mails" { n: i64 }
}

pub(super) async fn insert_mail(tx: &mut Tx, mail: &Mail) -> Result<(), DbError> {
    let Mail { id, tenant_id, recipient, kind, language, subject, text_body, html_body, .. } = mail;
    let Mail { state, created_at, .. } = mail;
    let values: [&dyn ToValue; 10] =
        [id, tenant_id, recipient, kind, language, subject, text_body, html_body, state, created_at];
    tx.execute_one(INSERT_MAIL, &values).await
}

pub(super) async fn find_mail(tx: &mut Tx, id: &MailId) -> Result<Option<Mail>, DbError> {
    tx.find(FIND_MAIL, &[id]).await
}

/// The newest first.
pub(super) async fn list_mails(
    tx: &mut Tx,
    page: &PageRequest,
    state: Option<MailState>,
) -> Result<Vec<Mail>, DbError> {
    let state = state.map_or("", MailState::as_str);
    tx.list(LIST_MAILS, &[&page.before_id(), &state, &page.fetch()]).await
}

pub(super) async fn count_mails(tx: &mut Tx, state: MailState) -> Result<i64, DbError> {
    let row: Option<Count> = tx.find(COUNT_MAILS, &[&state]).await?;
    Ok(row.map_or(0, |row| row.n))
}

pub(super) async fn list_held(tx: &mut Tx) -> Result<Vec<Mail>, DbError> {
    tx.list(LIST_HELD, &[]).await
}

/// False if it was sent meanwhile.
pub(super) async fn update_state(
    tx: &mut Tx,
    id: &MailId,
    state: MailState,
    error: Option<&str>,
) -> Result<bool, DbError> {
    Ok(tx.execute(UPDATE_STATE, &[id, &state, &error]).await? == 1)
}

/// What it said is forgotten.
pub(super) async fn update_sent(tx: &mut Tx, id: &MailId, at: Timestamp) -> Result<(), DbError> {
    tx.execute_one(UPDATE_SENT, &[id, &at]).await
}
