//! Every SQL statement over seats and paths.

use db::{DbError, Sql, ToValue, Tx, Value};
use entitlement::Grace;
use types::{GroupId, PageRequest, PathId, PoolId, ServiceId, TenantId, Timestamp, UserId};

use super::seat::{EndedPath, IdleSeat, OpenPath, Path, Seat, SeatRow, Source};
use super::{Policy, Pool};

db::statements! {
    INSERT_SEATS = ["INSERT INTO seats (pool_id, user_id, since, state) VALUES", ""];
    INSERT_PATHS = ["INSERT INTO seat_paths (id, pool_id, user_id, source, started_at, started_by) VALUES",
        "ON CONFLICT DO NOTHING"];
    INSERT_SEAT = "INSERT INTO seats (pool_id, user_id, since) VALUES ($1, $2, $3)";
    INSERT_PATH = "INSERT INTO seat_paths (id, pool_id, user_id, source, started_at, started_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    // On PostgreSQL user for user, by the whole key: before the statistics say how large a pool is, the planner
    // takes reading all of it for cheaper.
    SEATED_AMONG = {
        sqlite: "SELECT user_id, state, usable_until, kept_until FROM seats WHERE pool_id = $1 AND user_id IN ($many)",
        postgres: "SELECT s.user_id, s.state, s.usable_until, s.kept_until
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS user_id) AS wanted,
                LATERAL (SELECT user_id, state, usable_until, kept_until FROM seats
                    WHERE pool_id = $1 AND user_id = wanted.user_id OFFSET 0) AS s"
    };
    END_PATH = "INSERT INTO ended_paths (pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by)
        SELECT pool_id, user_id, id, source, started_at, started_by, CAST($3 AS BIGINT), CAST($4 AS TEXT)
        FROM seat_paths WHERE pool_id = $1 AND source = $2 AND user_id = $5";
    DELETE_PATH = "DELETE FROM seat_paths WHERE pool_id = $1 AND source = $2 AND user_id = $3 RETURNING user_id";
    END_ALL_PATHS = "INSERT INTO ended_paths (pool_id, user_id, id, source, started_at, started_by, ended_at, ended_by)
        SELECT pool_id, user_id, id, source, started_at, started_by, CAST($3 AS BIGINT), CAST($4 AS TEXT)
        FROM seat_paths WHERE pool_id = $1 AND user_id = $2";
    DELETE_ALL_PATHS = "DELETE FROM seat_paths WHERE pool_id = $1 AND user_id = $2";
    // What no path keeps any more.
    DELETE_PATHLESS = "DELETE FROM seats WHERE pool_id = $1
        AND NOT EXISTS (SELECT 1 FROM seat_paths p
            WHERE p.pool_id = seats.pool_id AND p.user_id = seats.user_id)
        AND user_id = $2
        RETURNING user_id, state, usable_until, kept_until";
    LIST_SEATS = "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
        FROM pools p JOIN seats s ON s.pool_id = p.id
        WHERE p.id = $1 AND s.user_id > $2 ORDER BY s.user_id LIMIT $3";
    LIST_QUEUE = "SELECT s.pool_id, s.user_id, p.service_id, s.since, s.state, s.usable_until, s.kept_until
        FROM pools p JOIN seats s ON s.pool_id = p.id
        WHERE p.id = $1 AND s.state <> 'active' AND (s.state, s.since, s.user_id) > ($2, $3, $4)
        ORDER BY s.state, s.since, s.user_id LIMIT $5";
    PUSH_NEWEST = "UPDATE seats SET state = 'over', usable_until = $3, kept_until = $4 WHERE pool_id = $1 AND user_id IN
            (SELECT user_id FROM seats WHERE pool_id = $1 AND state = 'active' ORDER BY since DESC, user_id DESC LIMIT $2)
        RETURNING user_id";
    PUSH_OLDEST = "UPDATE seats SET state = 'over', usable_until = $3, kept_until = $4 WHERE pool_id = $1 AND user_id IN
            (SELECT user_id FROM seats WHERE pool_id = $1 AND state = 'active' ORDER BY since, user_id LIMIT $2)
        RETURNING user_id";
    PUSH_LEAST_RECENTLY_USED = "UPDATE seats SET state = 'over', usable_until = $3, kept_until = $4 WHERE pool_id = $1 AND user_id IN
            (SELECT user_id FROM seats WHERE pool_id = $1 AND state = 'active'
            ORDER BY COALESCE(last_used_on, 0), since DESC, user_id DESC LIMIT $2)
        RETURNING user_id";
    SHORTEN = "UPDATE seats SET usable_until = CASE WHEN usable_until < $2 THEN usable_until ELSE $2 END,
            kept_until = CASE WHEN kept_until < $3 THEN kept_until ELSE $3 END
        WHERE pool_id = $1 AND state = 'over' AND state <> 'active' AND (kept_until IS NULL OR kept_until > $4)
        RETURNING user_id, state, usable_until, kept_until";
    // SQLite uses a partial index only where its condition is written out.
    LIST_OVER = "SELECT user_id FROM seats WHERE pool_id = $1 AND state = 'over' AND state <> 'active'
        AND (kept_until IS NULL OR kept_until > $3) ORDER BY since, user_id LIMIT $2";
    LIST_WAITING = "SELECT user_id FROM seats WHERE pool_id = $1 AND state = 'waiting' AND state <> 'active'
        ORDER BY since, user_id LIMIT $2";
    ACTIVATE = "UPDATE seats SET state = 'active', usable_until = NULL, kept_until = NULL
        WHERE pool_id = $1 AND user_id = $2";
    LIST_GONE = "SELECT user_id, state, usable_until, kept_until FROM seats
        WHERE pool_id = $1 AND kept_until <= $2 ORDER BY kept_until, user_id LIMIT $3";
    MAKE_WAITING = "UPDATE seats SET state = 'waiting', usable_until = NULL, kept_until = NULL
        WHERE pool_id = $1 AND user_id = $2";
    FIND_POSITION = "SELECT CAST(count(*) AS BIGINT) AS n FROM seats WHERE pool_id = $1 AND state <> 'active'
            AND (kept_until IS NULL OR kept_until > $5) AND (state, since, user_id) <= ($2, $3, $4)";
    LIST_PATHS = "SELECT id, source, started_at, started_by, ended_at, ended_by FROM ended_paths
        WHERE pool_id = $1 AND user_id = $2
        UNION ALL SELECT id, source, started_at, started_by, CAST(NULL AS BIGINT), CAST(NULL AS TEXT) FROM seat_paths
        WHERE pool_id = $1 AND user_id = $2 ORDER BY id";
    LIST_OPEN_PATHS = "SELECT source, started_at, started_by, CAST(NULL AS BIGINT) AS ended_at,
            CAST(NULL AS TEXT) AS ended_by FROM seat_paths
        WHERE pool_id = $1 AND user_id = $2 ORDER BY id";
    OPEN_AMONG = {
        sqlite: "SELECT user_id, source, started_at FROM seat_paths WHERE pool_id = $1 AND user_id IN ($many)",
        postgres: "SELECT p.user_id, p.source, p.started_at
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS user_id) AS wanted,
                LATERAL (SELECT user_id, source, started_at FROM seat_paths
                    WHERE pool_id = $1 AND user_id = wanted.user_id OFFSET 0) AS p"
    };
    LAST_ENDED = {
        sqlite: "SELECT user_id, CAST(max(ended_at) AS BIGINT) AS ended_at FROM ended_paths
            WHERE pool_id = $1 AND source = 'direct' AND user_id IN ($many) GROUP BY user_id",
        postgres: "SELECT p.user_id, p.ended_at
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS user_id) AS wanted,
                LATERAL (SELECT user_id, CAST(max(ended_at) AS BIGINT) AS ended_at FROM ended_paths
                    WHERE pool_id = $1 AND source = 'direct' AND user_id = wanted.user_id
                    GROUP BY user_id OFFSET 0) AS p"
    };
    LIST_OPEN_OF_GROUP = "SELECT user_id FROM seat_paths
        WHERE pool_id = $1 AND source = $2 AND source <> 'direct'";
    RECORD_USE = "UPDATE seats SET last_used_on = $3
        WHERE pool_id = (SELECT id FROM pools WHERE tenant_id = $1 AND service_id = $2)
            AND (last_used_on IS NULL OR last_used_on < $3) AND user_id = $4";
    LIST_IDLE = "SELECT user_id, since, last_used_on FROM seats WHERE pool_id = $1 AND state = 'active'
            AND since < $2 AND (last_used_on IS NULL OR last_used_on < $2) AND user_id > $3
        ORDER BY user_id LIMIT $4";
}

