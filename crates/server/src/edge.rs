//! `seatline edge`: checks near the apps, from memory, fed by a marketplace over HTTP.

use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{Edge, PublicKeys};
use sdk::{Account, Follower};
use types::WebUrl;

use crate::config::{Config, LogFormat, Overrides, StoreArguments};
use crate::failure::Failure;
use crate::serve::{listen, runtime, told_to_stop};
use crate::{logging, machine};

/// How often it is looked whether something is wrong, to log it.
const LOOK_FOR_FAULTS: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(crate) struct EdgeArguments {
    /// The marketplace whose checks are answered here
    #[arg(long, value_name = "URL", env = "SEATLINE_UPSTREAM", value_parser = web_url)]
    upstream: String,
    /// API client that follows; its scope (check.any, check.customers or rights.follow) says whose rights are
    /// known here
    #[arg(long, value_name = "ID", env = "SEATLINE_CLIENT_ID")]
    client_id: String,
    /// File with the client's secret; without it SEATLINE_CLIENT_SECRET holds it
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// Address and port; port 0 picks a free one
    #[arg(long, value_name = "ADDR", env = "SEATLINE_LISTEN", default_value = "127.0.0.1:8081")]
    listen: String,
    /// Requests answered at once; more are told to come again
    #[arg(long, value_name = "COUNT", default_value_t = 1024)]
    at_once: usize,
    /// Questions that one user or client may ask a second; more are told to come again. 0: as many as it likes
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    checks_per_second: u32,
    /// MiB that the rights known here may take; where there are more, it says so and its answers grow old
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    memory: usize,
    /// How log lines are written to standard error [default: text]
    #[arg(long, value_enum)]
    log: Option<LogFormat>,
}

impl EdgeArguments {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let overrides = Overrides { log: self.log, ..Overrides::default() };
        logging::start(&Config::load(&StoreArguments::default(), overrides, machine::environment)?)?;
        let (client_secret, bounds) = (self.client_secret()?, (self.at_once, self.checks_per_second));
        let account = Account { url: self.upstream, client_id: self.client_id, client_secret };
        runtime()?.block_on(async {
            let listener = listen(&self.listen).await?;
            let follower = Arc::new(Follower::start_within(account, self.memory.saturating_mul(1024 * 1024)));
            let clock = Arc::clone(&follower);
            let edge = Edge::new(Arc::clone(follower.replica()), Box::new(move || clock.now()), bounds);
            let trusting = edge.clone();
            follower.listen_for_keys(Box::new(move |keys| trusting.trust(PublicKeys::read(keys))));
            let address = listener.local_addr().map_err(Failure::other)?;
            let mut out = stdout().lock();
            writeln!(out, "listening on http://{address}")
                .and_then(|()| out.flush())
                .map_err(Failure::other)?;
            drop(out);
            tokio::select! {
                () = app::serve(listener, app::edge_site(edge.clone(), machine::clock()), told_to_stop()) => Ok(()),
                never = tell_faults(&follower) => match never {},
            }
        })
    }

    fn client_secret(&self) -> Result<String, Failure> {
        let Some(path) = &self.client_secret_file else {
            let missing = "SEATLINE_CLIENT_SECRET or --client-secret-file must give the client's secret";
            return machine::environment("SEATLINE_CLIENT_SECRET")
                .ok_or_else(|| Failure::Usage(missing.to_owned()));
        };
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        Ok(text.trim().to_owned())
    }
}

fn web_url(text: &str) -> Result<String, String> {
    WebUrl::parse(text).map(String::from).map_err(|violation| violation.message)
}

/// Logs when something begins to fail, and when it is well again.
async fn tell_faults(follower: &Follower) -> std::convert::Infallible {
    let (mut fault, mut telling) = (None, None);
    loop {
        tell(
            &mut fault,
            follower.last_fault(),
            "the marketplace cannot be followed",
            "the marketplace is followed",
        );
        tell(
            &mut telling,
            follower.telling_fault(),
            "uses of seats wait to be told",
            "uses of seats are told",
        );
        tokio::time::sleep(LOOK_FOR_FAULTS).await;
    }
}

fn tell(known: &mut Option<String>, found: Option<String>, ill: &'static str, well: &'static str) {
    if found == *known {
        return;
    }
    if let Some(why) = &found {
        tracing::warn!(error.cause = %why, "{ill}");
    } else {
        tracing::info!("{well}");
    }
    *known = found;
}
