//! Reconcilers: no input, run again and again, twice is the same as once.

use std::time::{Duration, Instant};

use db::BoxFuture;
use types::Timestamp;

use super::store::{self, LastRun};
use crate::App;
use crate::events::{Reader, catch_up};
use crate::kit::Refused;

/// Seconds after which a run is written down though it ended like the one before.
const NOTE_SECONDS: i64 = 30;

/// Something that is brought about again and again, on every node.
#[derive(Clone, Copy)]
pub(crate) struct Reconciler {
    /// `<feature>.<what it brings about>`
    pub name: &'static str,
    pub what: &'static str,
    pub every_seconds: u64,
    pub does: Does,
}

#[derive(Clone, Copy)]
pub(crate) enum Does {
    /// By timer.
    Step(fn(App) -> BoxFuture<'static, Result<(), Refused>>),
    /// Follows the logs: as soon as they grow, and by timer.
    Read(&'static Reader),
}

/// What this node wrote down of a reconciler last.
#[derive(Debug, Default)]
pub(super) struct Noted(Option<(Timestamp, Option<String>)>);

impl Reconciler {
    /// Runs it once; how it ended is written down if that is news, or was not for a while.
    pub(super) async fn run_once(&'static self, app: &App, noted: &mut Noted) -> Result<(), Refused> {
        let (at, started) = (app.clock.now(), Instant::now());
        let ended = match self.does {
            Does::Step(step) => step(app.clone()).await,
            Does::Read(reader) => catch_up(app, reader).await,
        };
        let error = ended.as_ref().err().map(Refused::cause);
        if let Some(error) = &error {
            tracing::warn!(reconciler = self.name, error.cause = error, "a reconciler failed");
        }
        let known = noted.0.as_ref();
        let news = known.is_none_or(|(when, said)| *said != error || when.plus_seconds(NOTE_SECONDS) <= at);
        if news {
            self.note(app, at, started.elapsed(), error.clone()).await?;
            noted.0 = Some((at, error));
        }
        ended
    }

    async fn note(
        &self,
        app: &App,
        at: Timestamp,
        took: Duration,
        error: Option<String>,
    ) -> Result<(), Refused> {
        let run = LastRun {
            name: self.name.to_owned(),
            ran_at: at,
            duration: i64::try_from(took.as_micros()).unwrap_or(i64::MAX),
            failed: error.is_some(),
            error,
            node: app.node.clone(),
        };
        let noted =
            app.db.write(move |tx| Box::pin(async move { store::upsert_reconciler(tx, &run).await })).await;
        Ok(noted.map(|_| ())?)
    }
}
