//! What goes in comes out, and what does not fit is told.

use std::error::Error;

use db::testing::Database;
use db::{DbError, on_both};

use crate::store::{self, Thing};
use crate::{NOTHING, ids, insert, thing, with_table};

on_both!(values_come_back_as_they_were_put, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| {
        Box::pin(async move {
            store::insert(tx, &thing(1)).await?;
            store::insert_swapped(tx, &thing(2)).await?;
            store::insert(tx, &Thing { text: None, bytes: None, ..thing(3) }).await
        })
    })
    .await
    .unwrap();
    let found = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(found, [thing(1), thing(2), Thing { text: None, bytes: None, ..thing(3) }]);
    let one = db.read(|tx| Box::pin(async move { store::find(tx, 2).await })).await.unwrap();
    assert_eq!(one, Some(thing(2)));
});

on_both!(a_dollar_inside_quotes_is_text, |database: Database| async move {
    let db = with_table(&database).await;
    let costs = Thing { text: Some("costs $1".to_owned()), ..thing(5) };
    let expected = costs.clone();
    db.write(move |tx| Box::pin(async move { store::insert(tx, &costs).await })).await.unwrap();
    let found = db.read(|tx| Box::pin(async move { store::find_dollar(tx, 5).await })).await.unwrap();
    assert_eq!(found, Some(expected));
});

on_both!(a_missing_parameter_is_an_error_and_not_null, |database: Database| async move {
    let db = with_table(&database).await;
    let outcome = db.read(|tx| Box::pin(async move { store::find_with_a_parameter_missing(tx).await })).await;
    let error = outcome.unwrap_err();
    assert!(error.to_string().contains("store::FIND"), "the statement is named: {error}");
});

on_both!(a_value_of_the_wrong_type_is_refused_without_being_shown, |database: Database| async move {
    let db = with_table(&database).await;
    let outcome =
        db.write(|tx| Box::pin(async move { store::insert_of_wrong_type(tx, "hunter2").await })).await;
    let error = outcome.unwrap_err();
    let shown = format!("{error} {:?}", error.source().map(ToString::to_string));
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_eq!(ids(&db).await, NOTHING);
});

on_both!(a_row_that_does_not_read_names_table_column_and_key, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| Box::pin(async move { store::insert(tx, &Thing { text: None, ..thing(42) }).await }))
        .await
        .unwrap();
    let outcome = db.read(|tx| Box::pin(async move { store::find_strict(tx, 42).await })).await;
    match outcome.map(|found| found.map(|strict| strict.text)) {
        Err(DbError::Corrupt { table, column, id, .. }) => {
            assert_eq!((table, column, id.as_str()), ("things", "text", "42"));
        }
        other => panic!("{other:?}"),
    }
});

on_both!(constraints_are_told_apart, |database: Database| async move {
    let db = with_table(&database).await;
    insert(&db, 1).await.unwrap();
    let again = insert(&db, 1).await;
    assert!(matches!(again, Err(DbError::UniqueViolation { .. })), "{again:?}");
    assert_eq!(ids(&db).await, [1]);
});

on_both!(many_rows_go_in_at_once_and_none_twice, |database: Database| async move {
    let db = with_table(&database).await;
    let insert = |ids: std::ops::Range<i64>| {
        let db = db.clone();
        async move { db.write(move |tx| Box::pin(store::insert_many(tx, ids))).await.unwrap().value }
    };
    assert_eq!(insert(0..1234).await, 1234);
    assert_eq!(insert(1000..1300).await, 66);
    assert_eq!(insert(0..0).await, 0);
    assert_eq!(insert(0..12_000).await, 10_700);
    assert_eq!(ids(&db).await, (0..12_000).collect::<Vec<_>>());
    let narrow = db.write(|tx| Box::pin(async move { store::insert_narrow_rows(tx).await })).await;
    assert!(narrow.is_err());
});

on_both!(a_list_is_as_long_as_it_is, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| Box::pin(store::insert_many(tx, 0..2300))).await.unwrap();
    let among = |ids: Vec<i64>| {
        let db = db.clone();
        async move {
            let found = db.write(move |tx| {
                let ids = ids.clone();
                Box::pin(async move { store::find_among(tx, 0, &ids).await })
            });
            let (changed, things) = found.await.unwrap().value;
            (changed, things.iter().map(|thing| thing.id).collect::<Vec<_>>())
        }
    };
    assert_eq!(among(vec![]).await, (0, vec![]));
    assert_eq!(among(vec![7]).await, (1, vec![7]));
    assert_eq!(among(vec![9, 7, 9, 7, 5000]).await, (2, vec![7, 9]), "each once, in one statement");
    let (all, some) = ((0..2300).collect::<Vec<_>>(), (100..151).collect::<Vec<_>>());
    assert_eq!(among(all.clone()).await, (2300, all));
    assert_eq!(among(some.clone()).await, (51, some));
});

on_both!(what_travels_later_is_there_for_what_comes_next, |database: Database| async move {
    let db = with_table(&database).await;
    db.write(|tx| Box::pin(async move { store::insert_later_and_bump(tx, &thing(1), &thing(2)).await }))
        .await
        .unwrap();
    let found = db.read(|tx| Box::pin(async move { store::list(tx).await })).await.unwrap();
    assert_eq!(found, [Thing { pair: 0, ..thing(1) }, thing(2)]);
    let again = db
        .write(|tx| Box::pin(async move { store::insert_later_and_bump(tx, &thing(3), &thing(2)).await }))
        .await;
    assert!(matches!(again, Err(DbError::UniqueViolation { .. })), "{again:?}");
    assert_eq!(ids(&db).await, [1, 2], "nothing of a unit whose last insert does not hold");
});

on_both!(statements_sent_together_run_in_their_order, |database: Database| async move {
    let db = with_table(&database).await;
    let both = |one, two| {
        db.write(move |tx| {
            Box::pin(async move { store::insert_two_and_bump(tx, &thing(one), &thing(two)).await })
        })
    };
    assert_eq!(both(1, 2).await.unwrap().value, [1, 1, 1]);
    let refused = both(3, 1).await;
    assert!(matches!(refused, Err(DbError::UniqueViolation { .. })), "the first error is told: {refused:?}");
    assert_eq!(ids(&db).await, [1, 2]);
    let one = db.read(|tx| Box::pin(async move { store::find(tx, 1).await })).await.unwrap();
    assert_eq!(one.map(|thing| thing.pair), Some(0));
});
