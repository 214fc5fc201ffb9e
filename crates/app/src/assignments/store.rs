//! Every SQL statement of assignments.
//!
//! Statements over many users take fifty at a time, the last one repeated to fill up: few texts, so few
//! prepared statements, the same on both databases.

use db::{DbError, Place, ToValue, Together, Tx, Value};
use types::{PageRequest, PoolId, SeatId, ServiceId, TenantId, UserId};

use super::seat::{Path, Seat, SeatedUser, Source};
use crate::kit::padded;

/// Users in one statement.
const MANY: usize = 50;

db::statements! {
    INSERT_SEATS = ["INSERT INTO seats (id, tenant_id, pool_id, user_id, service_id, since) VALUES", ""];
    INSERT_PATHS = ["INSERT INTO seat_paths (id, pool_id, user_id, source, started_at, started_by, ended_at, ended_by)
        VALUES", "ON CONFLICT DO NOTHING"];
    INSERT_SEAT = "INSERT INTO seats (id, tenant_id, pool_id, user_id, service_id, since)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    INSERT_PATH = "INSERT INTO seat_paths (id, pool_id, user_id, source, started_at, started_by)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    SEATED_AMONG = "SELECT user_id FROM seats WHERE pool_id = $1 AND user_id IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
            $43, $44, $45, $46, $47, $48, $49, $50, $51)";
    CLOSE_PATHS = "UPDATE seat_paths SET ended_at = $3, ended_by = $4
        WHERE pool_id = $1 AND source = $2 AND ended_at IS NULL AND user_id IN
            ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45,
            $46, $47, $48, $49, $50, $51, $52, $53, $54)
        RETURNING user_id";
    // What no path keeps any more.
    DELETE_PATHLESS = "DELETE FROM seats WHERE pool_id = $1
        AND NOT EXISTS (SELECT 1 FROM seat_paths p
            WHERE p.pool_id = seats.pool_id AND p.user_id = seats.user_id AND p.ended_at IS NULL)
        AND user_id IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
            $43, $44, $45, $46, $47, $48, $49, $50, $51)
        RETURNING user_id";
    LIST_SEATS = "SELECT id, pool_id, user_id, service_id, since FROM seats
        WHERE pool_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    LIST_SEATS_OF_USER = "SELECT id, pool_id, user_id, service_id, since FROM seats
        WHERE tenant_id = $1 AND user_id = $2 ORDER BY service_id";
    LIST_SEATED = "SELECT user_id, service_id FROM seats WHERE tenant_id = $1 ORDER BY user_id";
    LIST_PATHS = "SELECT source, started_at, started_by, ended_at, ended_by FROM seat_paths
        WHERE pool_id = $1 AND user_id = $2 ORDER BY id";
    CLOSE_ALL_PATHS = "UPDATE seat_paths SET ended_at = $3, ended_by = $4
        WHERE pool_id = $1 AND user_id = $2 AND ended_at IS NULL";
}

db::rows! {
    struct UserKey in "seats" { user_id: UserId }
}

/// Runs a statement over users, fifty at a time and all in one round trip; the users it names.
async fn over(
    tx: &mut Tx,
    sql: db::Sql,
    first: &[&dyn ToValue],
    users: &[UserId],
) -> Result<Vec<UserId>, DbError> {
    let mut together = Together::default();
    let add = |chunk| {
        let mut params: Vec<&dyn ToValue> = first.to_vec();
        params.extend(padded(chunk, MANY).map(|user| -> &dyn ToValue { user }));
        together.add::<UserKey>(sql, &params)
    };
    let places: Vec<Place<UserKey>> = users.chunks(MANY).map(add).collect();
    let answers = tx.run_together(together).await?;
    let mut found = Vec::new();
    for place in &places {
        found.extend(answers.list(place)?.into_iter().map(|row| row.user_id));
    }
    Ok(found)
}

/// Those among the users who have a seat of the pool.
pub(super) async fn seated_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<UserId>, DbError> {
    over(tx, SEATED_AMONG, &[pool], users).await
}

