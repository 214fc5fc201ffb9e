//! Copies of an embedded database, and its way to PostgreSQL.

use db::testing::{Cluster, Database};
use db::{Config, Db};

use crate::{LOG, entry};

async fn written(db: &Db, entries: u64) {
    for n in 1..=entries {
        db.write(move |tx| {
            Box::pin(async move {
                tx.append(LOG, entry(n));
                Ok::<_, db::DbError>(())
            })
        })
        .await
        .unwrap();
    }
}

async fn head(db: &Db) -> i64 {
    db.read(|tx| Box::pin(async move { tx.log_head(LOG).await })).await.unwrap()
}

fn file(database: &Database) -> std::path::PathBuf {
    let Config::Sqlite { path, .. } = &database.config else { unreachable!("it is embedded") };
    path.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_whole_while_others_write() {
    let database = Database::sqlite().await;
    written(&database.db, 50).await;
    let to = file(&database).with_file_name("copy.db");
    let writing = {
        let db = database.db.clone();
        tokio::spawn(async move { written(&db, 200).await })
    };
    db::backup(&file(&database), &to).unwrap();
    writing.await.unwrap();
    db::examine(&to).unwrap();
    assert!(db::backup(&file(&database), &to).is_err(), "nothing is replaced");
    let copy = Db::open(Config::sqlite(&to)).await.unwrap();
    assert!((50..=250).contains(&head(&copy).await));
}

#[tokio::test]
async fn a_damaged_file_is_told_from_a_whole_one() {
    let database = Database::sqlite().await;
    written(&database.db, 200).await;
    let to = file(&database).with_file_name("copy.db");
    db::backup(&file(&database), &to).unwrap();
    let mut bytes = std::fs::read(&to).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    std::fs::write(&to, bytes).unwrap();
    assert!(db::examine(&to).is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_moves_to_postgresql_or_nothing() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = Database::sqlite().await;
    written(&database.db, 450).await;
    let source = file(&database).with_file_name("copy.db");
    db::backup(&file(&database), &source).unwrap();
    let name = format!("seatline_moved_{}", std::process::id());
    cluster.create_database(&name).await.unwrap();
    let url = cluster.url(&name);
    let moved = db::transfer(&source, &url).await.unwrap();
    let rows = |table: &str| moved.iter().find(|moved| moved.table == table).map(|moved| moved.rows);
    assert_eq!((rows("log_entries"), rows("log_heads"), rows("tenants")), (Some(450), Some(1), Some(1)));
    let there = Db::open(Config::Postgres { url: url.clone(), connections: 2 }).await.unwrap();
    assert_eq!(head(&there).await, 450);
    written(&there, 1).await;
    assert_eq!(head(&there).await, 451, "the log goes on where it was");
    let again = db::transfer(&source, &url).await.unwrap_err();
    assert!(again.to_string().contains("is the database new?"), "{again}");
    assert_eq!(head(&there).await, 451);
    there.close().await;
    cluster.drop_database(&name).await.unwrap();
}
