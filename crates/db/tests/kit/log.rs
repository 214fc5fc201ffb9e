//! The log: positions without gaps, entries with their change, and word of it on every node.

use std::time::Duration;

use db::testing::Database;
use db::{Committed, Db, DbError, Entry, LogId, on_both};

use crate::{LOG, NOTHING, entry, ids, store, thing, with_table};

async fn append(db: &Db, log: LogId, n: u64) -> Committed<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.append(log, entry(n));
            Ok::<_, DbError>(())
        })
    })
    .await
    .unwrap()
}

async fn positions(db: &Db, log: LogId) -> Vec<i64> {
    let entries =
        db.read(move |tx| Box::pin(async move { tx.log_entries(log, 0, 10_000).await })).await.unwrap();
    entries.iter().map(|entry| entry.position).collect()
}

on_both!(
    /// EVT-01, EVT-02: beside each other, units fail or succeed; each change has its entry, each entry
    /// its change, and no position is missing.
    a_unit_that_fails_leaves_nothing_and_no_gap,
    |database: Database| async move {
        let db = with_table(&database).await;
        let tasks: Vec<_> = (1..=60_i64)
            .map(|n| {
                let db = db.clone();
                tokio::spawn(async move {
                    db.write(move |tx| {
                        Box::pin(async move {
                            store::insert(tx, &thing(n)).await?;
                            tx.append(LOG, entry(n.unsigned_abs()));
                            if n % 3 == 0 { Err(DbError::internal("on purpose")) } else { Ok(()) }
                        })
                    })
                    .await
                    .is_ok()
                })
            })
            .collect();
        let mut succeeded = 0;
        for task in tasks {
            succeeded += i64::from(task.await.unwrap());
        }
        assert_eq!(succeeded, 40);
        assert_eq!(ids(&db).await.len(), 40);
        assert_eq!(positions(&db, LOG).await, (1..=40).collect::<Vec<i64>>(), "no gaps");
        assert_eq!(db.heads().known(&LOG), 40, "the head is known before the answer");
    }
);

on_both!(
    /// EVT-02: the entries of a unit stand in each log in the order they were appended in.
    a_unit_may_append_to_several_logs,
    |database: Database| async move {
        let db = database.db.clone();
        let (first, second) = (LogId([1; 16]), LogId([2; 16]));
        append(&db, first, 1).await;
        let committed = db
            .write(move |tx| {
                Box::pin(async move {
                    for n in 2..=80 {
                        tx.append(second, entry(n));
                        tx.append(first, entry(1000 + n));
                    }
                    Ok::<_, DbError>(tx.staged_logs())
                })
            })
            .await
            .unwrap();
        assert_eq!(committed.value, [first, second]);
        let marks: Vec<_> = committed.marks.iter().map(|mark| (mark.log, mark.position)).collect();
        assert_eq!(marks, [(first, 80), (second, 79)]);
        let entries =
            db.read(move |tx| Box::pin(async move { tx.log_entries(second, 10, 3).await })).await.unwrap();
        let found: Vec<_> = entries.iter().map(|entry| (entry.position, entry.body.as_str(), entry.kind.as_str())).collect();
        assert_eq!(found, [(11, "12", "thing.made"), (12, "13", "thing.made"), (13, "14", "thing.made")]);
        let head = db.read(move |tx| Box::pin(async move { tx.log_head(first).await })).await.unwrap();
        assert_eq!((head, positions(&db, first).await.len()), (80, 80));
    }
);

on_both!(units_that_share_logs_in_any_order_do_not_block_each_other, |database: Database| async move {
    let db = database.db.clone();
    let logs: Vec<LogId> = (0..4).map(|n| LogId([n; 16])).collect();
    let tasks: Vec<_> = (0..40_usize)
        .map(|n| {
            let (db, mut logs) = (db.clone(), logs.clone());
            logs.rotate_left(n % 4);
            tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        for log in logs {
                            tx.append(log, entry(1));
                        }
                        Ok::<_, DbError>(())
                    })
                })
                .await
                .unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for log in logs {
        assert_eq!(positions(&db, log).await, (1..=40).collect::<Vec<i64>>());
    }
});

/// EVT-01: COMMIT travels together with the last insert; when that fails, nothing is committed.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_an_entry_that_is_refused_refuses_the_change() {
    let Some(database) = Database::postgres().await else { return };
    let db = with_table(&database).await;
    for _ in 0..10 {
        let refused = db
            .write(|tx| {
                Box::pin(async move {
                    store::insert(tx, &thing(1)).await?;
                    tx.append(LOG, Entry { body: "no \0 in text".to_owned(), ..entry(1) });
                    Ok::<_, DbError>(())
                })
            })
            .await;
        assert!(refused.is_err());
    }
    assert_eq!(ids(&db).await, NOTHING);
    assert_eq!(append(&db, LOG, 2).await.marks[0].position, 1);
}

on_both!(
    /// EVT-02: also a change that says it is older than what was seen last is seen, so that clocks that
    /// differ and units that take their time hide nothing.
    another_node_learns_by_reconciling,
    |database: Database| async move {
        let one = database.db.clone();
        let other = Db::open(database.config.clone()).await.unwrap();
        let at = |at| Entry { at, ..entry(1) };
        let write = |log: LogId, entry: Entry| {
            let one = one.clone();
            async move {
                one.write(move |tx| {
                    Box::pin(async move {
                        tx.append(log, entry);
                        Ok::<_, DbError>(())
                    })
                })
                .await
                .unwrap();
            }
        };
        let (late, early) = (LogId([1; 16]), LogId([2; 16]));
        write(late, at(1_000_000_000)).await;
        let seen = other.reconcile_heads(0).await.unwrap();
        assert_eq!((seen, other.heads().known(&late)), (1_000_000_000, 1));
        write(early, at(999_000_000)).await;
        let seen = other.reconcile_heads(seen).await.unwrap();
        assert_eq!((seen, other.heads().known(&early)), (1_000_000_000, 1));
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_another_node_hears_of_commits() {
    let Some(database) = Database::postgres().await else { return };
    let other = Db::open(database.config.clone()).await.unwrap();
    let mut changes = other.heads().changes();
    let hear = async {
        // A hint may be lost, the first ones while the other node does not listen yet.
        for n in 1.. {
            append(&database.db, LOG, n).await;
            let heard = tokio::time::timeout(Duration::from_millis(50), changes.changed()).await;
            if heard.is_ok() && other.heads().known(&LOG) > 0 {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), hear).await.unwrap();
}
