//! Every SQL statement of publishing.

use db::{DbError, Tx};
use types::{OfferId, PageRequest, SubmissionId, Timestamp};

use super::submission::PhaseFinding;
use super::submission::{LiveOffer, Phase, PhaseName, PhaseOutcome, Submission, SubmissionStatus};
use crate::kit::JsonColumn;

db::statements! {
    INSERT_SUBMISSION = "INSERT INTO submissions
        (id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10)";
    LAST_NUMBER = "SELECT CAST(COALESCE(max(number), 0) AS BIGINT) AS n FROM submissions WHERE offer_id = $1";
    FIND_SUBMISSION = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE id = $1";
    FIND_CURRENT = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE offer_id = $1 ORDER BY number DESC LIMIT 1";
    LIST_SUBMISSIONS = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE offer_id = $1 ORDER BY number DESC LIMIT $2";
    LIST_BY_STATUS = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE status = $1 AND id > $2 ORDER BY id LIMIT $3";
    COUNT_WAITING = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM submissions WHERE status = 'in_certification' AND id < $1";
    LIST_DUE = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE status = 'going_live' AND live_at <= $1 ORDER BY live_at, id LIMIT 100";
    UPDATE_STATUS = "UPDATE submissions SET status = $2 WHERE id = $1";
    UPDATE_LIVE_AT = "UPDATE submissions SET live_at = $2 WHERE id = $1";
    INSERT_PHASE = "INSERT INTO submission_phases
        (submission_id, phase, place, started_at, ended_at, outcome, findings) VALUES ($1, $2, $3, $4, NULL, NULL, '[]')";
    END_PHASE = "UPDATE submission_phases SET ended_at = $3, outcome = $4, findings = $5
        WHERE submission_id = $1 AND phase = $2 AND ended_at IS NULL";
    LIST_PHASES = "SELECT phase, started_at, ended_at, outcome, findings FROM submission_phases
        WHERE submission_id = $1 ORDER BY place";
    UPSERT_LIVE = "INSERT INTO live_offers (offer_id, address, submission_id, version, snapshot, live_since, stopped_at)
        VALUES ($1, $2, $3, 1, $4, $5, NULL)
        ON CONFLICT (offer_id) DO UPDATE SET submission_id = excluded.submission_id,
            version = live_offers.version + 1, snapshot = excluded.snapshot, live_since = excluded.live_since,
            stopped_at = NULL, stops_at = NULL
        RETURNING offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at";
    STOP_LIVE = "UPDATE live_offers SET stopped_at = $2 WHERE offer_id = $1 AND stopped_at IS NULL";
    LIST_ALL_LIVE = "SELECT offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at
        FROM live_offers ORDER BY address";
    LIST_LISTED = "SELECT offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at
        FROM live_offers WHERE stopped_at IS NULL ORDER BY address";
    FIND_LIVE = "SELECT offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at
        FROM live_offers WHERE address = $1";
    FIND_LISTED_ADDRESS = "SELECT address FROM live_offers WHERE offer_id = $1 AND stopped_at IS NULL";
    FIND_PREVIEW = "SELECT id, offer_id, number, address, status, came_from, package_id, snapshot, notes, live_at,
            created_at
        FROM submissions WHERE address = $1 AND status IN ('preview', 'going_live') ORDER BY number DESC LIMIT 1";
    FIND_LISTED = "SELECT offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at
        FROM live_offers WHERE address = $1 AND stopped_at IS NULL";
    UPDATE_STOPS_AT = "UPDATE live_offers SET stops_at = $2 WHERE offer_id = $1 AND stopped_at IS NULL";
    LIST_DUE_STOPS = "SELECT offer_id, address, submission_id, version, snapshot, live_since, stopped_at, stops_at
        FROM live_offers WHERE stops_at <= $1 AND stopped_at IS NULL ORDER BY stops_at, offer_id LIMIT 100";
}

db::rows! {
    struct Number in "submissions" { n: i64 }
}
db::rows! {
    struct Address in "live_offers" { address: String }
}

pub(super) async fn next_number(tx: &mut Tx, offer: &OfferId) -> Result<i64, DbError> {
    let last: Option<Number> = tx.find(LAST_NUMBER, &[offer]).await?;
    Ok(last.map_or(1, |last| last.n + 1))
}

pub(super) async fn insert_submission(tx: &mut Tx, submission: &Submission) -> Result<(), DbError> {
    let Submission {
        id,
        offer_id,
        number,
        address,
        status,
        came_from,
        package_id,
        snapshot,
        notes,
        created_at,
        ..
    } = submission;
    tx.execute_one(
        INSERT_SUBMISSION,
        &[id, offer_id, number, address, status, came_from, package_id, snapshot, notes, created_at],
    )
    .await
}

pub(super) async fn find_submission(tx: &mut Tx, id: &SubmissionId) -> Result<Option<Submission>, DbError> {
    tx.find(FIND_SUBMISSION, &[id]).await
}

