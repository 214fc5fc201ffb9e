use db::testing::{prepare_all, schema};

use crate::registry::FEATURES;
use crate::testing::{World, flow};

flow!(every_statement_is_accepted_by_the_database, |world: World| async move {
    for feature in FEATURES {
        prepare_all(&world.app.db, feature.statements)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", feature.name));
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_schema() {
    let Some(postgres) = World::postgres().await else { return };
    let sqlite = World::sqlite().await;
    let (one, other) = (schema(&sqlite.app.db).await.unwrap(), schema(&postgres.app.db).await.unwrap());
    let only =
        |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!(
        (only(&one, &other), only(&other, &one)),
        (vec![], vec![]),
        "only on SQLite, only on PostgreSQL"
    );
}

#[test]
fn every_store_is_in_the_registry() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for entry in std::fs::read_dir(source).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if folder.join("store.rs").is_file() {
            let known = FEATURES.iter().any(|feature| feature.name == name && !feature.statements.is_empty());
            assert!(known, "the statements of {name} are not in registry.rs");
        }
    }
}
