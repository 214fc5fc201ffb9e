//! `seatline serve`: the marketplace over HTTP until it is told to stop.

use std::convert::Infallible;
use std::io::{ErrorKind, Write as _, stderr, stdout};
use std::net::SocketAddr;
use std::time::Duration;

use app::{App, bootstrap};
use axum::{Router, middleware};
use db::Db;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::admin::nowhere;
use crate::config::{Config, LogFormat, Overrides, StoreArguments};
use crate::failure::{Failure, chain};
use crate::requests::{self, Requests};
use crate::{logging, machine};

/// How often commits of other processes are looked for, should their hint be lost.
const RECONCILE_EVERY: Duration = Duration::from_millis(500);
/// Microseconds by which a commit may be older than what was seen before it: units take time, clocks differ.
const LATE_COMMIT: i64 = 60_000_000;
/// How long open requests may take to end once the program is told to stop.
const DRAIN: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(crate) struct ServeArguments {
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
    /// How the marketplace is reached from outside [default: http:// and the address listened on]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// How log lines are written to standard error [default: text]
    #[arg(long, value_enum)]
    log: Option<LogFormat>,
}

impl ServeArguments {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let overrides = Overrides { listen: self.listen, base_url: self.base_url, log: self.log };
        let config = Config::load(&self.store, overrides, machine::environment)?;
        logging::start(&config)?;
        runtime()?.block_on(async {
            let listener = listen(&config.listen).await?;
            let address = listener.local_addr().map_err(Failure::other)?;
            let app = open(&config, address).await?;
            if !bootstrap::has_operator(&app).await? {
                tell_how_to_begin(&app);
            }
            serve(app, listener, &config).await
        })
    }
}

/// Many threads for a server; nothing else runs in this process.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::other)
}

pub(crate) async fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let message = format!("cannot listen on {address}: {error}");
        match error.kind() {
            ErrorKind::InvalidInput => Failure::Usage(message),
            _ => Failure::Other(message),
        }
    })
}

/// Opens the database and the product over it.
pub(crate) async fn open(config: &Config, address: SocketAddr) -> Result<App, Failure> {
    let db = Db::open(config.database()?).await?;
    Ok(App::open(db, machine::clock(), machine::random(), config.settings(address)?).await?)
}

/// The same where there is one: what only looks at a marketplace, or changes it, makes none.
pub(crate) async fn open_existing(config: &Config) -> Result<App, Failure> {
    if !db::is_there(&config.existing_database()?).await? {
        return Err(Failure::Usage("there is no marketplace in this database".to_owned()));
    }
    open(config, nowhere()).await
}

/// Serves until SIGTERM or SIGINT, then ends what has begun.
pub(crate) async fn serve(app: App, listener: TcpListener, config: &Config) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(Failure::other)?;
    let requests = Requests {
        random: app.random.clone(),
        turns: app.requests.clone(),
        limit: Duration::from_secs(config.request_timeout_seconds),
        proxies: config.reverse_proxies,
    };
    let observed = |router: Router| router.layer(middleware::from_fn_with_state(requests, requests::observe));
    let site = app::site(app.clone(), observed);
    let stopped = app.stop.subscribe();
    let stopping = app.clone();
    let told = async move {
        told_to_stop().await;
        stopping.stop.send_replace(true);
        tracing::info!("stopping");
    };
    announce(address)?;
    let (serving, working) = (app::serve(listener, site, told), app::work(app.clone()));
    tokio::select! {
        ((), ()) = async { tokio::join!(serving, working) } => Ok(()),
        never = reconcile(&app) => match never {},
        () = overdue(stopped) => {
            tracing::warn!("requests or jobs were still open when the time to end them was over");
            Ok(())
        }
    }
}

fn announce(address: SocketAddr) -> Result<(), Failure> {
    let mut out = stdout().lock();
    writeln!(out, "listening on http://{address}").and_then(|()| out.flush()).map_err(Failure::other)
}

fn tell_how_to_begin(app: &App) {
    let who = "--email you@example.com --name \"Your Name\"";
    let (server, token) = (&app.settings.base_url, bootstrap::setup_token(app));
    let text = format!(
        "There is no operator yet. Make one from anywhere, once, with this token:\n  \
         seatline setup --server {server} --token {token} {who}\n\
         or on this machine, with the same --data or --database:\n  seatline admin create-operator {who}\n"
    );
    // Where standard error is closed nobody reads it.
    let _ = stderr().write_all(text.as_bytes());
}

/// Keeps this process abreast of what others commit to the same database.
async fn reconcile(app: &App) -> Infallible {
    let mut ticks = tokio::time::interval(RECONCILE_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut since = 0;
    loop {
        ticks.tick().await;
        match app.db.reconcile_heads(since).await {
            Ok(latest) => since = latest.saturating_sub(LATE_COMMIT),
            Err(error) => tracing::warn!(error.cause = %chain(&error), "heads were not reconciled"),
        }
    }
}

pub(crate) async fn told_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

async fn overdue(mut stopped: watch::Receiver<bool>) {
    if stopped.wait_for(|stopped| *stopped).await.is_ok() {
        tokio::time::sleep(DRAIN).await;
    } else {
        std::future::pending::<()>().await;
    }
}