/// The latest submission of an offer.
pub(super) async fn find_current(tx: &mut Tx, offer: &OfferId) -> Result<Option<Submission>, DbError> {
    tx.find(FIND_CURRENT, &[offer]).await
}

/// The latest ones, so many at most.
pub(super) async fn list_submissions(
    tx: &mut Tx,
    offer: &OfferId,
    limit: i64,
) -> Result<Vec<Submission>, DbError> {
    tx.list(LIST_SUBMISSIONS, &[offer, &limit]).await
}

pub(super) async fn list_by_status(
    tx: &mut Tx,
    status: SubmissionStatus,
    page: &PageRequest,
) -> Result<Vec<Submission>, DbError> {
    tx.list(LIST_BY_STATUS, &[&status, &page.after_id(), &page.fetch()]).await
}

/// How many wait for certification that were submitted before this key.
pub(super) async fn count_waiting(tx: &mut Tx, before: &[u8; 16]) -> Result<i64, DbError> {
    let row: Option<Number> = tx.find(COUNT_WAITING, &[before]).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Signed off, and their time has come.
pub(super) async fn list_due(tx: &mut Tx, now: Timestamp) -> Result<Vec<Submission>, DbError> {
    tx.list(LIST_DUE, &[&now]).await
}

pub(super) async fn update_status(
    tx: &mut Tx,
    id: &SubmissionId,
    status: SubmissionStatus,
) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STATUS, &[id, &status]).await
}

pub(super) async fn update_live_at(tx: &mut Tx, id: &SubmissionId, at: Timestamp) -> Result<(), DbError> {
    tx.execute_one(UPDATE_LIVE_AT, &[id, &at]).await
}

pub(super) async fn insert_phase(
    tx: &mut Tx,
    id: &SubmissionId,
    phase: PhaseName,
    now: Timestamp,
) -> Result<(), DbError> {
    let place = PhaseName::ALL.iter().position(|known| *known == phase).unwrap_or_default();
    tx.execute_one(INSERT_PHASE, &[id, &phase, &i64::try_from(place).unwrap_or_default(), &now]).await
}

pub(super) async fn end_phase(
    tx: &mut Tx,
    id: &SubmissionId,
    phase: PhaseName,
    now: Timestamp,
    outcome: PhaseOutcome,
    findings: &JsonColumn<Vec<PhaseFinding>>,
) -> Result<(), DbError> {
    tx.execute_one(END_PHASE, &[id, &phase, &now, &outcome, findings]).await
}

pub(super) async fn list_phases(tx: &mut Tx, id: &SubmissionId) -> Result<Vec<Phase>, DbError> {
    tx.list(LIST_PHASES, &[id]).await
}

/// Puts a submission where customers see it; the version counts up.
pub(super) async fn upsert_live(
    tx: &mut Tx,
    submission: &Submission,
    now: Timestamp,
) -> Result<Option<LiveOffer>, DbError> {
    let Submission { id, offer_id, address, snapshot, .. } = submission;
    tx.find(UPSERT_LIVE, &[offer_id, address, id, snapshot, &now]).await
}

pub(super) async fn stop_live(tx: &mut Tx, offer: &OfferId, now: Timestamp) -> Result<(), DbError> {
    tx.execute_one(STOP_LIVE, &[offer, &now]).await
}

/// Every offer that is or was live.
pub(super) async fn list_all_live(tx: &mut Tx) -> Result<Vec<LiveOffer>, DbError> {
    tx.list(LIST_ALL_LIVE, &[]).await
}

/// Every offer on the storefront.
pub(super) async fn list_listed(tx: &mut Tx) -> Result<Vec<LiveOffer>, DbError> {
    tx.list(LIST_LISTED, &[]).await
}

pub(super) async fn is_listed(tx: &mut Tx, offer: &OfferId) -> Result<bool, DbError> {
    let row: Option<Address> = tx.find(FIND_LISTED_ADDRESS, &[offer]).await?;
    Ok(row.is_some_and(|row| !row.address.is_empty()))
}

/// The version of an offer that waits to go live.
pub(super) async fn find_preview(tx: &mut Tx, address: &str) -> Result<Option<Submission>, DbError> {
    tx.find(FIND_PREVIEW, &[&address]).await
}

pub(super) async fn find_listed(tx: &mut Tx, address: &str) -> Result<Option<LiveOffer>, DbError> {
    tx.find(FIND_LISTED, &[&address]).await
}

/// Also one that was stopped.
pub(super) async fn find_live(tx: &mut Tx, address: &str) -> Result<Option<LiveOffer>, DbError> {
    tx.find(FIND_LIVE, &[&address]).await
}

pub(super) async fn update_stops_at(tx: &mut Tx, offer: &OfferId, at: Timestamp) -> Result<(), DbError> {
    tx.execute_one(UPDATE_STOPS_AT, &[offer, &at]).await
}

/// Told to stop, and their time has come.
pub(super) async fn list_due_stops(tx: &mut Tx, now: Timestamp) -> Result<Vec<LiveOffer>, DbError> {
    tx.list(LIST_DUE_STOPS, &[&now]).await
}
