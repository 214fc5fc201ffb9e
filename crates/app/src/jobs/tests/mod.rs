mod queue;
mod readers;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use db::BoxFuture;
use serde::{Deserialize, Serialize};

use super::job::{Attempt, Failed, Job, Kind};
use super::{When, Work, enqueue};
use crate::App;
use crate::testing::World;

/// A job that writes down that it ran, and ends as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    /// Which test: they run beside each other.
    test: u64,
    name: String,
    ends: Ends,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Ends {
    Well,
    Badly,
    BadlyAtFirst,
    Panicking,
}

static RAN: Mutex<Vec<(u64, String)>> = Mutex::new(Vec::new());

impl Job for Told {
    const KIND: &'static str = "test.told";
    const ATTEMPTS: i64 = 3;
    const SECONDS: i64 = 60;

    fn run(self, _: App, attempt: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(async move {
            RAN.lock().unwrap().push((self.test, self.name));
            match self.ends {
                Ends::Badly => Err(Failed::for_now(format!("attempt {} failed", attempt.number))),
                Ends::BadlyAtFirst if attempt.number == 1 => Err(Failed::for_now("not yet")),
                Ends::Panicking => panic!("as told"),
                Ends::Well | Ends::BadlyAtFirst => Ok(()),
            }
        })
    }
}

static TOLD: Work = Work { kinds: &[Kind::of::<Told>()], reconcilers: &[] };

fn room(places: usize) -> Vec<(&'static str, usize)> {
    vec![(Told::KIND, places)]
}

/// The number of this test among all that run.
fn number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn ran(test: u64) -> Vec<String> {
    RAN.lock().unwrap().iter().filter(|(of, _)| *of == test).map(|(_, name)| name.clone()).collect()
}

async fn tell(world: &World, test: u64, name: &str, ends: Ends, key: Option<&'static str>) {
    let (now, random) = (world.now(), world.app.random.clone());
    let job = Told { test, name: name.to_owned(), ends };
    let enqueued = world.app.db.write(move |tx| {
        Box::pin(async move { enqueue(tx, &random, &job, When { key, ..When::now(now) }).await })
    });
    enqueued.await.map_err(|error: db::DbError| error).unwrap();
}

/// A job that never ends by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Hanging;

impl Job for Hanging {
    const KIND: &'static str = "test.hanging";

    fn run(self, _: App, _: Attempt) -> BoxFuture<'static, Result<(), Failed>> {
        Box::pin(std::future::pending())
    }
}

static BESIDE: Work = Work { kinds: &[Kind::of::<Hanging>(), Kind::of::<Told>()], reconcilers: &[] };

/// However many jobs of one kind hang, those of another kind run.
#[tokio::test]
async fn a_kind_that_hangs_holds_up_no_other() {
    let (world, test) = (World::sqlite().await, number());
    let (now, random) = (world.now(), world.app.random.clone());
    let enqueued = world.app.db.write(move |tx| {
        Box::pin(async move {
            for _ in 0..200 {
                enqueue(tx, &random, &Hanging, When::now(now)).await?;
            }
            Ok::<_, db::DbError>(())
        })
    });
    enqueued.await.unwrap();
    tell(&world, test, "mail", Ends::Well, None).await;
    let mut running = tokio::task::JoinSet::new();
    running.spawn(super::run(world.app.clone(), &BESIDE, world.app.stop.subscribe()));
    while ran(test).is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let operator = world.operator().await;
    let page = operator.get("/jobs?kind=test.hanging&state=queued&limit=100").await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 100, "of 200 no more than 64 run");
    running.abort_all();
}