pub(super) async fn insert_seats(tx: &mut Tx, tenant: &TenantId, seats: &[Seat]) -> Result<(), DbError> {
    let row = |seat: &'_ Seat| -> Vec<Value<'static>> {
        let bytes = |id: &[u8; 16]| Value::Bytes(id.to_vec().into());
        vec![
            bytes(seat.id.as_bytes()),
            bytes(tenant.as_bytes()),
            bytes(seat.pool_id.as_bytes()),
            bytes(seat.user_id.as_bytes()),
            Value::Text(seat.service_id.as_str().to_owned().into()),
            Value::Int(seat.since.micros()),
        ]
    };
    let rows: Vec<_> = seats.iter().map(row).collect();
    tx.insert_many(INSERT_SEATS, &rows).await.map(|_| ())
}

/// A path to be opened.
pub(super) struct NewPath {
    pub id: SeatId,
    pub source: String,
    pub by: String,
}

/// A user's seat and the path that leads to it, each unless it is there; whether the seat is new.
pub(super) async fn insert_seat_and_path(
    tx: &mut Tx,
    tenant: &TenantId,
    seat: &Seat,
    path: &NewPath,
) -> Result<bool, DbError> {
    let Seat { id, pool_id, user_id, service_id, since } = seat;
    let mut together = Together::default();
    let inserted: Place<()> = together.add(INSERT_SEAT, &[id, tenant, pool_id, user_id, service_id, since]);
    let _: Place<()> =
        together.add(INSERT_PATH, &[&path.id, pool_id, user_id, &path.source, since, &path.by]);
    Ok(tx.run_together(together).await?.affected(&inserted)? == 1)
}

/// A path that is open already stays as it is.
pub(super) async fn insert_paths(
    tx: &mut Tx,
    pool: &PoolId,
    source: &Source,
    paths: &[(SeatId, UserId)],
    (at, by): (types::Timestamp, &str),
) -> Result<(), DbError> {
    let source = source.to_string();
    let rows: Vec<Vec<Value<'_>>> = paths
        .iter()
        .map(|(id, user)| {
            vec![
                id.to_value(),
                pool.to_value(),
                user.to_value(),
                Value::Text(source.as_str().into()),
                at.to_value(),
                Value::Text(by.into()),
                Value::Null,
                Value::Null,
            ]
        })
        .collect();
    tx.insert_many(INSERT_PATHS, &rows).await.map(|_| ())
}

/// Ends the open paths of a source; the users who had one.
pub(super) async fn close_paths(
    tx: &mut Tx,
    pool: &PoolId,
    source: &Source,
    users: &[UserId],
    (at, by): (types::Timestamp, &str),
) -> Result<Vec<UserId>, DbError> {
    over(tx, CLOSE_PATHS, &[pool, &source.to_string(), &at, &by], users).await
}

/// Removes the seats that no path keeps any more; the users who had one.
pub(super) async fn delete_pathless(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<UserId>, DbError> {
    over(tx, DELETE_PATHLESS, &[pool], users).await
}

pub(super) async fn close_all_paths(
    tx: &mut Tx,
    pool: &PoolId,
    user: &UserId,
    (at, by): (types::Timestamp, &str),
) -> Result<(), DbError> {
    tx.execute(CLOSE_ALL_PATHS, &[pool, user, &at, &by]).await.map(|_| ())
}

pub(super) async fn list_seats(tx: &mut Tx, pool: &PoolId, page: &PageRequest) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_SEATS, &[pool, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn list_seats_of_user(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_SEATS_OF_USER, &[tenant, user]).await
}

/// Every seat of a tenant.
pub(super) async fn list_seated(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<(UserId, ServiceId)>, DbError> {
    let rows: Vec<SeatedUser> = tx.list(LIST_SEATED, &[tenant]).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.service_id)).collect())
}

/// Every path that led or leads to a user's seat, oldest first.
pub(super) async fn list_paths(tx: &mut Tx, pool: &PoolId, user: &UserId) -> Result<Vec<Path>, DbError> {
    tx.list(LIST_PATHS, &[pool, user]).await
}
