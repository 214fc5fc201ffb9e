//! On PostgreSQL: many units of every kind on few connections, which they hand to each other.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use db::testing::Database;
use db::{Config, Db, DbError, Together, Tx};
use tokio::sync::Barrier;
use tokio::time::timeout;

use crate::session::hang_up_later;
use crate::{LOG, entry, insert, store, thing, with_table};

const CONNECTIONS: usize = 3;
const CLIENTS: usize = 24;
const UNITS: u64 = 1500;
const LIMIT: Duration = Duration::from_mins(1);

/// What a unit does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Insert,
    InsertLater,
    /// Begin, insert and commit are one round trip.
    Whole,
    /// Fails in its commit.
    Clash,
    Panic,
    Refuse,
    Nothing,
    /// Its connection ends in its commit.
    HangUp,
    Read,
}

const KINDS: [Kind; 16] = [
    Kind::Insert,
    Kind::InsertLater,
    Kind::Whole,
    Kind::Clash,
    Kind::Insert,
    Kind::InsertLater,
    Kind::Read,
    Kind::Whole,
    Kind::Panic,
    Kind::InsertLater,
    Kind::Nothing,
    Kind::Read,
    Kind::Refuse,
    Kind::InsertLater,
    Kind::Insert,
    Kind::HangUp,
];

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_each_of_many_units_is_told_what_became_of_it_and_no_connection_is_lost() {
    let Some(database) = Database::postgres().await else { return };
    with_table(&database).await;
    let Config::Postgres { url, .. } = database.config.clone() else { return };
    let db = Db::open(Config::Postgres { url, connections: CONNECTIONS }).await.unwrap();
    insert(&db, 0).await.unwrap();
    let next = Arc::new(AtomicU64::new(1));
    let client = || tokio::spawn(run_some(db.clone(), Arc::clone(&next)));
    let clients: Vec<_> = (0..CLIENTS).map(|_| client()).collect();
    let mut outcomes = Vec::new();
    for client in clients {
        outcomes.extend(client.await.unwrap());
    }

    let there: BTreeSet<i64> = crate::ids(&db).await.into_iter().collect();
    let entries =
        database.db.read(|tx| Box::pin(async move { tx.log_entries(LOG, 0, 10_000).await })).await.unwrap();
    let logged: BTreeSet<&str> = entries.iter().map(|entry| entry.body.as_str()).collect();
    for (id, kind, outcome) in outcomes {
        let is_there = there.contains(&i64::try_from(id).unwrap());
        assert_eq!(is_there, logged.contains(id.to_string().as_str()), "half of {kind:?} {id}: {outcome:?}");
        match outcome {
            Ok(()) => assert_eq!(is_there, !matches!(kind, Kind::Read | Kind::Nothing), "{kind:?} {id}"),
            Err(DbError::OutcomeUnknown { .. }) => assert_eq!(kind, Kind::HangUp),
            Err(error) => {
                let fails = matches!(kind, Kind::Clash | Kind::Panic | Kind::Refuse);
                assert!(fails && !is_there, "{kind:?} {id}: {error:?}");
            }
        }
    }
    let positions: Vec<i64> = entries.iter().map(|entry| entry.position).collect();
    assert!(positions.iter().copied().eq(1..=i64::try_from(positions.len()).unwrap()));
    assert!(all_at_once(&db).await, "fewer connections than before");
}

async fn run_some(db: Db, next: Arc<AtomicU64>) -> Vec<(u64, Kind, Result<(), DbError>)> {
    let mut outcomes = Vec::new();
    loop {
        let id = next.fetch_add(1, Ordering::Relaxed);
        if id > UNITS {
            return outcomes;
        }
        let kind = KINDS[usize::try_from(id).unwrap() % KINDS.len()];
        let outcome = timeout(LIMIT, run(&db, id, kind)).await;
        outcomes.push((id, kind, outcome.unwrap_or_else(|_| panic!("{kind:?} {id} hangs"))));
    }
}

async fn run(db: &Db, id: u64, kind: Kind) -> Result<(), DbError> {
    if kind == Kind::Read {
        return db.read(move |tx| Box::pin(async move { hear_oneself(tx, id).await })).await;
    }
    let row = i64::try_from(id).unwrap();
    let written = db.write(move |tx| {
        Box::pin(async move {
            match kind {
                Kind::Panic => panic!("this is what happens"),
                Kind::Refuse => return Err(DbError::internal("it is not wanted")),
                Kind::Nothing => return Ok(()),
                Kind::Whole => store::insert_later(tx, row),
                Kind::Insert => store::insert(tx, &thing(row)).await?,
                _ => {
                    hear_oneself(tx, id).await?;
                    store::insert_later(tx, row);
                }
            }
            tx.append(LOG, entry(id));
            match kind {
                Kind::Clash => store::insert_later(tx, 0),
                Kind::HangUp => hang_up_later(tx),
                _ => {}
            }
            Ok::<_, DbError>(())
        })
    });
    written.await.map(drop)
}

async fn hear_oneself(tx: &mut Tx, id: u64) -> Result<(), DbError> {
    let (text, mut together) = (format!("unit {id}"), Together::default());
    let place = store::echo(&mut together, &text);
    let heard = tx.run_together(together).await?.found(&place)?;
    assert!(heard.is_some_and(|heard| heard.text == text), "somebody else's answer");
    Ok(())
}

/// Whether as many units as there should be connections can be in the middle of their work.
async fn all_at_once(db: &Db) -> bool {
    let barrier = Arc::new(Barrier::new(CONNECTIONS));
    let unit = |barrier: Arc<Barrier>| {
        let db = db.clone();
        tokio::spawn(async move {
            let unit = db.read(move |tx| {
                Box::pin(async move {
                    store::list(tx).await?;
                    barrier.wait().await;
                    Ok::<_, DbError>(())
                })
            });
            timeout(LIMIT, unit).await.is_ok_and(|ended| ended.is_ok())
        })
    };
    let units: Vec<_> = (0..CONNECTIONS).map(|_| unit(Arc::clone(&barrier))).collect();
    let mut all = true;
    for unit in units {
        all &= unit.await.unwrap();
    }
    all
}
