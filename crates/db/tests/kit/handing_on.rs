//! On PostgreSQL a connection is handed on while the last statements of a unit are under way: what the next one sends
//! is behind them, whatever becomes of them.

use std::sync::Arc;
use std::time::Duration;

use db::testing::Database;
use db::{Committed, Db, DbError, Tx};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::session::{Number, hang_up_later, one_connection, process};
use crate::{LOG, entry, ids, insert, store, thing};

db::statements! {
    HOLD = "SELECT CAST(1 AS BIGINT) AS number WHERE pg_advisory_xact_lock(7) IS NOT NULL";
}

/// What a unit leaves to travel with its commit.
type Last = fn(&mut Tx);

#[tokio::test]
async fn on_postgresql_a_unit_begins_while_the_one_before_commits_and_both_are_kept() {
    let Some((database, db)) = one_connection().await else { return };
    let second = async |db: Db, begun: Arc<Semaphore>| write(&db, begun, 2).await;
    let last: Last = |tx| {
        store::insert_later(tx, 1);
        tx.append(LOG, entry(1));
    };
    let (first, second) = one_behind_the_other(&database, &db, last, second).await;
    let (first, second) = (first.unwrap().marks[0].position, second.unwrap().marks[0].position);
    assert_eq!((first, second, ids(&db).await), (1, 2, vec![1, 2]));
}

#[tokio::test]
async fn on_postgresql_what_is_sent_behind_a_commit_that_fails_is_sent_again() {
    let Some((database, db)) = one_connection().await else { return };
    insert(&db, 1).await.unwrap();
    let clash: Last = |tx| store::insert_later(tx, 1);
    let before = process(&db).await;
    // To go back is new on the connection, and then it is not.
    for id in [2, 3] {
        let second = async |db: Db, begun: Arc<Semaphore>| write(&db, begun, id).await;
        let (first, second) = one_behind_the_other(&database, &db, clash, second).await;
        assert!(matches!(first, Err(DbError::UniqueViolation { .. })), "{first:?}");
        second.unwrap();
    }
    let (first, second) = one_behind_the_other(&database, &db, clash, read).await;
    assert!(matches!(first, Err(DbError::UniqueViolation { .. })), "{first:?}");
    assert_eq!(second.unwrap(), [1, 2, 3]);
    assert_eq!(process(&db).await, before, "the connection is kept");
}

/// Its begin, its statements and its commit are one round trip.
#[tokio::test]
async fn on_postgresql_a_whole_unit_that_is_sent_behind_a_commit_that_fails_is_sent_again() {
    let Some((database, db)) = one_connection().await else { return };
    insert(&db, 1).await.unwrap();
    for id in [2, 3] {
        let second = async |db: Db, begun: Arc<Semaphore>| {
            let unit = db.write(move |tx| {
                Box::pin(async move {
                    begun.add_permits(1);
                    store::insert_later(tx, id);
                    tx.append(LOG, entry(1));
                    Ok::<_, DbError>(())
                })
            });
            unit.await
        };
        let clash = |tx: &mut Tx| store::insert_later(tx, 1);
        let (first, second) = one_behind_the_other(&database, &db, clash, second).await;
        assert!(matches!(first, Err(DbError::UniqueViolation { .. })), "{first:?}");
        assert_eq!(second.unwrap().marks[0].position, id - 1);
    }
    assert_eq!(ids(&db).await, [1, 2, 3]);
}

#[tokio::test]
async fn on_postgresql_a_connection_that_ends_in_a_commit_loses_nothing_that_is_behind_it() {
    let Some((database, db)) = one_connection().await else { return };
    let hang_up: Last = |tx| {
        store::insert_later(tx, 1);
        hang_up_later(tx);
    };
    let second = async |db: Db, begun: Arc<Semaphore>| write(&db, begun, 2).await;
    let (first, second) = one_behind_the_other(&database, &db, hang_up, second).await;
    assert!(matches!(first, Err(DbError::OutcomeUnknown { .. })), "{first:?}");
    second.unwrap();
    let (first, second) = one_behind_the_other(&database, &db, hang_up, read).await;
    assert!(matches!(first, Err(DbError::OutcomeUnknown { .. })), "{first:?}");
    assert_eq!(second.unwrap(), [2]);
}

