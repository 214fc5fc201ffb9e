//! Every SQL statement over seats that leases hold.

use db::{DbError, Tx};
use types::{PoolId, Timestamp, UserId};

db::statements! {
    UPSERT_HOLD = "INSERT INTO seat_holds (pool_id, holder_id, held, until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (pool_id, holder_id) DO UPDATE
            SET until = CASE WHEN excluded.until > seat_holds.until THEN excluded.until ELSE seat_holds.until END";
    HOLD_FREED = "UPDATE seat_holds SET held = 1 WHERE pool_id = $1 AND until > $2 AND held = 0 AND holder_id = $3
        RETURNING holder_id, held, until";
    LET_GO = "UPDATE seat_holds SET held = 0 WHERE pool_id = $1 AND held > 0 AND holder_id = $2
        RETURNING holder_id, held, until";
    HELD_AMONG = {
        sqlite: "SELECT holder_id, held, until FROM seat_holds
            WHERE pool_id = $1 AND held > 0 AND holder_id IN ($many)",
        postgres: "SELECT h.holder_id, h.held, h.until
            FROM (SELECT DISTINCT unnest(ARRAY[$many]::bytea[]) AS holder_id) AS wanted,
                LATERAL (SELECT holder_id, held, until FROM seat_holds
                    WHERE pool_id = $1 AND holder_id = wanted.holder_id AND held > 0 OFFSET 0) AS h"
    };
    LIST_HELD = "SELECT holder_id, held, until FROM seat_holds WHERE pool_id = $1 AND held > 0
        ORDER BY until DESC, holder_id";
    SET_HELD = "UPDATE seat_holds SET held = $3 WHERE pool_id = $1 AND holder_id = $2";
    SHORTEN_HOLD = "UPDATE seat_holds SET until = $3 WHERE pool_id = $1 AND holder_id = $2 AND until > $3";
    DELETE_OVER = "DELETE FROM seat_holds WHERE pool_id = $1 AND until <= $2 RETURNING holder_id, held, until";
}

db::rows! {
    /// What is held for a user, or for a block, whose holder is then the lease.
    pub(super) struct Hold in "seat_holds" {
        pub(super) holder_id: UserId,
        /// Seats that count without being anybody's.
        pub(super) held: i64,
        pub(super) until: Timestamp,
    }
}

/// What is held already is held until the later of both times.
pub(super) async fn upsert_hold(tx: &mut Tx, pool: &PoolId, hold: &Hold) -> Result<(), DbError> {
    let Hold { holder_id, held, until } = hold;
    tx.execute_one(UPSERT_HOLD, &[pool, holder_id, held, until]).await
}

/// Holds the seats that these users had, where they are to be held; what is held now.
pub(super) async fn hold_freed(
    tx: &mut Tx,
    pool: &PoolId,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<Hold>, DbError> {
    tx.list_each(HOLD_FREED, &[pool, &now], users).await
}

/// Lets go of what is held for these users, because they have their seats again.
pub(super) async fn let_go(tx: &mut Tx, pool: &PoolId, users: &[UserId]) -> Result<(), DbError> {
    tx.list_each::<Hold>(LET_GO, &[pool], users).await.map(|_| ())
}

/// For whom of these a seat is held that counts.
pub(super) async fn held_among(tx: &mut Tx, pool: &PoolId, users: &[UserId]) -> Result<Vec<Hold>, DbError> {
    tx.list_among(HELD_AMONG, &[pool], users).await
}

/// Everything that is held and counts, the longest first.
pub(super) async fn list_held(tx: &mut Tx, pool: &PoolId) -> Result<Vec<Hold>, DbError> {
    tx.list(LIST_HELD, &[pool]).await
}

pub(super) async fn set_held(tx: &mut Tx, pool: &PoolId, holder: &UserId, held: i64) -> Result<(), DbError> {
    tx.execute_one(SET_HELD, &[pool, holder, &held]).await
}

pub(super) async fn shorten_hold(
    tx: &mut Tx,
    pool: &PoolId,
    holder: &UserId,
    until: Timestamp,
) -> Result<(), DbError> {
    tx.execute(SHORTEN_HOLD, &[pool, holder, &until]).await.map(|_| ())
}

/// Removes what is over, and gives it.
pub(super) async fn delete_over(tx: &mut Tx, pool: &PoolId, now: Timestamp) -> Result<Vec<Hold>, DbError> {
    tx.list(DELETE_OVER, &[pool, &now]).await
}
