//! `cargo xtask bench`: what assigning seats, searching and following the log cost, each figure against its limit
//! in the same run.
//!
//! The limits are what the database itself can do on this machine, at this moment: a bare loop over
//! SQLite, pgbench on PostgreSQL, a plain multi-row insert of the same rows. Ratios travel between
//! machines, figures do not.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod bulk;
mod engine;
mod feed;
mod http;
mod lease;
mod load;
mod market;
mod pgbench;
mod postgres;
mod restart;
mod search;
mod sqlite;

use std::time::Duration;

/// How long each rate is measured.
const SECONDS: Duration = Duration::from_secs(5);
/// Clients at once.
const CLIENTS: usize = 32;
/// Users assigned in one request.
const MANY: usize = 10_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [part, kind, seats, folder] = arguments.as_slice()
        && part == "check-server"
    {
        return http::serve(kind, seats.parse()?, folder.as_ref()).await;
    }
    let part = arguments.first();
    let wanted = |name: &str| part.is_none_or(|part| part == name);
    let mut met = true;
    if wanted("sqlite") {
        met &= sqlite::run().await?;
    }
    if wanted("feed") {
        met &= feed::run().await?;
    }
    if wanted("postgres") {
        met &= postgres::run().await?;
    }
    if wanted("bulk") {
        met &= bulk::run().await?;
    }
    if wanted("search") {
        met &= search::run();
    }
    if part.is_some_and(|part| part == "lease") {
        met &= lease::run()?;
    }
    if wanted("check") {
        let seats: usize = arguments.get(1).map_or(Ok(10_000_000), |seats| seats.parse())?;
        met &= lease::run()?;
        met &= engine::run(seats)?;
        met &= http::run(seats.min(1_000_000)).await?;
        met &= restart::run(seats.min(1_000_000)).await?;
    }
    if part.is_some_and(|part| part == "restart") {
        let seats: usize = arguments.get(1).map_or(Ok(10_000_000), |seats| seats.parse())?;
        met &= restart::run(seats).await?;
    }
    if met { Ok(()) } else { Err("a ratio is below what is required".into()) }
}

/// Prints a figure against its limit; whether the ratio is what it must be.
fn compare(what: &str, figure: f64, limit_name: &str, limit: f64, required: Option<f64>) -> bool {
    let ratio = figure / limit;
    let verdict = match required {
        Some(required) if ratio >= required => format!("required {required}: met"),
        Some(required) => format!("required {required}: NOT met"),
        None => "for comparison".to_owned(),
    };
    println!("{what:<58} {figure:>9.0}/s   {limit_name:<44} {limit:>9.0}/s   ratio {ratio:>6.2}   {verdict}");
    required.is_none_or(|required| ratio >= required)
}

/// Prints a figure of which less is better; whether it is no more than so many times the limit.
fn at_most(what: &str, figure: f64, limit_name: &str, limit: f64, required: Option<f64>) -> bool {
    let ratio = figure / limit;
    let verdict = match required {
        Some(required) if ratio <= required => format!("at most {required}: met"),
        Some(required) => format!("at most {required}: NOT met"),
        None => "for comparison".to_owned(),
    };
    println!("{what:<58} {figure:>9.1}     {limit_name:<44} {limit:>9.1}     ratio {ratio:>6.2}   {verdict}");
    required.is_none_or(|required| ratio <= required)
}

/// Prints a time against the most that it may take; whether it is no more.
fn within(what: &str, time: Duration, most: Duration) -> bool {
    let (time, most) = (time.as_secs_f64() * 1000.0, most.as_secs_f64() * 1000.0);
    let verdict = if time <= most { "met" } else { "NOT met" };
    println!("{what:<58} {time:>9.1} ms  at most {most:>39.0} ms  ratio {:>6.2}   {verdict}", time / most);
    time <= most
}