db::rows! {
    struct UserKey in "seats" { user_id: UserId }
}

db::rows! {
    struct Count in "seats" { n: i64 }
}

/// Puts active seats of a pool over, as many as there are too many of; whose they are.
pub(super) async fn push_over(
    tx: &mut Tx,
    pool: &Pool,
    count: i64,
    grace: Grace,
) -> Result<Vec<UserId>, DbError> {
    let sql = match pool.policy {
        Policy::NewestFirst => PUSH_NEWEST,
        Policy::OldestFirst => PUSH_OLDEST,
        Policy::LeastRecentlyUsed => PUSH_LEAST_RECENTLY_USED,
    };
    keys(tx, sql, &[&pool.id, &count, &grace.usable_until, &grace.kept_until]).await
}

/// Gives seats that are over at most this grace.
pub(super) async fn shorten(
    tx: &mut Tx,
    pool: &PoolId,
    grace: Grace,
    now: Timestamp,
) -> Result<Vec<SeatRow>, DbError> {
    tx.list(SHORTEN, &[pool, &grace.usable_until, &grace.kept_until, &now]).await
}

/// Makes up to `count` seats that are over active again, first come first; whose they are.
pub(super) async fn restore(
    tx: &mut Tx,
    pool: &PoolId,
    count: i64,
    now: Timestamp,
) -> Result<Vec<UserId>, DbError> {
    let users = keys(tx, LIST_OVER, &[pool, &count, &now]).await?;
    tx.execute_each(ACTIVATE, &[pool], &users).await?;
    Ok(users)
}

