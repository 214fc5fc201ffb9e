//! A table that only these tests have.

use db::{DbError, Place, Together, Tx, Value};

db::statements! {
    INSERT = "INSERT INTO things (id, pair, flag, text, bytes) VALUES ($1, $2, $3, $4, $5)";
    INSERT_SWAPPED = "INSERT INTO things (id, pair, flag, text, bytes) VALUES ($5, $4, $3, $2, $1)";
    FIND = "SELECT id, pair, flag, text, bytes FROM things WHERE id = $1 AND (text = $2 OR $2 = '' OR id = $1)";
    FIND_DOLLAR = "SELECT id, pair, flag, text, bytes FROM things WHERE text = 'costs $1' AND id = $1";
    LIST = "SELECT id, pair, flag, text, bytes FROM things ORDER BY id";
    BUMP = "UPDATE things SET pair = pair + 1 WHERE id = $1";
    FIND_AMONG = "SELECT id, pair, flag, text, bytes FROM things WHERE pair = $1 AND id IN ($many) ORDER BY id";
    BUMP_AMONG = "UPDATE things SET pair = pair + $1 WHERE id IN ($many)";
    ECHO = "SELECT CAST($1 AS TEXT) AS text";
    MANY = ["INSERT INTO things (id, pair, flag, text, bytes) VALUES", "ON CONFLICT DO NOTHING"];
}

db::rows! {
    #[derive(PartialEq)]
    pub(crate) struct Thing in "things" {
        pub(crate) id: i64,
        pub(crate) pair: i64,
        pub(crate) flag: bool,
        pub(crate) text: Option<String>,
        pub(crate) bytes: Option<Vec<u8>>,
    }
}

db::rows! {
    /// Reads what may be NULL as what may not.
    pub(crate) struct Strict in "things" { pub(crate) text: String }
}

pub(crate) async fn insert(tx: &mut Tx, thing: &Thing) -> Result<(), DbError> {
    tx.execute_one(INSERT, &[&thing.id, &thing.pair, &thing.flag, &thing.text, &thing.bytes]).await
}

pub(crate) fn insert_later(tx: &mut Tx, id: i64) {
    let thing = crate::thing(id);
    tx.execute_later(INSERT, &[&thing.id, &thing.pair, &thing.flag, &thing.text, &thing.bytes]);
}

#[expect(
    clippy::ptr_arg,
    reason = "a parameter is borrowed as a value, and a `&str` that is one lives nowhere"
)]
pub(crate) fn echo<'a>(together: &mut Together<'a>, text: &'a String) -> Place<Strict> {
    together.add(ECHO, &[text])
}

pub(crate) async fn insert_swapped(tx: &mut Tx, thing: &Thing) -> Result<(), DbError> {
    tx.execute_one(INSERT_SWAPPED, &[&thing.bytes, &thing.text, &thing.flag, &thing.pair, &thing.id]).await
}

pub(crate) async fn insert_of_wrong_type(tx: &mut Tx, secret: &str) -> Result<(), DbError> {
    tx.execute_one(INSERT, &[&1_i64, &2_i64, &true, &3_i64, &secret]).await
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Thing>, DbError> {
    tx.find(FIND, &[&id, &""]).await
}

pub(crate) async fn find_with_a_parameter_missing(tx: &mut Tx) -> Result<Option<Thing>, DbError> {
    tx.find(FIND, &[&1_i64]).await
}

pub(crate) async fn find_dollar(tx: &mut Tx, id: i64) -> Result<Option<Thing>, DbError> {
    tx.find(FIND_DOLLAR, &[&id]).await
}

pub(crate) async fn find_strict(tx: &mut Tx, id: i64) -> Result<Option<Strict>, DbError> {
    tx.find(FIND, &[&id, &""]).await
}

pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Thing>, DbError> {
    tx.list(LIST, &[]).await
}

pub(crate) async fn bump(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    tx.execute_one(BUMP, &[&id]).await
}

/// Two inserts and an update of the first, without waiting in between.
pub(crate) async fn insert_two_and_bump(tx: &mut Tx, one: &Thing, two: &Thing) -> Result<Vec<u64>, DbError> {
    let mut together = Together::default();
    let places: [Place<()>; 3] = [
        together.add(INSERT, &[&one.id, &one.pair, &one.flag, &one.text, &one.bytes]),
        together.add(INSERT, &[&two.id, &two.pair, &two.flag, &two.text, &two.bytes]),
        together.add(BUMP, &[&one.id]),
    ];
    let answers = tx.run_together(together).await?;
    places.iter().map(|place| answers.affected(place)).collect()
}

pub(crate) async fn insert_many(tx: &mut Tx, ids: std::ops::Range<i64>) -> Result<u64, DbError> {
    let row = |id| vec![Value::Int(id), Value::Int(0), Value::Bool(true), Value::Null, Value::Null];
    tx.insert_many(MANY, &ids.map(row).collect::<Vec<_>>()).await
}

pub(crate) async fn insert_narrow_rows(tx: &mut Tx) -> Result<u64, DbError> {
    tx.insert_many(MANY, &[vec![Value::Int(1)]]).await
}

/// Those of a pair that have one of the ids, after one was added to all of them and then taken off again.
pub(crate) async fn find_among(tx: &mut Tx, pair: i64, ids: &[i64]) -> Result<(u64, Vec<Thing>), DbError> {
    tx.execute_among(BUMP_AMONG, &[&1_i64], ids).await?;
    let bumped = tx.execute_among(BUMP_AMONG, &[&-1_i64], ids).await?;
    Ok((bumped, tx.list_among(FIND_AMONG, &[&pair], ids).await?))
}

/// Inserts without waiting, and bumps in between.
pub(crate) async fn insert_later_and_bump(tx: &mut Tx, one: &Thing, two: &Thing) -> Result<(), DbError> {
    tx.execute_later(INSERT, &[&one.id, &one.pair, &one.flag, &one.text, &one.bytes]);
    bump(tx, one.id).await?;
    tx.execute_later(INSERT, &[&two.id, &two.pair, &two.flag, &two.text, &two.bytes]);
    Ok(())
}
