//! Callers that go away.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use db::testing::Database;
use db::{Db, DbError, on_both};

use crate::{LOG, entry, ids, insert, store, thing, with_table};

const UNITS: usize = 1200;
const CLIENTS: usize = 32;

/// Two rows and an entry that belong together.
async fn write_three(db: Db, n: usize) -> Result<(), DbError> {
    let id = i64::try_from(n).unwrap() * 2;
    db.write(move |tx| {
        Box::pin(async move {
            store::insert(tx, &thing(id)).await?;
            store::insert(tx, &thing(id + 1)).await?;
            tx.append(LOG, entry(n as u64));
            Ok::<_, DbError>(())
        })
    })
    .await
    .map(|_| ())
}

/// Asks for units and waits for each no longer than 0 to 3 ms, so that some are dropped before they run,
/// some while they do, and some are answered.
async fn impatient(db: Db, seed: usize, next: Arc<AtomicUsize>, acknowledged: Arc<Vec<AtomicBool>>) {
    let mut chance = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= UNITS {
            return;
        }
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let patience = Duration::from_micros(chance % 3000);
        if let Ok(Ok(())) = tokio::time::timeout(patience, write_three(db.clone(), n)).await {
            acknowledged[n].store(true, Ordering::Relaxed);
        }
    }
}

on_both!(
    /// EVT-01, EVT-02: clients hang up at random under load; what was acknowledged is there, nothing is
    /// half done, the log has no gaps, and the pool is as good as before.
    a_client_that_hangs_up_loses_nothing_and_halves_nothing,
    |database: Database| async move {
        let db = with_table(&database).await;
        let acknowledged: Arc<Vec<AtomicBool>> = Arc::new((0..UNITS).map(|_| AtomicBool::new(false)).collect());
        let next = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|seed| tokio::spawn(impatient(db.clone(), seed, Arc::clone(&next), Arc::clone(&acknowledged))))
            .collect();
        for client in clients {
            client.await.unwrap();
        }
        // Were a connection back in the pool with a transaction open, these would be acknowledged and lost.
        let patient: Vec<_> = (0..40_i64)
            .map(|n| (db.clone(), -1 - n))
            .map(|(db, id)| tokio::spawn(async move { insert(&db, id).await.unwrap() }))
            .collect();
        for unit in patient {
            unit.await.unwrap();
        }
        // Closing waits for what still runs.
        db.close().await;
        check(&Db::open(database.config.clone()).await.unwrap(), &acknowledged).await;
    }
);

on_both!(
    /// EVT-01: the caller goes when the unit has begun; the unit still comes to its end.
    a_unit_whose_caller_has_gone_is_finished,
    |database: Database| async move {
        let db = with_table(&database).await;
        let (begun, beginning) = mpsc::channel();
        let (go_on, gone) = mpsc::channel::<()>();
        let gates = Arc::new(Mutex::new((begun, gone)));
        let asking = db.clone();
        let caller = tokio::spawn(async move {
            asking
                .write(move |tx| {
                    Box::pin(async move {
                        store::insert(tx, &thing(1)).await?;
                        {
                            let gates = gates.lock().unwrap();
                            gates.0.send(()).unwrap();
                            gates.1.recv().unwrap();
                        }
                        store::insert(tx, &thing(2)).await
                    })
                })
                .await
        });
        tokio::task::spawn_blocking(move || beginning.recv().unwrap()).await.unwrap();
        caller.abort();
        let mut closing = tokio::spawn(db.close());
        let closed = tokio::time::timeout(Duration::from_millis(50), &mut closing).await;
        assert!(closed.is_err(), "closing waits for the unit");
        go_on.send(()).unwrap();
        closing.await.unwrap();
        let again = Db::open(database.config.clone()).await.unwrap();
        assert_eq!(ids(&again).await, [1, 2]);
    }
);

async fn check(db: &Db, acknowledged: &[AtomicBool]) {
    let (things, entries) = db
        .read(|tx| {
            Box::pin(async move {
                Ok::<_, DbError>((store::list(tx).await?, tx.log_entries(LOG, 0, 9999).await?))
            })
        })
        .await
        .unwrap();
    let ids: BTreeSet<i64> = things.iter().map(|thing| thing.id).collect();
    let logged: BTreeSet<&str> = entries.iter().map(|entry| entry.body.as_str()).collect();
    for (n, acknowledged) in acknowledged.iter().enumerate() {
        let id = i64::try_from(n).unwrap() * 2;
        let (one, other) = (ids.contains(&id), ids.contains(&(id + 1)));
        assert_eq!(one, other, "unit {n} is half done");
        assert_eq!(one, logged.contains(n.to_string().as_str()), "unit {n} and its log entry");
        assert!(!acknowledged.load(Ordering::Relaxed) || one, "unit {n} was acknowledged and is lost");
    }
    assert_eq!(ids.iter().filter(|id| **id < 0).count(), 40, "the pool is as good as before");
    let positions: Vec<i64> = entries.iter().map(|entry| entry.position).collect();
    assert_eq!(positions, (1..).take(positions.len()).collect::<Vec<i64>>(), "no gaps");
    let answered = acknowledged.iter().filter(|flag| flag.load(Ordering::Relaxed)).count();
    assert!(answered < UNITS, "nobody hung up: the test proves nothing");
}
