//! PostgreSQL: single assignments over many tenants and over one, against pgbench; ten thousand at once.

use std::sync::Arc;
use std::time::Duration;

use db::Config;
use db::testing::Cluster;

use crate::market::{Market, median};
use crate::pgbench::{self, Pgbench};
use crate::{CLIENTS, MANY, Outcome, compare, report};

/// Tenants that share the load: their counters and logs do not wait for each other.
const TENANTS: usize = 200;

/// What the program opens when nobody says how many.
const CONNECTIONS: usize = 16;
/// Each of ours is followed by one of pgbench's: what else the machine does is the same for both.
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(2);

/// A cluster as somebody runs one who may lose nothing; `None` where PostgreSQL is not installed, which is said.
pub(crate) fn cluster() -> Option<Cluster> {
    let told = |why: &String| report::say(&format!("SKIPPED: no PostgreSQL to measure ({why})"));
    Cluster::start(true).inspect_err(told).ok()
}

pub(crate) async fn run() -> Outcome<bool> {
    println!("\nPostgreSQL, fsync on, {CLIENTS} clients, {CONNECTIONS} connections of ours");
    let Some(cluster) = cluster() else { return Ok(true) };
    let open = async |name: &str, tenants: usize| -> Outcome<Arc<Market>> {
        cluster.create_database(name).await?;
        let config = Config::Postgres { url: cluster.url(name), connections: CONNECTIONS };
        let market = Market::open(config, tenants).await?;
        pgbench::settle(&cluster.url(name)).await?;
        Ok(market)
    };
    cluster.create_database("pgbench").await?;
    let pgbench = Pgbench::prepare(&cluster.url("pgbench")).await?;
    let turns = async |market: Arc<Market>, counters: usize| -> Outcome<(f64, f64)> {
        let (mut ours, mut limit) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.push(market.assign_one_by_one(CLIENTS, TURN).await?);
            limit.push(pgbench.counter_then_insert(CLIENTS, counters, TURN)?);
        }
        Ok((median(ours), median(limit)))
    };
    let (many, limit) = turns(open("many_tenants", TENANTS).await?, TENANTS).await?;
    let name = "pgbench: counter where used < total, insert";
    let mut met = compare(&format!("assignments, {TENANTS} tenants"), many, name, limit, Some(0.5));
    let (one, limit) = turns(open("one_tenant", 1).await?, 1).await?;
    met &= compare("assignments, one tenant", one, "the same on one counter", limit, None);
    let (assigned, inserted) = open("one_request", 1).await?.assign_many(MANY).await?;
    let what = format!("users assigned, {MANY} in one request");
    met &= compare(&what, assigned, "plain multi-row insert of the same rows", inserted, Some(0.3));
    Ok(met)
}
