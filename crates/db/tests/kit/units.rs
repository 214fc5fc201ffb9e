//! Units of work: kept whole or not at all, whatever goes wrong inside or beside them.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;

use db::testing::{Database, batch};
use db::{BoxFuture, Config, Db, DbError, Tx, on_both};

use crate::{LOG, NOTHING, entry, ids, insert, store, thing, with_table};

on_both!(a_unit_that_panics_is_rolled_back_and_the_next_one_runs, |database: Database| async move {
    let db = with_table(&database).await;
    let panicked = db
        .write(|tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                assert!(tx.staged_logs().len() > 9, "on purpose");
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(matches!(panicked, Err(DbError::UnitPanicked { .. })), "{panicked:?}");
    insert(&db, 2).await.unwrap();
    assert_eq!(ids(&db).await, [2]);
});

on_both!(a_unit_that_overlooks_a_failed_statement_is_not_acknowledged, |database: Database| async move {
    let db = with_table(&database).await;
    let outcome = db
        .write(|tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                let second = store::insert(tx, &thing(1)).await;
                assert!(matches!(second, Err(DbError::UniqueViolation { .. })), "{second:?}");
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Aborted)), "{outcome:?}");
    assert_eq!(ids(&db).await, NOTHING);
});

on_both!(a_unit_that_fails_takes_nobody_with_it, |database: Database| async move {
    let db = with_table(&database).await;
    // On SQLite the writer is held until all the others wait, so that they share a commit.
    let (release, held) = mpsc::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let holder = db.clone();
    let holding = tokio::spawn(async move {
        holder
            .write(move |tx| {
                Box::pin(async move {
                    let _ = held.lock().unwrap().recv();
                    store::insert(tx, &thing(100)).await
                })
            })
            .await
    });
    let units: Vec<_> = (0..9_i64)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    Box::pin(async move {
                        store::insert(tx, &thing(n)).await?;
                        match n % 3 {
                            0 => Err(DbError::internal("on purpose")),
                            1 => store::insert(tx, &thing(n)).await,
                            _ => Ok(()),
                        }
                    })
                })
                .await
                .is_ok()
            })
        })
        .collect();
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    holding.await.unwrap().unwrap();
    for (n, unit) in (0..9_i64).zip(units) {
        assert_eq!(unit.await.unwrap(), n % 3 == 2, "unit {n}");
    }
    assert_eq!(ids(&db).await, [2, 5, 8, 100]);
});

on_both!(a_read_sees_one_moment, |database: Database| async move {
    let db = with_table(&database).await;
    insert(&db, 1).await.unwrap();
    let (looked, first_look) = mpsc::channel();
    let (go_on, written) = mpsc::channel::<()>();
    let gates = Arc::new(Mutex::new((looked, written)));
    let reader = db.clone();
    let reading = tokio::spawn(async move {
        reader
            .read(move |tx| {
                Box::pin(async move {
                    let before = store::list(tx).await?.len();
                    {
                        let gates = gates.lock().unwrap();
                        gates.0.send(()).unwrap();
                        gates.1.recv().unwrap();
                    }
                    Ok::<_, DbError>((before, store::list(tx).await?.len()))
                })
            })
            .await
            .unwrap()
    });
    tokio::task::spawn_blocking(move || first_look.recv().unwrap()).await.unwrap();
    insert(&db, 2).await.unwrap();
    go_on.send(()).unwrap();
    assert_eq!(reading.await.unwrap(), (1, 1));
    assert_eq!(ids(&db).await, [1, 2]);
});

