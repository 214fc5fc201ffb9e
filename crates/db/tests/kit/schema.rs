//! Migrations: the same for both databases, once, whoever else migrates.

use std::collections::BTreeMap;

use db::testing::{Cluster, Database, prepare_all, schema};
use db::{Config, Db, DbError, on_both};

use crate::{ids, insert, with_table};

on_both!(the_kits_own_statements_are_accepted, |database: Database| async move {
    prepare_all(&database.db, db::STATEMENTS).await.unwrap();
    prepare_all(&database.db, db::testing::STATEMENTS).await.unwrap();
});

on_both!(a_statement_that_is_wrong_is_named, |database: Database| async move {
    with_table(&database).await;
    prepare_all(&database.db, crate::store::STATEMENTS).await.unwrap();
    let error = prepare_all(&database.db, wrong::STATEMENTS).await.unwrap_err();
    assert!(error.contains("wrong::NO_SUCH_TABLE"), "{error}");
});

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_reads_a_table_for_each_row_is_named() {
    let Some(database) = Database::postgres().await else { return };
    with_table(&database).await;
    let error = prepare_all(&database.db, costly::STATEMENTS).await.unwrap_err();
    assert!(error.contains("costly::ONE_OR_THE_OTHER"), "{error}");
}

mod costly {
    db::statements! {
        ONE_OR_THE_OTHER = "SELECT t.id FROM things t WHERE t.id = $1
            AND (EXISTS (SELECT 1 FROM things o WHERE o.id = t.pair AND o.text = $2)
                OR EXISTS (SELECT 1 FROM things p WHERE p.pair = t.id AND p.text = $2))";
    }
}

mod wrong {
    db::statements! {
        NO_SUCH_TABLE = "SELECT id FROM nowhere";
    }
}

on_both!(opening_again_migrates_nothing_and_finds_everything, |database: Database| async move {
    let db = with_table(&database).await;
    insert(&db, 1).await.unwrap();
    let again = Db::open(database.config.clone()).await.unwrap();
    assert_eq!(ids(&again).await, [1]);
});

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_schema() {
    let Some(postgres) = Database::postgres().await else { return };
    let sqlite = Database::sqlite().await;
    let (one, other) = (schema(&sqlite.db).await.unwrap(), schema(&postgres.db).await.unwrap());
    let only =
        |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!(
        (only(&one, &other), only(&other, &one)),
        (vec![], vec![]),
        "only on SQLite, only on PostgreSQL"
    );
    assert!(one.iter().any(|line| line.starts_with("log_entries.position INTEGER")), "{one:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_at_once_on_a_new_database_all_come_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut configs: Vec<Config> =
        (0..5).map(|n| Config::sqlite(folder.path().join(format!("new-{n}.db")))).collect();
    let (cluster, name) = (Cluster::shared(), format!("seatline_new_{}", std::process::id()));
    if let Some(cluster) = cluster {
        cluster.create_database(&name).await.unwrap();
        configs.push(Config::Postgres { url: cluster.url(&name), connections: 2 });
    }
    for config in configs {
        let nodes: Vec<_> = (0..6).map(|_| tokio::spawn(Db::open(config.clone()))).collect();
        for node in nodes {
            node.await.unwrap().unwrap();
        }
    }
    if let Some(cluster) = cluster {
        cluster.drop_database(&name).await.unwrap();
    }
}

/// A crash between two steps of it would leave a file that cannot be opened any more.
#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_migrations_are_made_together_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    // In the way of the second migration: the first must not stay behind.
    file.execute_batch("CREATE TABLE tenants (id INTEGER)").unwrap();
    assert!(matches!(
        Db::open(Config::sqlite(&path)).await,
        Err(DbError::Migration { name: "V0002__identity", .. })
    ));
    let made = "SELECT count(*) FROM sqlite_master WHERE name = 'log_heads'";
    assert_eq!(file.query_row(made, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    file.execute_batch("DROP TABLE tenants").unwrap();
    Db::open(Config::sqlite(&path)).await.unwrap();
}

/// A foreign key that is checked at the commit would fail the commit that others share.
#[test]
fn migrations_are_the_same_files_and_defer_nothing() {
    let read = |database: &str| -> BTreeMap<String, String> {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        files
            .map(|file| {
                (file.file_name().into_string().unwrap(), std::fs::read_to_string(file.path()).unwrap())
            })
            .collect()
    };
    let (sqlite, postgres) = (read("sqlite"), read("postgres"));
    assert!(sqlite.keys().eq(postgres.keys()), "{:?} and {:?}", sqlite.keys(), postgres.keys());
    for (name, text) in sqlite.iter().chain(&postgres) {
        assert!(!text.to_uppercase().contains("DEFERRABLE"), "{name}");
    }
}
