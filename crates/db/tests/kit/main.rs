//! The kit on both databases: values, units of work, the log, callers that go away, and the schema.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and has tasks"
)]

mod chain;
mod crowd;
mod handing_on;
mod hang_up;
mod log;
mod moving;
mod schema;
mod session;
mod store;
mod units;
mod values;

use db::testing::{Database, batch};
use db::{Committed, Db, DbError, Entry, LogId};
use store::Thing;

const LOG: LogId = LogId([7; 16]);
const NOTHING: [i64; 0] = [];

fn thing(id: i64) -> Thing {
    Thing { id, pair: -id, flag: id % 2 == 0, text: Some("가 $1 '\"".to_owned()), bytes: Some(vec![0, 255]) }
}

fn entry(n: u64) -> Entry {
    Entry { id: u128::from(n).to_be_bytes(), kind: "thing.made", body: n.to_string(), at: 1 }
}

async fn with_table(database: &Database) -> Db {
    let table = match database.db.dialect() {
        db::Dialect::Sqlite => {
            "CREATE TABLE things (id INTEGER NOT NULL PRIMARY KEY, pair INTEGER NOT NULL, flag INTEGER NOT NULL,
                text TEXT, bytes BLOB) STRICT"
        }
        db::Dialect::Postgres => {
            "CREATE TABLE things (id BIGINT PRIMARY KEY, pair BIGINT NOT NULL, flag BOOLEAN NOT NULL,
                text TEXT, bytes BYTEA)"
        }
    };
    database.db.write(move |tx| Box::pin(async move { batch(tx, table).await })).await.unwrap();
    database.db.clone()
}

async fn insert(db: &Db, id: i64) -> Result<Committed<()>, DbError> {
    db.write(move |tx| Box::pin(async move { store::insert(tx, &thing(id)).await })).await
}

async fn ids(db: &Db) -> Vec<i64> {
    let things = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    things.iter().map(|thing| thing.id).collect()
}