/// The same for seats that wait.
pub(super) async fn admit(tx: &mut Tx, pool: &PoolId, count: i64) -> Result<Vec<UserId>, DbError> {
    let users = keys(tx, LIST_WAITING, &[pool, &count]).await?;
    tx.execute_each(ACTIVATE, &[pool], &users).await?;
    Ok(users)
}

pub(super) async fn keys(tx: &mut Tx, sql: Sql, params: &[&dyn ToValue]) -> Result<Vec<UserId>, DbError> {
    let rows: Vec<UserKey> = tx.list(sql, params).await?;
    let mut users: Vec<UserId> = rows.into_iter().map(|row| row.user_id).collect();
    users.sort_unstable();
    Ok(users)
}

/// Those among the users who have a seat of the pool.
pub(super) async fn seated_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<SeatRow>, DbError> {
    tx.list_among(SEATED_AMONG, &[pool], users).await
}

pub(super) async fn insert_seats(tx: &mut Tx, seats: &[Seat]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value<'_>>> = seats
        .iter()
        .map(|Seat { pool_id, user_id, since, state, .. }| {
            vec![pool_id.to_value(), user_id.to_value(), since.to_value(), state.to_value()]
        })
        .collect();
    tx.insert_many(INSERT_SEATS, &rows).await.map(|_| ())
}

/// A path to be opened.
pub(super) struct NewPath {
    pub id: PathId,
    pub source: String,
    pub by: String,
}

/// A user's first seat of a pool that is held, and the path that leads to it.
pub(super) fn insert_seat_and_path(tx: &mut Tx, seat: &Seat, path: &NewPath) {
    let Seat { pool_id, user_id, since, .. } = seat;
    tx.execute_later(INSERT_SEAT, &[pool_id, user_id, since]);
    tx.execute_later(INSERT_PATH, &[&path.id, pool_id, user_id, &path.source, since, &path.by]);
}

/// A path that is open already stays as it is.
pub(super) async fn insert_paths(
    tx: &mut Tx,
    pool: &PoolId,
    source: &Source,
    paths: &[(PathId, UserId)],
    (at, by): (Timestamp, &str),
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
    (at, by): (Timestamp, &str),
) -> Result<Vec<UserId>, DbError> {
    let source = source.to_string();
    tx.execute_each(END_PATH, &[pool, &source, &at, &by], users).await?;
    let ended: Vec<UserKey> = tx.list_each(DELETE_PATH, &[pool, &source], users).await?;
    let mut ended: Vec<UserId> = ended.into_iter().map(|row| row.user_id).collect();
    ended.sort_unstable();
    Ok(ended)
}

