//! PostgreSQL: single assignments over many tenants and over one, against pgbench; ten thousand at once.

use db::Config;
use db::testing::Cluster;

use crate::market::Market;
use crate::pgbench::Pgbench;
use crate::{CLIENTS, MANY, Outcome, SECONDS, compare, report};

/// Tenants that share the load: their counters and logs do not wait for each other.
const TENANTS: usize = 200;

/// A cluster as somebody runs one who may lose nothing; `None` where PostgreSQL is not installed, which is said.
pub(crate) fn cluster() -> Option<Cluster> {
    let told = |why: &String| report::say(&format!("SKIPPED: no PostgreSQL to measure ({why})"));
    Cluster::start(true).inspect_err(told).ok()
}

pub(crate) async fn run() -> Outcome<bool> {
    println!("\nPostgreSQL, fsync on, {CLIENTS} clients");
    let Some(cluster) = cluster() else { return Ok(true) };
    let open = async |name: &str, tenants: usize| -> Outcome<Market> {
        cluster.create_database(name).await?;
        let config = Config::Postgres { url: cluster.url(name), connections: CLIENTS };
        Market::open(config, tenants).await
    };
    let many = open("many_tenants", TENANTS).await?.assign_one_by_one(CLIENTS, SECONDS).await?;
    let one = open("one_tenant", 1).await?.assign_one_by_one(CLIENTS, SECONDS).await?;
    cluster.create_database("pgbench").await?;
    let pgbench = Pgbench::prepare(&cluster.url("pgbench")).await?;
    let limit = pgbench.counter_then_insert(CLIENTS, TENANTS, SECONDS)?;
    let limit_one = pgbench.counter_then_insert(CLIENTS, 1, SECONDS)?;
    let name = "pgbench: counter where used < total, insert";
    let mut met = compare(&format!("assignments, {TENANTS} tenants"), many, name, limit, Some(0.5));
    met &= compare("assignments, one tenant", one, "the same on one counter", limit_one, None);
    let (assigned, inserted) = open("one_request", 1).await?.assign_many(MANY).await?;
    let what = format!("users assigned, {MANY} in one request");
    met &= compare(&what, assigned, "plain multi-row insert of the same rows", inserted, Some(0.3));
    Ok(met)
}
