//! SQLite: single assignments with and without a shared commit, a bare loop, ten thousand at once.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use db::Config;

use crate::market::Market;
use crate::{CLIENTS, MANY, Outcome, SECONDS, compare};

pub(crate) async fn run() -> Outcome<bool> {
    println!("\nSQLite, {CLIENTS} clients, each assignment durable before it is answered");
    let folder = tempfile::tempdir()?;
    let config =
        |name: &str, group_commit: bool| Config::Sqlite { path: folder.path().join(name), group_commit };
    let shared =
        Market::open(config("shared.db", true), 1).await?.assign_one_by_one(CLIENTS, SECONDS).await?;
    let alone = Market::open(config("alone.db", false), 1).await?.assign_one_by_one(CLIENTS, SECONDS).await?;
    let bare = bare_group_commit(&folder.path().join("bare.db"))?;
    let mut met =
        compare("assignments, commits shared", shared, "the same, one commit each", alone, Some(5.0));
    met &= compare(
        "assignments, commits shared",
        shared,
        "bare loop, two rows, commits shared",
        bare,
        Some(0.3),
    );
    let market = Market::open(config("many.db", true), 1).await?;
    let (assigned, inserted) = market.assign_many(MANY).await?;
    let what = format!("users assigned, {MANY} in one request");
    met &= compare(&what, assigned, "plain multi-row insert of the same rows", inserted, Some(0.3));
    Ok(met)
}

/// The least that a durable pair of rows can cost: one thread, savepoints, a commit for whoever waits.
fn bare_group_commit(path: &Path) -> Outcome<f64> {
    let connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE one (id BLOB NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
         CREATE TABLE two (log BLOB NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
             PRIMARY KEY (log, position)) STRICT;",
    )?;
    let (asks, queue) = mpsc::channel::<(u64, mpsc::Sender<()>)>();
    let writer = thread::spawn(move || write_all(&connection, &queue));
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS as u64)
        .map(|client| {
            let asks = asks.clone();
            thread::spawn(move || {
                let (answers, answer) = mpsc::channel();
                let mut done = 0_u32;
                while started.elapsed() < SECONDS {
                    let number = client << 40 | u64::from(done);
                    if asks.send((number, answers.clone())).is_err() || answer.recv().is_err() {
                        break;
                    }
                    done += 1;
                }
                done
            })
        })
        .collect();
    drop(asks);
    let done: u32 = clients.into_iter().map(|client| client.join().unwrap_or_default()).sum();
    let seconds = started.elapsed().as_secs_f64();
    writer.join().map_err(|_| "the bare writer panicked")??;
    Ok(f64::from(done) / seconds)
}

fn write_all(
    connection: &rusqlite::Connection,
    queue: &mpsc::Receiver<(u64, mpsc::Sender<()>)>,
) -> Result<(), rusqlite::Error> {
    let run = |text: &str| connection.prepare_cached(text)?.execute([]);
    let mut position = 0_i64;
    while let Ok(first) = queue.recv() {
        run("BEGIN IMMEDIATE")?;
        let mut next = Some(first);
        let mut done = Vec::new();
        while let Some((number, answer)) = next {
            run("SAVEPOINT unit")?;
            // Spread like the ids of users are.
            let id = u128::from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)).to_be_bytes();
            position += 1;
            connection.prepare_cached("INSERT INTO one VALUES (?1, ?2)")?.execute((id, "an assignment"))?;
            connection
                .prepare_cached("INSERT INTO two VALUES (?1, ?2, ?3)")?
                .execute(([0_u8; 16], position, "an event"))?;
            run("RELEASE unit")?;
            done.push(answer);
            next = queue.try_recv().ok();
        }
        run("COMMIT")?;
        for answer in done {
            // A client that stopped does not wait.
            let _ = answer.send(());
        }
    }
    Ok(())
}
