//! What goes over a connection to PostgreSQL, and where it leads.

use db::testing::{Database, batch};
use db::{Config, Db, DbError, Sql, Together, Tx, on_both};

use crate::{ids, insert, store, thing, with_table};

db::statements! {
    PROCESS = "SELECT CAST(pg_backend_pid() AS BIGINT) AS number";
    HANG_UP = "SELECT pg_terminate_backend(pg_backend_pid()) AS number";
    COUNT = "SELECT nextval('counted') AS number";
}

db::rows! {
    pub(crate) struct Number in "numbers" { pub(crate) number: i64 }
}

on_both!(
    /// More than sockets hold, both ways: whoever only writes and a server that only writes wait forever.
    much_is_sent_and_received_at_once,
    async |database: Database| {
        let texts: Vec<String> = (0..200).map(|n| format!("{n} ").repeat(30_000)).collect();
        let sent = texts.clone();
        let received = database
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let mut together = Together::default();
                    let places: Vec<_> = sent.iter().map(|text| store::echo(&mut together, text)).collect();
                    let answers = tx.run_together(together).await?;
                    places.iter().map(|place| answers.found(place)).collect::<Result<Vec<_>, DbError>>()
                })
            })
            .await
            .unwrap();
        let received: Vec<String> = received.into_iter().map(|echo| echo.unwrap().text).collect();
        assert!(received == texts);
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_nothing_is_run_behind_a_statement_that_fails_and_the_connection_is_kept() {
    let Some((_database, db)) = one_connection().await else { return };
    insert(&db, 1).await.unwrap();
    let before = process(&db).await;
    for _ in 0..3 {
        let refused = db
            .write(|tx| {
                Box::pin(async move {
                    store::insert_later(tx, 2);
                    store::insert_later(tx, 1);
                    // Counts on whatever becomes of the transaction.
                    tx.execute_later(COUNT, &[]);
                    Ok::<_, DbError>(())
                })
            })
            .await;
        assert!(matches!(refused, Err(DbError::UniqueViolation { .. })), "{refused:?}");
    }
    assert_eq!((number(&db, COUNT).await, process(&db).await), (1, before));
    assert_eq!(ids(&db).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_nobody_knows_what_became_of_a_commit_that_was_not_answered() {
    let Some((_database, db)) = one_connection().await else { return };
    let outcome = db
        .write(|tx| {
            Box::pin(async move {
                store::insert_later(tx, 1);
                hang_up_later(tx);
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::OutcomeUnknown { .. })), "{outcome:?}");
    insert(&db, 2).await.unwrap();
    assert_eq!(ids(&db).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_unit_that_was_overtaken_between_look_and_insert_is_run_again() {
    for and_then in [false, true] {
        let Some(database) = Database::postgres().await else { return };
        let db = with_table(&database).await;
        let other = db.clone();
        let found = db.write(move |tx| {
            Box::pin(async move {
                let found = store::find(tx, 1).await?.is_some();
                if !found {
                    // Somebody is faster.
                    insert(&other, 1).await?;
                    store::insert_later(tx, 1);
                }
                if and_then {
                    store::bump(tx, 1).await?;
                }
                Ok::<_, DbError>(found)
            })
        });
        assert!(found.await.unwrap().value, "the second attempt sees what the first did not");
        assert_eq!(ids(&db).await, [1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_commit_that_rolls_back_is_none() {
    let Some((_database, db)) = one_connection().await else { return };
    let outcome = db
        .write(|tx| {
            Box::pin(async move {
                store::insert(tx, &thing(1)).await?;
                // Nobody but the server knows of this failure.
                batch(tx, "SELECT 1 / 0").await.unwrap_err();
                Ok::<_, DbError>(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Aborted)), "{outcome:?}");
    insert(&db, 2).await.unwrap();
    assert_eq!(ids(&db).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_the_first_host_that_answers_is_taken() {
    let two_hosts = |url: &str| url.replacen("host=", "host=/nowhere,", 1);
    let Some((_database, db)) = at_another_address(two_hosts).await else { return };
    insert(&db, 1).await.unwrap();
    assert_eq!(ids(&db).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_host_that_only_follows_another_is_not_written_to() {
    let writable = |url: &str| format!("{url} target_session_attrs=read-write");
    let Some((database, db)) = at_another_address(writable).await else { return };
    let follow = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$";
    database.db.write(move |tx| Box::pin(async move { batch(tx, follow).await })).await.unwrap();
    let refused = insert(&db, 1).await.unwrap_err();
    let why = std::error::Error::source(&refused).map(ToString::to_string).unwrap_or_default();
    assert!(why.contains("target_session_attrs"), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_server_that_only_lets_read_is_away_for_whoever_writes() {
    let Some((_database, db)) = one_connection().await else { return };
    insert(&db, 1).await.unwrap();
    let refused = db
        .write(|tx| {
            Box::pin(async move {
                store::list(tx).await?;
                batch(tx, "SET TRANSACTION READ ONLY").await?;
                store::insert(tx, &thing(2)).await
            })
        })
        .await;
    assert!(matches!(refused, Err(DbError::Unavailable { .. })), "{refused:?}");
    assert_eq!(ids(&db).await, [1]);
}

/// A table, and something that counts, on a single connection.
pub(crate) async fn one_connection() -> Option<(Database, Db)> {
    let database = Database::postgres().await?;
    with_table(&database).await;
    let sequence = "CREATE SEQUENCE counted";
    database.db.write(move |tx| Box::pin(async move { batch(tx, sequence).await })).await.unwrap();
    let Config::Postgres { url, .. } = database.config.clone() else { return None };
    Some((database, Db::open(Config::Postgres { url, connections: 1 }).await.unwrap()))
}

/// The connection ends before the commit is answered.
pub(crate) fn hang_up_later(tx: &mut Tx) {
    tx.execute_later(HANG_UP, &[]);
}

/// The server's process of the connection.
pub(crate) async fn process(db: &Db) -> i64 {
    number(db, PROCESS).await
}

async fn number(db: &Db, sql: Sql) -> i64 {
    let number = db.write(move |tx| Box::pin(async move { tx.find::<Number>(sql, &[]).await })).await;
    number.unwrap().value.unwrap().number
}

/// A table, and the database opened at another address; `None` where its own is not `host=… …`, as it is in a cluster
/// that the tests started.
async fn at_another_address(address: impl Fn(&str) -> String) -> Option<(Database, Db)> {
    let database = Database::postgres().await?;
    with_table(&database).await;
    let url = match &database.config {
        Config::Postgres { url, .. } if url.starts_with("host=") => address(url),
        _ => return None,
    };
    Some((database, Db::open(Config::Postgres { url, connections: 1 }).await.unwrap()))
}
