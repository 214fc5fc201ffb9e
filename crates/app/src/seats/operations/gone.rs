//! Seats that are gone: their rows leave, and what was assigned directly ends (LIC-08).

use std::collections::BTreeMap;

use db::Tx;
use types::{Timestamp, UserId};

use super::{paths, tell};
use crate::access::{Permission, Right};
use crate::kit::Refused;
use crate::seats::seat::SeatRow;
use crate::seats::{Pool, Source, store};

/// Seats in one unit of work.
const AT_ONCE: i64 = 500;

/// Removes seats of a pool that are gone, up to five hundred; whether these were all. The pool must be held.
pub(crate) async fn remove<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
) -> Result<bool, Refused> {
    let gone = store::list_gone(tx, &pool.id, right.now(), AT_ONCE).await?;
    end(tx, right, pool, &gone).await?;
    Ok(i64::try_from(gone.len()).is_ok_and(|count| count < AT_ONCE))
}

/// Ends the direct paths when the seats went, whenever that is noticed. Who is in a group that has the
/// license waits again. Nobody gets a seat by it: while a seat is over, none is free.
async fn end<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    gone: &[SeatRow],
) -> Result<(), Refused> {
    let mut by_end: BTreeMap<Timestamp, Vec<UserId>> = BTreeMap::new();
    for row in gone {
        by_end.entry(row.kept_until.unwrap_or(right.now())).or_default().push(row.user_id);
    }
    for (at, mut users) in by_end {
        users.sort_unstable();
        store::close_paths(tx, &pool.id, &Source::Direct, &users, (at, "system")).await?;
        let freed = paths::remove_pathless(tx, right, pool, &users).await?;
        let kept: Vec<UserId> = users.into_iter().filter(|user| !freed.contains(user)).collect();
        for user in &kept {
            store::make_waiting(tx, &pool.id, user).await?;
        }
        tell::waiting(tx, right, pool, &kept)?;
    }
    Ok(())
}
