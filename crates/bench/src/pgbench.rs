//! pgbench running the least that an assignment can be: a conditional counter and an insert.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use tokio_postgres::NoTls;

use crate::Outcome;

/// A database with counters to run pgbench on.
pub(crate) struct Pgbench {
    url: String,
    program: PathBuf,
}

impl Pgbench {
    pub(crate) async fn prepare(url: &str) -> Outcome<Self> {
        run(
            url,
            &[
                "CREATE TABLE counters (id BIGINT PRIMARY KEY, used BIGINT NOT NULL, total BIGINT NOT NULL)",
                "INSERT INTO counters SELECT n, 0, 1000000000 FROM generate_series(1, 1000) n",
                "CREATE TABLE taken (id BIGSERIAL PRIMARY KEY, counter BIGINT NOT NULL, who BIGINT NOT NULL)",
            ],
        )
        .await?;
        settle(url).await?;
        Ok(Self { url: url.to_owned(), program: program() })
    }

    /// Transactions per second over this many counters.
    pub(crate) fn counter_then_insert(
        &self,
        clients: usize,
        counters: usize,
        time: Duration,
    ) -> Outcome<f64> {
        let folder = tempfile::tempdir()?;
        let script = folder.path().join("assign.sql");
        let text = format!(
            "\\set c random(1, {counters})\n\\set w random(1, 1000000000)\nBEGIN;\n\
             UPDATE counters SET used = used + 1 WHERE id = :c AND used < total;\n\
             INSERT INTO taken (counter, who) VALUES (:c, :w);\nCOMMIT;\n"
        );
        std::fs::write(&script, text)?;
        let output = Command::new(&self.program)
            .args([
                "-n",
                "-M",
                "prepared",
                "-j",
                "2",
                "-c",
                &clients.to_string(),
                "-T",
                &time.as_secs().to_string(),
                "-f",
            ])
            .arg(&script)
            .arg(&self.url)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.ok_or_else(|| format!("pgbench said: {text}{}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// What a server does by and by after much was written, before anything is measured.
pub(crate) async fn settle(url: &str) -> Outcome<()> {
    run(url, &["VACUUM (ANALYZE)", "CHECKPOINT"]).await
}

async fn run(url: &str, statements: &[&str]) -> Outcome<()> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    #[expect(clippy::disallowed_methods, reason = "the driver of a connection is a task by design")]
    let driver = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await?;
    }
    driver.abort();
    Ok(())
}

/// Beside the other binaries of PostgreSQL, else from the path.
fn program() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found =
        versions.map(|version| version.path().join("bin/pgbench")).filter(|path| path.is_file()).max();
    found.unwrap_or_else(|| PathBuf::from("pgbench"))
}
