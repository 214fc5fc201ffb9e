//! `cargo xtask bench`: what assigning seats, searching and following the log cost, each figure against its limit
//! in the same run.
//!
//! The limits are what the database itself can do on this machine, at this moment: a bare loop over
//! SQLite, pgbench on PostgreSQL, a plain multi-row insert of the same rows. Ratios travel between
//! machines, figures do not.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod building;
mod bulk;
mod engine;
mod feed;
mod http;
mod lease;
mod live;
mod load;
mod market;
mod peers;
mod pgbench;
mod postgres;
mod report;
mod restart;
mod search;
mod seats;
mod sqlite;
mod visible;

use std::time::Duration;

pub(crate) use report::{at_most, compare, within};

/// How long each rate is measured.
const SECONDS: Duration = Duration::from_secs(5);
/// Clients at once.
const CLIENTS: usize = 32;
/// Users assigned in one request.
const MANY: usize = 10_000;

/// What `bench check` measures beside checks.
const OF_CHECKS: &[&str] = &["visible", "restart", "lease", "peers"];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((part, what)) = arguments.split_first()
        && part == "check-server"
    {
        return http::serve(&what.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }
    if arguments == ["seats"] {
        println!("{}", peers::engines::ours()?);
        return Ok(());
    }
    if measure(&arguments).await? { Ok(()) } else { Err("something is not as it is required".into()) }
}

/// Measures every part, or the one that is named; whether everything is as it must be.
async fn measure(arguments: &[String]) -> Outcome<bool> {
    let wanted = |name: &str| {
        arguments.first().is_none_or(|part| part == name || part == "check" && OF_CHECKS.contains(&name))
    };
    let mut met = true;
    if wanted("sqlite") {
        met &= report::part("sqlite", sqlite::run()).await?;
    }
    if wanted("feed") {
        met &= report::part("feed", feed::run()).await?;
    }
    if wanted("postgres") {
        met &= report::part("postgres", postgres::run()).await?;
    }
    if wanted("bulk") {
        met &= report::part("bulk", bulk::run()).await?;
    }
    if wanted("search") {
        met &= report::part("search", async { Ok(search::run()) }).await?;
    }
    let seats = arguments.get(1).map_or(Ok(10_000_000), |seats| seats.parse())?;
    if wanted("check") {
        let check = async { Ok(engine::run(seats)? & http::run(seats.min(1_000_000)).await?) };
        met &= report::part("check", check).await?;
    }
    if wanted("visible") {
        met &= report::part("visible", visible::run()).await?;
    }
    if wanted("restart") {
        met &= report::part("restart", restart::run(seats)).await?;
    }
    if wanted("lease") {
        met &= report::part("lease", async { lease::run() }).await?;
    }
    if wanted("peers") {
        met &= report::part("peers", peers::run()).await?;
    }
    if wanted("build") {
        met &= report::part("build", async { building::run() }).await?;
    }
    Ok(met)
}