/// Removes the seats that no path keeps any more, and gives them.
pub(super) async fn delete_pathless(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<SeatRow>, DbError> {
    tx.list_each(DELETE_PATHLESS, &[pool], users).await
}

/// Seats that are gone.
pub(super) async fn list_gone(
    tx: &mut Tx,
    pool: &PoolId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<SeatRow>, DbError> {
    tx.list(LIST_GONE, &[pool, &now, &limit]).await
}

pub(super) async fn make_waiting(tx: &mut Tx, pool: &PoolId, user: &UserId) -> Result<(), DbError> {
    tx.execute_one(MAKE_WAITING, &[pool, user]).await
}

/// The place of a seat that is over or waits, from 1, among those that will be active before it and itself.
pub(super) async fn find_position(tx: &mut Tx, seat: &Seat, now: Timestamp) -> Result<i64, DbError> {
    let place = [&seat.pool_id as &dyn ToValue, &seat.state, &seat.since, &seat.user_id, &now];
    let count: Option<Count> = tx.find(FIND_POSITION, &place).await?;
    Ok(count.map_or(0, |count| count.n))
}

pub(super) async fn close_all_paths(
    tx: &mut Tx,
    pool: &PoolId,
    user: &UserId,
    (at, by): (Timestamp, &str),
) -> Result<(), DbError> {
    tx.execute(END_ALL_PATHS, &[pool, user, &at, &by]).await?;
    tx.execute(DELETE_ALL_PATHS, &[pool, user]).await.map(|_| ())
}

pub(super) async fn list_seats(tx: &mut Tx, pool: &PoolId, page: &PageRequest) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_SEATS, &[pool, &page.after_id(), &page.fetch()]).await
}

/// Seats besides the active ones, in the order of the queue, after the seat of this state, time and user.
pub(super) async fn list_queue(
    tx: &mut Tx,
    pool: &PoolId,
    (state, since, user): (&str, i64, [u8; 16]),
    limit: i64,
) -> Result<Vec<Seat>, DbError> {
    tx.list(LIST_QUEUE, &[pool, &state, &since, &user, &limit]).await
}

/// Every path that led or leads to a user's seat, oldest first.
pub(super) async fn list_paths(tx: &mut Tx, pool: &PoolId, user: &UserId) -> Result<Vec<Path>, DbError> {
    tx.list(LIST_PATHS, &[pool, user]).await
}

/// The paths that keep a user's seat, oldest first.
pub(super) async fn list_open_paths(tx: &mut Tx, pool: &PoolId, user: &UserId) -> Result<Vec<Path>, DbError> {
    tx.list(LIST_OPEN_PATHS, &[pool, user]).await
}

/// The open paths of users.
pub(super) async fn open_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<OpenPath>, DbError> {
    tx.list_among(OPEN_AMONG, &[pool], users).await
}

/// When the last direct paths of users ended.
pub(super) async fn last_ended_among(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
) -> Result<Vec<EndedPath>, DbError> {
    tx.list_among(LAST_ENDED, &[pool], users).await
}

/// Who has an open path through a group, sorted.
pub(super) async fn list_open_of_group(
    tx: &mut Tx,
    pool: &PoolId,
    group: GroupId,
) -> Result<Vec<UserId>, DbError> {
    keys(tx, LIST_OPEN_OF_GROUP, &[pool, &Source::Group(group).to_string()]).await
}

/// A day that is later than the one known.
pub(super) async fn record_use(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    users: &[UserId],
    day: Timestamp,
) -> Result<(), DbError> {
    tx.execute_each(RECORD_USE, &[tenant, service, &day], users).await.map(|_| ())
}

pub(super) async fn list_idle(
    tx: &mut Tx,
    pool: &PoolId,
    since: Timestamp,
    page: &PageRequest,
) -> Result<Vec<IdleSeat>, DbError> {
    tx.list(LIST_IDLE, &[pool, &since, &page.after_id(), &page.fetch()]).await
}
