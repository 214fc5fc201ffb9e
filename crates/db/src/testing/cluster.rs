//! A throw-away PostgreSQL: that of `TEST_POSTGRES_URL`, or one made from installed binaries.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use tokio::sync::OnceCell;

use crate::DbError;
use crate::postgres::{connect, migrate_template, migrations_fingerprint};

/// A cluster in which tests make databases.
pub struct Cluster {
    /// Everything of the address but the database.
    address: Address,
    /// A migrated database, to be copied.
    template: OnceCell<String>,
    /// Holding it open keeps the cluster running; the watchdog ends it when this process ends, however.
    _watchdog: Option<std::process::Child>,
}

enum Address {
    Given(String),
    Own { folder: PathBuf, control: Control },
}

/// What starts and stops a cluster.
struct Control {
    /// `pg_ctl` and whoever runs it.
    program: Vec<OsString>,
    data: PathBuf,
    log: PathBuf,
    options: String,
}

impl Control {
    fn start(&self) -> Result<(), String> {
        run(self.pg_ctl().arg("-l").arg(&self.log).arg("-o").arg(&self.options).arg("start"))
    }

    fn stop(&self) -> Result<(), String> {
        run(self.pg_ctl().args(["-m", "immediate", "stop"]))
    }

    fn pg_ctl(&self) -> Command {
        let mut command = Command::new(&self.program[0]);
        command.args(&self.program[1..]).args(["-w", "-s", "-D"]).arg(&self.data);
        command
    }
}

impl Cluster {
    /// The cluster of this test process.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::find).as_ref()
    }

    #[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
    #[expect(clippy::print_stderr, reason = "a skipped half must be seen")]
    fn find() -> Option<Self> {
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            return Some(Self { address: Address::Given(url), template: OnceCell::new(), _watchdog: None });
        }
        match Self::start(false) {
            Ok(cluster) => Some(cluster),
            Err(why) => {
                assert!(std::env::var_os("CI").is_none(), "PostgreSQL must be there under CI: {why}");
                eprintln!("\n*** The PostgreSQL half of this test is SKIPPED: {why} ***\n");
                None
            }
        }
    }

    /// Makes and starts a cluster of its own, with `fsync` for those who measure or pull the plug.
    pub fn start(fsync: bool) -> Result<Self, String> {
        let binaries = binaries().ok_or("initdb is not installed")?;
        let place = if fsync { std::env::temp_dir() } else { super::scratch().to_owned() };
        let folder = tempfile::Builder::new().prefix("seatline-pg-").tempdir_in(place);
        let folder = folder.map_err(|e| e.to_string())?.keep();
        let user = unprivileged_user();
        let data = folder.join("data");
        // Before there is anything that would have to be cleared up.
        let watchdog = watch(&folder, &data, &binaries, user.as_deref())?;
        if let Some(user) = &user {
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        let as_user = |program: &str| {
            let program = binaries.join(program).into_os_string();
            match &user {
                None => vec![program],
                Some(user) => vec!["runuser".into(), "-u".into(), user.into(), "--".into(), program],
            }
        };
        let initdb = as_user("initdb");
        run(Command::new(&initdb[0])
            .args(&initdb[1..])
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-D"])
            .arg(&data))?;
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=300 \
             -c shared_buffers=128MB -c max_wal_size=1GB {}",
            folder.display(),
            // Nobody pulls the plug on a test, and a deadlock is found when one is meant to happen.
            if fsync { "-c fsync=on" } else { "-c fsync=off -c deadlock_timeout=50ms" }
        );
        let control = Control { program: as_user("pg_ctl"), data, log: folder.join("log"), options };
        control.start()?;
        let address = Address::Own { folder, control };
        Ok(Self { address, template: OnceCell::new(), _watchdog: Some(watchdog) })
    }

    /// Ends it at once, as a power cut would, if it is one of our own.
    pub fn stop(&self) -> Result<(), String> {
        self.control()?.stop()
    }

    /// Starts it again.
    pub fn start_again(&self) -> Result<(), String> {
        self.control()?.start()
    }

    fn control(&self) -> Result<&Control, String> {
        match &self.address {
            Address::Own { control, .. } => Ok(control),
            Address::Given(_) => Err("it is somebody else's".to_owned()),
        }
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        match &self.address {
            Address::Own { folder, .. } => {
                format!("host={} user=postgres dbname={database}", folder.display())
            }
            Address::Given(url) => {
                let (address, query) =
                    url.split_once('?').map_or((url.as_str(), None), |(a, q)| (a, Some(q)));
                let base = match address.match_indices('/').nth(2) {
                    Some((at, _)) => &address[..at],
                    None => address,
                };
                query.map_or_else(
                    || format!("{base}/{database}"),
                    |query| format!("{base}/{database}?{query}"),
                )
            }
        }
    }

    /// Makes an empty database, in place of one of this name.
    pub async fn create_database(&self, name: &str) -> Result<(), DbError> {
        self.administer(&[
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"),
        ])
        .await
    }

    /// Whoever is still connected is sent away.
    pub async fn drop_database(&self, name: &str) -> Result<(), DbError> {
        self.administer(&[&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]).await
    }

    /// Makes a database with every migration: the copy of one that was migrated once.
    pub(super) async fn create_migrated(&'static self, name: String) -> Result<Scratch, DbError> {
        let template = self.template.get_or_try_init(|| self.make_template()).await?;
        // Copying files is several times faster, but for the checkpoints that it waits for on a server that syncs.
        let strategy = match self.address {
            Address::Own { .. } => "STRATEGY FILE_COPY",
            Address::Given(_) => "",
        };
        self.administer(&[
            &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            &format!("CREATE DATABASE {name} TEMPLATE {template} {strategy}"),
        ])
        .await?;
        Ok(Scratch { cluster: self, name })
    }

    /// Test processes that share a server take turns; the second finds what the first has made.
    async fn make_template(&self) -> Result<String, DbError> {
        let name = format!("seatline_template_{:016x}", migrations_fingerprint());
        let (client, driver) = connect(&self.maintenance().parse()?).await?;
        client.execute("SELECT pg_advisory_lock(hashtext($1))", &[&name]).await?;
        let made = client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate", &[&name])
            .await?;
        if made.is_none() {
            self.create_database(&name).await?;
            migrate_template(&self.url(&name)).await?;
            client.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).await?;
        }
        drop(client);
        let _ = driver.await;
        Ok(name)
    }

    fn maintenance(&self) -> String {
        match &self.address {
            Address::Own { .. } => self.url("postgres"),
            Address::Given(url) => url.clone(),
        }
    }

    async fn administer(&self, commands: &[&str]) -> Result<(), DbError> {
        let (client, driver) = connect(&self.maintenance().parse()?).await?;
        for command in commands {
            client.batch_execute(command).await?;
        }
        drop(client);
        // What its driver has to say was said by the commands.
        let _ = driver.await;
        Ok(())
    }
}

