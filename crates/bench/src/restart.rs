//! How long a node takes from its start until it knows every right.

use std::path::Path;
use std::time::{Duration, Instant};

use app::{App, Settings, bootstrap, measure};
use db::{Config, Db};
use types::ServiceId;

use crate::market::{Caller, PASSWORD, clock, random, said};
use crate::{Outcome, report, within};

const TENANTS: usize = 10_000;

/// Measures with so many seats, one for each user.
pub(crate) async fn run(seats: usize) -> Outcome<bool> {
    let folder = tempfile::tempdir()?;
    report::say(&format!("{seats} seats of {TENANTS} tenants, on SQLite."));
    fill(folder.path(), seats / TENANTS).await?;
    let started = Instant::now();
    let app = open(folder.path()).await?;
    measure::load(&app).await.map_err(said)?;
    let took = started.elapsed();
    let known = measure::index(&app).loaded().len();
    if known < TENANTS {
        return Err(format!("only {known} tenants are loaded").into());
    }
    let most = Duration::from_secs(if seats > 1_000_000 { 15 } else { 2 });
    Ok(within("every right is known after a restart", took, most))
}

async fn open(folder: &Path) -> Outcome<App> {
    let config = Config::Sqlite { path: folder.join("market.db"), group_commit: true };
    Ok(App::open(Db::open(config).await?, clock(), random(), Settings::default()).await.map_err(said)?)
}

async fn fill(folder: &Path, each: usize) -> Outcome<()> {
    let app = open(folder).await?;
    bootstrap::create_operator(&app, "operator@bench.example", "Operator", PASSWORD).await.map_err(said)?;
    let router = app::router(app.clone());
    let operator = Caller::sign_in(&router, "operator@bench.example").await?;
    let (id, publisher) = operator.publisher(&router).await?;
    let id = measure::id(&id).map_err(said)?;
    let service = ServiceId::parse("bench.offer.plan").map_err(|violation| violation.message)?;
    for number in 0..TENANTS {
        let tenant = measure::add_customer(&app, id, number).await.map_err(said)?;
        publisher.sell(&tenant.to_string(), each).await?;
        let users = measure::add_users(&app, tenant, each).await.map_err(said)?;
        measure::assign(&app, tenant, &service, &users).await.map_err(said)?;
    }
    Ok(())
}