#[tokio::test]
async fn on_postgresql_a_commit_is_answered_though_the_unit_behind_it_panics() {
    let Some((database, db)) = one_connection().await else { return };
    let panics = async |db: Db, begun: Arc<Semaphore>| {
        let unit = db.write(move |_| {
            Box::pin(async move {
                begun.add_permits(1);
                assert!(begun.is_closed(), "this is what happens");
                Ok::<_, DbError>(())
            })
        });
        unit.await
    };
    let (first, second) = one_behind_the_other(&database, &db, |tx| store::insert_later(tx, 1), panics).await;
    first.unwrap();
    assert!(matches!(second, Err(DbError::UnitPanicked { .. })), "{second:?}");
    assert_eq!(ids(&db).await, [1]);
}

#[tokio::test]
async fn on_postgresql_a_commit_is_answered_though_the_unit_behind_it_asks_for_nothing() {
    let Some((database, db)) = one_connection().await else { return };
    insert(&db, 1).await.unwrap();
    let [clash, insert_two, insert_three]: [Last; 3] =
        [|tx| store::insert_later(tx, 1), |tx| store::insert_later(tx, 2), |tx| store::insert_later(tx, 3)];
    for (last, wanted) in [(insert_two, true), (insert_three, false)] {
        let written = async |db: Db, begun: Arc<Semaphore>| {
            let unit = db.write(move |_| {
                Box::pin(async move {
                    begun.add_permits(1);
                    wanted.then_some(()).ok_or_else(|| DbError::internal("it is not wanted"))
                })
            });
            unit.await.is_ok()
        };
        let (first, second) = one_behind_the_other(&database, &db, clash, written).await;
        assert!(matches!(first, Err(DbError::UniqueViolation { .. })), "{first:?}");
        assert_eq!(second, wanted);
        let (first, second) = one_behind_the_other(&database, &db, last, written).await;
        assert_eq!((first.is_ok(), second), (true, wanted));
    }
    let read = async |db: Db, begun: Arc<Semaphore>| {
        let unit = db.read(move |_| {
            Box::pin(async move {
                begun.add_permits(1);
                Ok::<_, DbError>(())
            })
        });
        unit.await
    };
    let (first, second) = one_behind_the_other(&database, &db, |tx| store::insert_later(tx, 4), read).await;
    first.unwrap();
    second.unwrap();
    assert_eq!(ids(&db).await, [1, 2, 3, 4]);
}

async fn write(db: &Db, begun: Arc<Semaphore>, id: i64) -> Result<Committed<()>, DbError> {
    let unit = db.write(move |tx| {
        Box::pin(async move {
            begun.add_permits(1);
            store::insert(tx, &thing(id)).await?;
            tx.append(LOG, entry(1));
            Ok::<_, DbError>(())
        })
    });
    unit.await
}

async fn read(db: Db, begun: Arc<Semaphore>) -> Result<Vec<i64>, DbError> {
    let unit = db.read(move |tx| {
        Box::pin(async move {
            begun.add_permits(1);
            store::list(tx).await
        })
    });
    Ok(unit.await?.iter().map(|thing| thing.id).collect())
}

/// Runs a unit whose commit waits until another one has begun on the only connection there is: how both end.
async fn one_behind_the_other<T>(
    database: &Database,
    db: &Db,
    last: Last,
    second: impl AsyncFnOnce(Db, Arc<Semaphore>) -> T,
) -> (Result<Committed<()>, DbError>, T) {
    let [held, let_go, opened, go_on, begun] = [(); 5].map(|()| Arc::new(Semaphore::new(0)));
    let (holds, waits) = (Arc::clone(&held), Arc::clone(&let_go));
    let holder = database.db.write(move |tx| {
        Box::pin(async move {
            tx.find::<Number>(HOLD, &[]).await?;
            holds.add_permits(1);
            drop(waits.acquire().await);
            Ok::<_, DbError>(())
        })
    });
    let (opens, waits) = (Arc::clone(&opened), Arc::clone(&go_on));
    let first = db.write(move |tx| {
        Box::pin(async move {
            store::list(tx).await?;
            opens.add_permits(1);
            drop(waits.acquire().await);
            tx.execute_later(HOLD, &[]);
            last(tx);
            Ok::<_, DbError>(())
        })
    });
    let steps = async {
        held.acquire().await.unwrap().forget();
        let _ = opened.acquire().await;
        let second = second(db.clone(), Arc::clone(&begun));
        let watch = async {
            // On this one thread it has been in line for long when all of these are over.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            go_on.add_permits(1);
            let begins = timeout(Duration::from_secs(20), begun.acquire()).await;
            let_go.add_permits(1);
            drop(begins.expect("the next unit begins before the commit is answered"));
        };
        tokio::join!(second, watch).0
    };
    let (_, first, second) = tokio::join!(holder, first, steps);
    (first, second)
}