/// A database that is dropped with this.
pub(crate) struct Scratch {
    cluster: &'static Cluster,
    pub(super) name: String,
}

impl Drop for Scratch {
    /// On a thread of its own, since this one may be busy with a runtime. What does not work is left to
    /// whoever clears up after the cluster.
    fn drop(&mut self) {
        let (cluster, name) = (self.cluster, std::mem::take(&mut self.name));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(cluster.drop_database(&name)))
        });
        let _ = dropping.join();
    }
}

#[expect(clippy::disallowed_methods, reason = "tests look for what is installed")]
fn binaries() -> Option<PathBuf> {
    let has_initdb = |folder: &PathBuf| folder.join("initdb").is_file();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    installed.sort();
    installed.into_iter().rev().chain(std::env::split_paths(&path)).find(has_initdb)
}

/// initdb and pg_ctl refuse root: somebody else must run them then.
fn unprivileged_user() -> Option<String> {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if id(&["-u"]).as_deref() != Some("0") {
        return None;
    }
    ["postgres", "nobody"].into_iter().find(|user| id(&["-u", user]).is_some()).map(str::to_owned)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// A shell that waits for this process to end, by whatever means, and then clears up.
fn watch(
    folder: &Path,
    data: &Path,
    binaries: &Path,
    user: Option<&str>,
) -> Result<std::process::Child, String> {
    let become_user = user.map_or_else(String::new, |user| format!("runuser -u {user} -- "));
    let script = format!(
        "cat >/dev/null; {become_user}'{}' -s -m immediate -D '{}' stop; rm -rf '{}'",
        binaries.join("pg_ctl").display(),
        data.display(),
        folder.display()
    );
    Command::new("setsid")
        .args(["sh", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())
}
