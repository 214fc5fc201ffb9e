//! The chain: what was written can be told from what was changed afterwards.

use db::chain::{Broken, Chain};
use db::testing::Database;
use db::{Db, DbError, LogId, Tx, on_both};

use crate::{LOG, entry};

db::statements! {
    CHANGE = "UPDATE log_entries SET body = 'other' WHERE log = $1 AND position = $2";
    REMOVE = "DELETE FROM log_entries WHERE log = $1 AND position = $2";
    CLOSE_UP = "UPDATE log_entries SET position = position - 1 WHERE log = $1 AND position = $2";
    FORGET = "UPDATE log_heads SET head = head - 1 WHERE log = $1";
    UNLINK = "UPDATE log_entries SET link = NULL WHERE log = $1 AND position = $2";
}

/// Two entries, then three in one transaction, then one.
async fn written(db: &Db) {
    for numbers in [1..2, 2..3, 3..6, 6..7_u64] {
        db.write(move |tx| {
            Box::pin(async move {
                numbers.for_each(|n| tx.append(LOG, entry(n)));
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
    }
}

async fn verify(tx: &mut Tx, log: LogId) -> Result<Result<usize, Broken>, DbError> {
    let head = tx.log_head_linked(log).await?.expect("a head");
    let (mut chain, mut links) = (Chain::default(), 0);
    for entry in tx.log_chain(log, 0, 1000).await? {
        match chain.step(&entry) {
            Ok(link) => links += usize::from(link.is_some()),
            Err(broken) => return Ok(Err(broken)),
        }
    }
    Ok(chain.end(head.head, &head.link).map(|()| links))
}

/// Does this to the log, looks, and takes it back.
async fn tampered(db: &Db, what: &'static [(db::Sql, Option<i64>)]) -> Result<usize, Broken> {
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let found = seen.clone();
    let undone = db
        .write(move |tx| {
            let seen = seen.clone();
            Box::pin(async move {
                for (sql, position) in what {
                    match position {
                        Some(position) => tx.execute_one(*sql, &[&LOG.0, position]).await?,
                        None => tx.execute_one(*sql, &[&LOG.0]).await?,
                    }
                }
                *seen.lock().unwrap() = Some(verify(tx, LOG).await?);
                Err::<(), _>(DbError::internal("only to look"))
            })
        })
        .await;
    assert!(undone.is_err());
    found.lock().unwrap().take().expect("it was looked at")
}

on_both!(
    /// EVT-04: the log is a chain; an entry that is changed, removed or cut off at the end is found.
    a_log_that_was_tampered_with_is_told_from_one_that_was_not,
    |database: Database| async move {
        let db = database.db.clone();
        written(&db).await;
        assert_eq!(tampered(&db, &[]).await, Ok(4), "a link for each transaction");
        assert_eq!(tampered(&db, &[(CHANGE, Some(1))]).await, Err(Broken::Changed { after: 0, to: 1 }));
        assert_eq!(tampered(&db, &[(CHANGE, Some(4))]).await, Err(Broken::Changed { after: 2, to: 5 }));
        assert_eq!(tampered(&db, &[(REMOVE, Some(2))]).await, Err(Broken::Missing { expected: 2, found: 3 }));
        let closed = &[(REMOVE, Some(5)), (CLOSE_UP, Some(6)), (FORGET, None)];
        assert_eq!(tampered(&db, closed).await, Err(Broken::Changed { after: 2, to: 5 }));
        let cut = &[(REMOVE, Some(6)), (FORGET, None)];
        assert_eq!(tampered(&db, cut).await, Err(Broken::Cut { position: 5, head: 5 }));
        assert_eq!(tampered(&db, &[(UNLINK, Some(6))]).await, Err(Broken::Cut { position: 6, head: 6 }));
    }
);
