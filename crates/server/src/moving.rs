//! `seatline backup`, `restore` and `migrate-to`: the embedded database as a whole.

use std::path::PathBuf;

use crate::cli::print;
use crate::config::{Config, Overrides, StoreArguments};
use crate::failure::Failure;
use crate::machine;
use crate::serve::runtime;

/// Copies the embedded database while it is in use.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// File to write; it must not exist
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
}

impl Backup {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let from = embedded(&self.store, Config::existing_database)?;
        if self.output.exists() {
            return Err(Failure::Usage(format!("{} exists: name another file", self.output.display())));
        }
        db::backup(&from, &self.output)?;
        let bytes = std::fs::metadata(&self.output).map_err(Failure::other)?.len();
        said(
            json,
            &serde_json::json!({ "backup": self.output, "bytes": bytes }),
            &format!("{}: {bytes} bytes, examined and whole", self.output.display()),
        )
    }
}

/// Puts a backup in the place of a database that is not there.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    #[command(flatten)]
    store: StoreArguments,
}

impl Restore {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        db::examine(&self.from)?;
        let to = embedded(&self.store, Config::database)?;
        if to.exists() {
            let what = format!("{} exists: move it away, or name another --data", to.display());
            return Err(Failure::Usage(what));
        }
        for left in ["-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", to.display()))) {
            if left.exists() {
                let what = format!("{} is left of another database: move it away, too", left.display());
                return Err(Failure::Usage(what));
            }
        }
        db::backup(&self.from, &to)?;
        let text = format!("{} is restored; start it with: seatline serve --data …", to.display());
        said(json, &serde_json::json!({ "database": to }), &text)
    }
}

/// Copies everything of the embedded database into a new one on PostgreSQL and verifies it.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateTo {
    /// Where to: a database of PostgreSQL that nobody has used yet
    #[arg(value_name = "URL")]
    target: String,
    #[command(flatten)]
    store: StoreArguments,
}

impl MigrateTo {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let from = embedded(&self.store, Config::existing_database)?;
        // What it changed from now on would be left behind.
        if db::is_in_use(&from)? {
            let what = format!("{} is in use: stop the server first", from.display());
            return Err(Failure::Usage(what));
        }
        // A copy that nobody writes, of this version's schema.
        let folder = tempfile::tempdir().map_err(Failure::other)?;
        let copy = folder.path().join("copy.db");
        db::backup(&from, &copy)?;
        let moved = runtime()?.block_on(async {
            db::Db::open(db::Config::sqlite(&copy)).await?.close().await;
            db::transfer(&copy, &self.target).await
        })?;
        let rows: u64 = moved.iter().map(|table| table.rows).sum();
        let tables: serde_json::Map<_, _> =
            moved.iter().map(|table| (table.table.clone(), table.rows.into())).collect();
        let text = format!(
            "{rows} rows of {} tables are there and compared.\nStart it with: seatline serve --database …",
            moved.len()
        );
        said(json, &serde_json::json!({ "rows": rows, "tables": tables }), &text)
    }
}

/// The file of the embedded database; whoever uses PostgreSQL has its tools.
fn embedded(
    store: &StoreArguments,
    database: fn(&Config) -> Result<db::Config, Failure>,
) -> Result<PathBuf, Failure> {
    match database(&Config::load(store, Overrides::default(), machine::environment)?)? {
        db::Config::Sqlite { path, .. } => Ok(path),
        db::Config::Postgres { .. } => Err(Failure::Usage(
            "this is for the embedded database; PostgreSQL is backed up with pg_dump or pg_basebackup"
                .to_owned(),
        )),
    }
}

fn said(json: bool, value: &serde_json::Value, text: &str) -> Result<(), Failure> {
    if json { print(&format!("{value}\n")) } else { print(&format!("{text}\n")) }
}