on_both!(a_read_writes_nothing, |database: Database| async move {
    let db = with_table(&database).await;
    let wrote = db.read(|tx| Box::pin(async move { store::insert(tx, &thing(1)).await })).await;
    assert!(wrote.is_err());
    let appended = db
        .read(|tx| {
            Box::pin(async move {
                tx.append(LOG, entry(1));
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(appended.is_err());
    assert_eq!(ids(&db).await, NOTHING);
});

on_both!(a_closed_database_has_finished_its_units_and_refuses_more, |database: Database| async move {
    let db = with_table(&database).await;
    let units: Vec<_> = (0..50)
        .map(|n| (db.clone(), n))
        .map(|(db, n)| tokio::spawn(async move { insert(&db, n).await }))
        .collect();
    let mut acknowledged = 0;
    for unit in units {
        acknowledged += usize::from(unit.await.unwrap().is_ok());
    }
    db.clone().close().await;
    let late = insert(&db, 99).await;
    assert!(matches!(late, Err(DbError::Unavailable { .. })), "{late:?}");
    if let Config::Sqlite { path, .. } = &database.config {
        assert!(!path.with_extension("db-wal").exists(), "the file alone is the database");
    }
    let again = Db::open(database.config.clone()).await.unwrap();
    assert_eq!((acknowledged, ids(&again).await.len()), (50, 50));
});

on_both!(two_nodes_write_beside_each_other, |database: Database| async move {
    let one = with_table(&database).await;
    let other = Db::open(database.config.clone()).await.unwrap();
    let fill = |db: Db, from: i64| async move {
        for id in from..from + 40 {
            insert(&db, id).await.unwrap();
        }
    };
    tokio::join!(fill(one.clone(), 0), fill(other, 40));
    assert_eq!(ids(&one).await, (0..80).collect::<Vec<_>>());
});

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_unit_may_wait_for_nothing_but_its_transaction() {
    let database = Database::sqlite().await;
    let db = with_table(&database).await;
    let refused = db
        .write(|tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                tokio::task::yield_now().await;
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(matches!(refused, Err(DbError::ForeignAwait)), "{refused:?}");
    assert_eq!(ids(&db).await, NOTHING);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_two_units_that_deadlock_both_succeed() {
    let Some(database) = Database::postgres().await else { return };
    let db = with_table(&database).await;
    db.write(|tx| Box::pin(store::insert_many(tx, 1..3))).await.unwrap();
    let bump = |first: i64, second: i64| {
        let db = db.clone();
        async move {
            for _ in 0..50 {
                db.write(move |tx| {
                    Box::pin(async move {
                        store::bump(tx, first).await?;
                        store::bump(tx, second).await
                    })
                })
                .await
                .unwrap();
            }
        }
    };
    tokio::join!(bump(1, 2), bump(2, 1));
    let things = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(things.iter().map(|thing| thing.pair).collect::<Vec<_>>(), [100, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_statement_dropped_half_way_keeps_the_unit_from_committing() {
    let Some(database) = Database::postgres().await else { return };
    let db = with_table(&database).await;
    let outcome = db
        .write(|tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                let two = thing(2);
                let mut dropped: BoxFuture<'_, _> = Box::pin(store::insert(tx, &two));
                let ended = poll_fn(|context| Poll::Ready(dropped.as_mut().poll(context).is_ready())).await;
                drop(dropped);
                // The server may have been quick: then nothing was dropped half way.
                if ended { Err(DbError::Aborted) } else { Ok(()) }
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Aborted)), "{outcome:?}");
    for id in 10..30 {
        insert(&db, id).await.unwrap();
    }
    assert_eq!(ids(&db).await, (10..30).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_unit_that_loses_its_connection_before_the_commit_is_run_again() {
    let Some(database) = Database::postgres().await else { return };
    let db = with_table(&database).await;
    let other = Db::open(database.config.clone()).await.unwrap();
    let attempts = Arc::new(AtomicU64::new(0));
    let (count, killer) = (Arc::clone(&attempts), other.clone());
    let committed = db
        .write(move |tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                if count.fetch_add(1, Ordering::Relaxed) == 0 {
                    killer.write(|tx| Box::pin(end_other_sessions(tx))).await?;
                }
                store::insert(tx, &thing(2)).await?;
                tx.append(LOG, entry(1));
                Ok::<_, DbError>(())
            })
        })
        .await
        .unwrap();
    assert_eq!((attempts.load(Ordering::Relaxed), committed.marks[0].position), (2, 1));
    assert_eq!(ids(&other).await, [1, 2]);
}

async fn end_other_sessions(tx: &mut Tx) -> Result<(), DbError> {
    batch(
        tx,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await
}
