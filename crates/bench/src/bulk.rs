//! Lists of a hundred thousand rows and groups of fifty thousand, and how long another writer waits meanwhile.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::measure;
use db::Config;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::market::{Market, rate, said};
use crate::{CLIENTS, MANY, Outcome, compare, postgres, within};

/// Rows of the list.
const ROWS: usize = 100_000;
/// Users of the group: none of those in the list.
const MEMBERS: usize = 50_000;
/// Users in one request that adds members.
const AT_ONCE: usize = 1000;
/// What a dry run may take.
const PREVIEW: Duration = Duration::from_secs(2);
/// How long another writer may wait.
const WAIT: Duration = Duration::from_millis(50);
/// How often it is looked how far a list is, which is written in one row.
const OFTEN: Duration = Duration::from_millis(50);
/// The same for a group, of which all is read.
const SELDOM: Duration = Duration::from_secs(1);

pub(crate) async fn run() -> Outcome<bool> {
    println!("\nSQLite, a list of {ROWS} rows, a group of {MEMBERS} users");
    let folder = tempfile::tempdir()?;
    let met = measure_on(Config::sqlite(folder.path().join("bulk.db"))).await?;
    println!("\nPostgreSQL, fsync on, the same");
    let Some(cluster) = postgres::cluster() else { return Ok(met) };
    cluster.create_database("bulk").await?;
    let config = Config::Postgres { url: cluster.url("bulk"), connections: CLIENTS };
    Ok(met & measure_on(config).await?)
}

async fn measure_on(config: Config) -> Outcome<bool> {
    let market = Market::open(config, 1).await?;
    let mut working = JoinSet::new();
    working.spawn(app::work(market.parts().0.clone()));
    let plain = plain(&market).await?;
    // What was sown is read by those who follow the logs, and moved into the file.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let idle = OtherWriter::start(&market);
    tokio::time::sleep(Duration::from_secs(3)).await;
    idle.stop("another writer of the same license, nothing else").await?;
    let mut met = list(&market, plain).await?;
    met &= group(&market).await?;
    market.parts().0.stop.send_replace(true);
    working.join_all().await;
    Ok(met)
}

/// The rate of a plain insert of the rows that assignments leave.
async fn plain(market: &Market) -> Outcome<f64> {
    let (app, _, service, (tenant, users)) = market.parts();
    let (users, started) = (&users[users.len() - ROWS / 2..], Instant::now());
    for users in users.chunks(MANY) {
        measure::insert_plainly(app, *tenant, service, users).await.map_err(said)?;
    }
    Ok(rate(users.len(), started))
}

async fn list(market: &Arc<Market>, plain: f64) -> Outcome<bool> {
    let (_, admin, service, _) = market.parts();
    let mut csv = "user,service_id,action\n".to_owned();
    for number in 0..ROWS {
        writeln!(csv, "u{number}@bench.example,{service},assign")?;
    }
    let started = Instant::now();
    admin.send("POST", "/assignment-batches/preview", "text/csv", csv.clone()).await?;
    let mut met = within("dry run of the list", started.elapsed(), PREVIEW);
    let (other, started) = (OtherWriter::start(market), Instant::now());
    let batch = admin.send("POST", "/assignment-batches", "text/csv", csv).await?;
    let path = format!("/assignment-batches/{}", batch["id"].as_str().unwrap_or_default());
    wait_until(market, &path, OFTEN, |batch| batch["state"] == "applied").await?;
    let applied = rate(ROWS, started);
    met &= other.stop("longest wait while the list is applied").await?;
    met &=
        compare("rows applied, another writer beside", applied, "plain multi-row insert", plain, Some(0.3));
    Ok(met)
}

async fn group(market: &Arc<Market>) -> Outcome<bool> {
    let (_, admin, service, _) = market.parts();
    let (all, team) = (make(market, "All").await?, make(market, "Team").await?);
    let other = OtherWriter::start(market);
    for from in (0..MEMBERS).step_by(AT_ONCE) {
        let users: Vec<_> =
            (from..from + AT_ONCE).map(|n| format!("u{}@bench.example", ROWS + 1 + n)).collect();
        admin.call("POST", &format!("/groups/{team}/members"), json!({ "users": users })).await?;
    }
    let mut met = other.stop("longest wait while a group gets its users").await?;
    let licenses = format!("/groups/{all}/licenses");
    let license = format!("{licenses}/{service}");
    let settled = |licenses: &Value| {
        licenses["items"]
            .as_array()
            .is_some_and(|items| items.iter().all(|license| license["pending"] == false))
    };
    for (what, method, path, body) in [
        ("licensed", "PUT", license.clone(), json!({})),
        ("put into a licensed one", "POST", format!("/groups/{all}/members"), json!({ "groups": [team] })),
        ("taken out of it", "POST", format!("/groups/{all}/members/remove"), json!({ "groups": [team] })),
    ] {
        let (other, started) = (OtherWriter::start(market), Instant::now());
        admin.call(method, &path, body).await?;
        wait_until(market, &licenses, SELDOM, settled).await?;
        println!("group {what}: its users followed in {:.1} s", started.elapsed().as_secs_f64());
        met &= other.stop(&format!("longest wait while a group is {what}")).await?;
    }
    Ok(met)
}

async fn make(market: &Market, name: &str) -> Outcome<String> {
    let group = market.parts().1.call("POST", "/groups", json!({ "name": name })).await?;
    Ok(group["id"].as_str().unwrap_or_default().to_owned())
}

async fn wait_until(
    market: &Market,
    path: &str,
    look: Duration,
    done: impl Fn(&Value) -> bool,
) -> Outcome<()> {
    while !done(&market.parts().1.call("GET", path, Value::Null).await?) {
        tokio::time::sleep(look).await;
    }
    Ok(())
}

/// Gives a seat of the same license and takes it again, and remembers the longest time that took.
struct OtherWriter {
    goes_on: Arc<AtomicBool>,
    longest: JoinSet<Result<Duration, String>>,
}

impl OtherWriter {
    fn start(market: &Arc<Market>) -> Self {
        let (goes_on, market) = (Arc::new(AtomicBool::new(true)), Arc::clone(market));
        let going = Arc::clone(&goes_on);
        let mut longest = JoinSet::new();
        longest.spawn(async move {
            let (app, _, service, (tenant, users)) = market.parts();
            let user = [users[ROWS]];
            let mut longest = Duration::ZERO;
            while going.load(Ordering::Relaxed) {
                let started = Instant::now();
                measure::assign(app, *tenant, service, &user).await.map_err(said)?;
                let between = Instant::now();
                measure::unassign(app, *tenant, service, &user).await.map_err(said)?;
                longest = longest.max(between - started).max(between.elapsed());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Ok(longest)
        });
        Self { goes_on, longest }
    }

    async fn stop(mut self, what: &str) -> Outcome<bool> {
        self.goes_on.store(false, Ordering::Relaxed);
        let longest = self.longest.join_next().await.ok_or("nobody wrote")??;
        Ok(within(what, longest?, WAIT))
    }
}
