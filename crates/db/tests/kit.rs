//! The kit on both databases: values, isolation, the log, and units whose caller has gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use db::testing::{Database, batch, prepare_all, schema};
use db::{Db, DbError, Entry, LogId, on_both};

mod store {
    db::statements! {
        INSERT = "INSERT INTO things (id, pair, flag, text, bytes) VALUES ($1, $2, $3, $4, $5)";
        INSERT_SWAPPED = "INSERT INTO things (id, pair, flag, text, bytes) VALUES ($5, $4, $3, $2, $1)";
        FIND = "SELECT id, pair, flag, text, bytes FROM things WHERE id = $1 AND (text = $2 OR $2 = '' OR id = $1)";
        LIST = "SELECT id, pair, flag, text, bytes FROM things ORDER BY id";
        BUMP = "UPDATE things SET pair = pair + 1 WHERE id = $1";
        MANY = ["INSERT INTO things (id, pair, flag, text, bytes) VALUES", "ON CONFLICT DO NOTHING"];
    }

    db::rows! {
        #[derive(PartialEq)]
        pub struct Thing in "things" {
            pub id: i64,
            pub pair: i64,
            pub flag: bool,
            pub text: Option<String>,
            pub bytes: Option<Vec<u8>>,
        }
    }

    pub async fn insert(tx: &mut db::Tx, thing: &Thing) -> Result<(), db::DbError> {
        tx.execute_one(INSERT, &[&thing.id, &thing.pair, &thing.flag, &thing.text, &thing.bytes]).await
    }

    pub async fn insert_swapped(tx: &mut db::Tx, thing: &Thing) -> Result<(), db::DbError> {
        tx.execute_one(INSERT_SWAPPED, &[&thing.bytes, &thing.text, &thing.flag, &thing.pair, &thing.id])
            .await
    }

    pub async fn find(tx: &mut db::Tx, id: i64) -> Result<Option<Thing>, db::DbError> {
        tx.find(FIND, &[&id, &""]).await
    }

    pub async fn list(tx: &mut db::Tx) -> Result<Vec<Thing>, db::DbError> {
        tx.list(LIST, &[]).await
    }

    pub async fn bump(tx: &mut db::Tx, id: i64) -> Result<(), db::DbError> {
        tx.execute_one(BUMP, &[&id]).await
    }

    pub async fn insert_many(tx: &mut db::Tx, ids: std::ops::Range<i64>) -> Result<u64, db::DbError> {
        use db::Value;
        let rows: Vec<_> = ids
            .map(|id| vec![Value::Int(id), Value::Int(0), Value::Bool(true), Value::Null, Value::Null])
            .collect();
        tx.insert_many(MANY, &rows).await
    }
}
use store::Thing;

const LOG: LogId = LogId([7; 16]);

fn thing(id: i64) -> Thing {
    Thing { id, pair: -id, flag: id % 2 == 0, text: Some("가 $1 '\"".to_owned()), bytes: Some(vec![0, 255]) }
}

fn entry(n: u64) -> Entry {
    Entry { id: u128::from(n).to_be_bytes(), kind: "thing.made", body: n.to_string(), at: 1 }
}

async fn with_table(database: &Database) -> Db {
    let table = match database.db.dialect() {
        db::Dialect::Sqlite => {
            "CREATE TABLE things (id INTEGER NOT NULL PRIMARY KEY, pair INTEGER NOT NULL, flag INTEGER NOT NULL,
                text TEXT, bytes BLOB) STRICT"
        }
        db::Dialect::Postgres => {
            "CREATE TABLE things (id BIGINT PRIMARY KEY, pair BIGINT NOT NULL, flag BOOLEAN NOT NULL,
                text TEXT, bytes BYTEA)"
        }
    };
    database.db.write(move |tx| Box::pin(async move { batch(tx, table).await })).await.unwrap();
    database.db.clone()
}

on_both!(values_come_back_as_they_were_put, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| {
        Box::pin(async move {
            store::insert(tx, &thing(1)).await?;
            store::insert_swapped(tx, &thing(2)).await?;
            store::insert(tx, &Thing { text: None, bytes: None, ..thing(3) }).await
        })
    })
    .await
    .unwrap();
    let found = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(found, [thing(1), thing(2), Thing { text: None, bytes: None, ..thing(3) }]);
    let one = db.read(|tx| Box::pin(async move { store::find(tx, 2).await })).await.unwrap();
    assert_eq!(one, Some(thing(2)));
});

on_both!(many_rows_go_in_at_once_and_none_twice, |database: Database| async move {
    let db = with_table(&database).await;
    let insert = |ids: std::ops::Range<i64>| {
        let db = db.clone();
        async move { db.write(move |tx| Box::pin(store::insert_many(tx, ids))).await.unwrap().value }
    };
    assert_eq!(insert(0..1234).await, 1234);
    assert_eq!(insert(1000..1300).await, 66);
});

