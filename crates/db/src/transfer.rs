//! Everything of an embedded database into one on PostgreSQL: all of it, verified, or nothing.

use std::collections::BTreeSet;
use std::path::Path;
use std::pin::pin;

use ring::digest::{Context, SHA256};
use rusqlite::OpenFlags;
use tokio_postgres::Client;

use crate::postgres::{self, Bound};
use crate::{DbError, Value, sqlite};

/// Rows in one statement.
const ROWS: usize = 200;
/// Bytes of values in one statement, at most twice.
const BYTES: usize = 4 * 1024 * 1024;

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    pub table: String,
    pub rows: u64,
}

/// Copies the file at `source`, which nobody may be writing, into the database at `url`, whose tables
/// must be as the migrations leave them. One transaction: what was read back is compared before the commit.
pub async fn transfer(source: &Path, url: &str) -> Result<Vec<MovedTable>, DbError> {
    let source = rusqlite::Connection::open_with_flags(source, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (client, driver) = postgres::connect_migrated(url).await?;
    client.batch_execute("BEGIN").await?;
    let mut moved = Vec::new();
    for table in tables(&source)? {
        let sent = send(&source, &client, &table).await?;
        let found = read_back(&client, &table).await?;
        if sent != found {
            let detail = format!(
                "{}: {} rows were sent, {} are there, and they are not the same; is the database new?",
                table.name, sent.rows, found.rows
            );
            return Err(DbError::internal(detail));
        }
        moved.push(MovedTable { table: table.name, rows: sent.rows });
    }
    client.batch_execute("COMMIT").await?;
    drop(client);
    // The server has said goodbye, or the connection had ended anyway: it is committed.
    let _ = driver.await;
    Ok(moved)
}

struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    fn column_list(&self) -> String {
        self.columns.join(", ")
    }
}

/// Every table, those that others refer to first.
fn tables(source: &rusqlite::Connection) -> Result<Vec<Table>, DbError> {
    let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        AND name <> 'schema_migrations' ORDER BY name";
    let mut waiting: Vec<String> = strings(source, names, [])?;
    let (mut placed, mut tables) = (BTreeSet::new(), Vec::new());
    while !waiting.is_empty() {
        let before = waiting.len();
        for name in std::mem::take(&mut waiting) {
            let refers =
                strings(source, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1)", [&name])?;
            if refers.iter().any(|other| *other != name && !placed.contains(other)) {
                waiting.push(name);
                continue;
            }
            let columns = strings(source, "SELECT name FROM pragma_table_info(?1) ORDER BY name", [&name])?;
            placed.insert(name.clone());
            tables.push(Table { name, columns });
        }
        if waiting.len() == before {
            return Err(DbError::internal(format!("tables refer to each other in a circle: {waiting:?}")));
        }
    }
    Ok(tables)
}

fn strings(
    source: &rusqlite::Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<String>, DbError> {
    let mut statement = source.prepare(sql)?;
    let rows = statement.query_map(params, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A table's rows as a number that does not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    digests: [u64; 4],
}

impl Sum {
    fn add(&mut self, row: &[Value<'_>]) {
        let mut context = Context::new(&SHA256);
        for value in row {
            let (kind, bytes): (u8, Vec<u8>) = match value {
                Value::Null => (0, Vec::new()),
                Value::Int(int) => (1, int.to_be_bytes().to_vec()),
                Value::Bool(bool) => (1, i64::from(*bool).to_be_bytes().to_vec()),
                Value::Text(text) => (2, text.as_bytes().to_vec()),
                Value::Bytes(bytes) => (3, bytes.to_vec()),
            };
            context.update(&[kind]);
            context.update(&(bytes.len() as u64).to_be_bytes());
            context.update(&bytes);
        }
        self.rows += 1;
        let digest = context.finish();
        for (sum, bytes) in self.digests.iter_mut().zip(digest.as_ref().chunks_exact(8)) {
            let mut lane = [0; 8];
            lane.copy_from_slice(bytes);
            *sum = sum.wrapping_add(u64::from_be_bytes(lane));
        }
    }
}

async fn send(source: &rusqlite::Connection, client: &Client, table: &Table) -> Result<Sum, DbError> {
    let mut statement = source.prepare(&format!("SELECT {} FROM {}", table.column_list(), table.name))?;
    let (mut sum, mut rows) = (Sum::default(), statement.query([])?);
    loop {
        let page = page(&mut rows, table.columns.len())?;
        if page.is_empty() {
            return Ok(sum);
        }
        for row in &page {
            sum.add(row);
        }
        let values: Vec<Bound<'_>> = page.iter().flatten().map(Bound::One).collect();
        client.execute_raw(&insert(table, page.len()), values).await?;
    }
}

/// The next rows, up to so many or so large.
fn page(rows: &mut rusqlite::Rows<'_>, columns: usize) -> Result<Vec<Vec<Value<'static>>>, DbError> {
    let (mut page, mut bytes) = (Vec::new(), 0);
    while page.len() < ROWS
        && bytes < BYTES
        && let Some(row) = rows.next()?
    {
        let values = (0..columns).map(|at| sqlite::owned(row.get_ref(at)?));
        let values: Vec<Value<'static>> = values.collect::<Result<_, DbError>>()?;
        bytes += values
            .iter()
            .map(|value| if let Value::Bytes(bytes) = value { bytes.len() } else { 64 })
            .sum::<usize>();
        page.push(values);
    }
    Ok(page)
}

/// A row that the migrations made is there already; were it another one, the sums would differ.
fn insert(table: &Table, rows: usize) -> String {
    let width = table.columns.len();
    let row = |row: usize| {
        let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO {} ({}) VALUES {} ON CONFLICT DO NOTHING",
        table.name,
        table.column_list(),
        rows.join(", ")
    )
}

async fn read_back(client: &Client, table: &Table) -> Result<Sum, DbError> {
    let text = format!("SELECT {} FROM {}", table.column_list(), table.name);
    let nothing: [Bound<'_>; 0] = [];
    let mut rows = pin!(client.query_raw(&text, nothing).await?);
    let mut sum = Sum::default();
    while let Some(row) =
        std::future::poll_fn(|context| futures_core::Stream::poll_next(rows.as_mut(), context)).await
    {
        let row = row?;
        let values = (0..table.columns.len()).map(|at| postgres::owned(&row, at));
        sum.add(&values.collect::<Result<Vec<_>, DbError>>()?);
    }
    Ok(sum)
}
