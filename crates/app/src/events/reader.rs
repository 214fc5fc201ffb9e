//! Readers of the logs: each has its own place in every tenant's log, and follows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use db::{BoxFuture, DbError, Tx};
use types::{TenantId, Timestamp};

use super::store::{self, Behind};
use super::{Recorded, read};
use crate::App;
use crate::kit::Refused;

/// Entries handled in one unit of work.
const BATCH: i64 = 200;
/// Seconds until a log whose handler failed is tried again.
const RETRY_SECONDS: i64 = 15;
/// Microseconds that a change may be seen later than it says.
const LATE: i64 = 2 * 60 * 1_000_000;

/// Somebody who follows every tenant's log: at least once and in order, whatever breaks in between.
///
/// `handle` gets the next entries of one log, those of `kinds` only, in the unit of work that also moves
/// the cursor: what it writes is written exactly once. Entries that its error keeps from being handled
/// are not skipped; that log waits and the others go on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub name: &'static str,
    /// The kinds of events it is for; empty means all.
    pub kinds: &'static [&'static str],
    pub handle: Handle,
}

pub(crate) type Handle =
    for<'t> fn(&'t mut Tx, &'t App, &'t TenantId, &'t [Recorded]) -> BoxFuture<'t, Result<(), Refused>>;

/// From when on each reader of this process still has to look for changes; a restart looks from the beginning.
#[derive(Debug, Default)]
pub struct Places(Mutex<HashMap<&'static str, i64>>);

impl Places {
    fn since(&self, reader: &'static str) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(reader).copied().unwrap_or_default()
    }

    /// Looks from the beginning again.
    pub(crate) fn start_over(&self, reader: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(reader);
    }

    fn caught_up(&self, reader: &'static str, until: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(reader, until.saturating_sub(LATE));
    }
}

/// How far a reader has read a log.
pub(crate) async fn place(tx: &mut Tx, reader: &Reader, tenant: &TenantId) -> Result<i64, DbError> {
    store::find_place(tx, reader.name, tenant).await
}

/// When the first entry was written that a reader has not read of these logs; `None`: it has read them all.
pub(crate) async fn first_unread(
    tx: &mut Tx,
    reader: &Reader,
    tenants: &[TenantId],
) -> Result<Option<Timestamp>, DbError> {
    let mut first: Option<Timestamp> = None;
    for store::Unread { tenant_id, position } in store::unread_among(tx, reader.name, tenants).await? {
        let at = read(tx, &tenant_id, position, 1).await?.first().map(|entry| entry.at);
        first = [first, at].into_iter().flatten().min();
    }
    Ok(first)
}

/// Has a reader begin again at the beginning of every log; in this process together with [`Places::start_over`].
pub(crate) async fn forget_places(tx: &mut Tx, reader: &Reader) -> Result<(), DbError> {
    store::forget_places(tx, reader.name).await
}

/// Reads every log to its end; an error names the first log that could not be read further.
pub(crate) async fn catch_up(app: &App, reader: &'static Reader) -> Result<(), Refused> {
    loop {
        let since = app.places.since(reader.name);
        let (last, behind) = app
            .db
            .read(move |tx| {
                Box::pin(async move {
                    // In this order: what changes in between is behind, or later than `last`.
                    let last = store::last_change(tx).await?;
                    Ok::<_, Refused>((last, store::list_behind(tx, reader.name, since).await?))
                })
            })
            .await?;
        if behind.is_empty() {
            app.places.caught_up(reader.name, last);
            return Ok(());
        }
        let now = app.clock.now();
        let (ready, waiting): (Vec<_>, Vec<_>) = behind.into_iter().partition(|log| log.retry_at <= now);
        if ready.is_empty() {
            return waiting.first().map_or(Ok(()), |log| Err(stuck(log)));
        }
        let mut lost = None;
        for log in ready {
            match advance(app, reader, &log).await {
                // Nothing is wrong with this log: it is read on as soon as the database is there again.
                Err(refused) if refused.is_lost() => lost = Some(refused),
                Err(refused) => fail(app, reader, log, refused.cause()).await?,
                Ok(()) => {}
            }
        }
        if let Some(refused) = lost {
            return Err(refused);
        }
    }
}

fn stuck(log: &Behind) -> Refused {
    let error = log.error.as_deref().unwrap_or_default();
    Refused::internal(format!("the log of {} is not read beyond {}: {error}", log.tenant_id, log.position))
}

/// The next entries of one log.
async fn advance(app: &App, reader: &'static Reader, log: &Behind) -> Result<(), Refused> {
    let (tenant, from) = (log.tenant_id, log.position);
    let mut entries =
        app.db.read(move |tx| Box::pin(async move { read(tx, &tenant, from, BATCH).await })).await?;
    let last = entries.last().map(|entry| entry.position);
    let to = last.ok_or_else(|| Refused::internal(format!("entries after {from} are not there")))?;
    entries.retain(|entry| reader.kinds.is_empty() || reader.kinds.contains(&entry.kind.as_str()));
    let handler = app.clone();
    let unit = app.db.write(move |tx| {
        Box::pin(async move {
            if store::move_cursor(tx, reader.name, &tenant, from, to).await? && !entries.is_empty() {
                (reader.handle)(tx, &handler, &tenant, &entries).await?;
            }
            Ok::<_, Refused>(())
        })
    });
    unit.await.map(|_| ())
}

async fn fail(app: &App, reader: &'static Reader, log: Behind, error: String) -> Result<(), Refused> {
    tracing::warn!(reader = reader.name, tenant = %log.tenant_id, error.cause = error, "a log was not read further");
    let retry_at = app.clock.now().plus_seconds(RETRY_SECONDS);
    let noted = app.db.write(move |tx| {
        Box::pin(async move { store::note_failure(tx, reader.name, &log, &error, retry_at).await })
    });
    Ok(noted.await.map(|_| ())?)
}

/// Waits until a log has grown beyond a position, as far as this node knows: it learns of commits
/// of other nodes by hints, and by looking at all heads twice a second.
pub(crate) async fn grown(app: &App, tenant: &TenantId, after: i64) {
    let (heads, log) = (app.db.heads(), super::log_id(tenant));
    let mut changes = heads.changes();
    while heads.known(&log) <= after {
        if changes.changed().await.is_err() {
            return;
        }
    }
}