on_both!(a_unit_that_fails_leaves_nothing_and_no_gap, |database: Database| async move {
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
    let (things, entries) = db
        .read(|tx| {
            Box::pin(
                async move { Ok::<_, DbError>((store::list(tx).await?, tx.log_entries(LOG, 0, 100).await?)) },
            )
        })
        .await
        .unwrap();
    assert_eq!(things.len(), 40);
    let positions: Vec<i64> = entries.iter().map(|entry| entry.position).collect();
    assert_eq!(positions, (1..=40).collect::<Vec<i64>>(), "no gaps");
    assert_eq!(db.heads().known(&LOG), 40, "the head is known before the answer");
});

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
    db.write(|tx| Box::pin(async move { store::insert(tx, &thing(2)).await })).await.unwrap();
    let things = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(things, [thing(2)]);
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
    let things = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(things, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_units_that_deadlock_both_succeed() {
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

on_both!(
    /// EVT-01, EVT-02: clients hang up at random under load; what was acknowledged is there, nothing is
    /// half done, the log has no gaps, and the pool is as good as before.
    a_client_that_hangs_up_loses_nothing_and_halves_nothing,
    |database: Database| async move {
        let db = with_table(&database).await;
        let acknowledged: Arc<Vec<AtomicBool>> = Arc::new((0..600).map(|_| AtomicBool::new(false)).collect());
        let next = Arc::new(AtomicU64::new(0));
        let clients: Vec<_> = (0..24_u64)
            .map(|client| {
                let (db, acknowledged, next) = (db.clone(), Arc::clone(&acknowledged), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut chance = client.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= 600 {
                            return;
                        }
                        chance ^= chance << 13;
                        chance ^= chance >> 7;
                        chance ^= chance << 17;
                        let id = i64::try_from(n).unwrap() * 2;
                        let unit = db.write(move |tx| {
                            Box::pin(async move {
                                store::insert(tx, &thing(id)).await?;
                                store::insert(tx, &thing(id + 1)).await?;
                                tx.append(LOG, entry(n));
                                Ok::<_, DbError>(())
                            })
                        });
                        // A deadline of 0 to 3 ms: some are dropped before, some during, some after.
                        let patience = Duration::from_micros(chance % 3000);
                        if let Ok(Ok(_)) = tokio::time::timeout(patience, unit).await {
                            acknowledged[usize::try_from(n).unwrap()].store(true, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
        // Whatever still runs ends before this unit or does not matter to it.
        let settle = || async {
            db.write(|tx| {
                Box::pin(async move {
                    tx.append(LOG, entry(u64::MAX));
                    Ok::<_, DbError>(())
                })
            })
            .await
            .unwrap()
        };
        for _ in 0..20 {
            settle().await;
        }
        let (things, entries) = db
            .read(|tx| {
                Box::pin(async move { Ok::<_, DbError>((store::list(tx).await?, tx.log_entries(LOG, 0, 9999).await?)) })
            })
            .await
            .unwrap();
        let ids: std::collections::BTreeSet<i64> = things.iter().map(|thing| thing.id).collect();
        for (n, acknowledged) in acknowledged.iter().enumerate() {
            let id = i64::try_from(n).unwrap() * 2;
            let (one, other) = (ids.contains(&id), ids.contains(&(id + 1)));
            assert_eq!(one, other, "unit {n} is half done");
            let logged = entries.iter().any(|entry| entry.body == n.to_string());
            assert_eq!(one, logged, "unit {n} and its log entry");
            assert!(!acknowledged.load(Ordering::Relaxed) || one, "unit {n} was acknowledged and is lost");
        }
        let positions: Vec<i64> = entries.iter().map(|entry| entry.position).collect();
        let expected: Vec<i64> = (1..).take(positions.len()).collect();
        assert_eq!(positions, expected, "no gaps");
    }
);

on_both!(the_kits_own_statements_are_accepted, |database: Database| async move {
    prepare_all(&database.db, db::STATEMENTS).await.unwrap();
    prepare_all(&database.db, db::testing::STATEMENTS).await.unwrap();
});

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_schema() {
    let Some(postgres) = Database::postgres().await else { return };
    let sqlite = Database::sqlite().await;
    let (one, other) = (schema(&sqlite.db).await.unwrap(), schema(&postgres.db).await.unwrap());
    let only =
        |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!(
        (only(&one, &other), only(&other, &one)),
        (vec![], vec![]),
        "only on SQLite, only on PostgreSQL"
    );
    assert!(one.iter().any(|line| line.starts_with("log_entries.position INTEGER")), "{one:?}");
}

on_both!(opening_again_migrates_nothing_and_finds_everything, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| Box::pin(async move { store::insert(tx, &thing(1)).await })).await.unwrap();
    let again = Db::open(database.config.clone()).await.unwrap();
    let things = again.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(things, [thing(1)]);
});
