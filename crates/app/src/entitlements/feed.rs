//! What keeps the index abreast of the logs.
//!
//! What this process commits is taken over before whoever committed it is answered, by the thread that did; no
//! database is asked. What other processes commit is read when a hint of it comes. Where the one or the other
//! left a gap, the index knows what it is owed, and the next check reads first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use db::{Db, Entry, LogId, Mark};
use entitlement::Index;
use tokio::sync::{Notify, watch};
use types::TenantId;

use super::{Entitlements, snapshot, steps};
use crate::access::MARKETPLACE;
use crate::events::{self, log_id};
use crate::kit::Refused;
use crate::{App, identity, kit};

/// Entries taken one by one; a log that is further behind is loaded anew.
const STEPS: i64 = 1000;
/// Logs that are read together, and entries of each; one that is further behind is read alone.
const TOGETHER: (usize, i64) = (50, 20);
/// How often the log is read for others have taken steps meanwhile, before it is loaded anew.
const ATTEMPTS: usize = 5;

/// Tenants of which something is to be read.
#[derive(Debug, Default)]
pub(super) struct Behind {
    tenants: Mutex<BTreeSet<TenantId>>,
    wake: Notify,
}

impl Behind {
    fn add(&self, tenant: TenantId) {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        self.wake.notify_one();
    }

    fn take(&self) -> BTreeSet<TenantId> {
        std::mem::take(&mut self.tenants.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Has the index learn of every commit.
pub(super) fn listen(db: &Db, index: &Arc<Index>, behind: &Arc<Behind>) {
    let (index, behind) = (Arc::clone(index), Arc::clone(behind));
    db.heads().listen(Box::new(move |mark, entries| {
        let tenant = TenantId::from_bytes(mark.log.0);
        let taken = if tenant == MARKETPLACE {
            take_catalog(&index, mark, entries)
        } else {
            take_tenant(&index, &tenant, mark, entries)
        };
        if !taken {
            behind.add(tenant);
        }
    }));
}

/// False: the log is to be read.
fn take_tenant(index: &Index, tenant: &TenantId, mark: Mark, entries: &[(LogId, Entry)]) -> bool {
    let Some(version) = index.version(tenant) else { return true };
    if version >= mark.position {
        return true;
    }
    let from = mark.position - i64::try_from(entries.len()).unwrap_or_default();
    let taken = version == from
        && steps::appended(tenant, mark.position, entries)
            .is_ok_and(|changes| index.apply(tenant, from, mark.position, &changes));
    if !taken && !entries.is_empty() {
        // It was committed here: nobody is answered without it.
        index.owe(tenant, mark.position);
    }
    taken
}

fn take_catalog(index: &Index, mark: Mark, entries: &[(LogId, Entry)]) -> bool {
    if index.catalog_version() >= mark.position {
        return true;
    }
    let from = mark.position - i64::try_from(entries.len()).unwrap_or_default();
    let other = !entries.is_empty() && !entries.iter().any(|(_, entry)| steps::is_of_catalog(entry.kind));
    let taken = other && index.keep_catalog(from, mark.position);
    if !taken && !entries.is_empty() {
        index.owe_catalog(mark.position);
    }
    taken
}

/// Loads every tenant, so that nobody waits for that who asks later, and then reads what others have committed as
/// soon as it is known, until told to stop.
pub(crate) async fn follow(app: &App, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        loaded = app.entitlements.load_all(&app.db) => if let Err(refused) = loaded {
            // Who asks about one that is missing loads it.
            tracing::warn!(error.cause = refused.cause(), "not every tenant is loaded");
        },
        told = stopped.wait_for(|stopped| *stopped) => return drop(told),
    }
    let behind = Arc::clone(&app.entitlements.behind);
    loop {
        tokio::select! {
            () = behind.wake.notified() => {}
            told = stopped.wait_for(|stopped| *stopped) => return drop(told),
        }
        catch_up(app).await;
    }
}

impl Entitlements {
    /// Loads every tenant.
    pub(crate) async fn load_all(&self, db: &Db) -> Result<(), Refused> {
        self.feed_catalog(db, 0).await?;
        let everybody =
            db.read(|tx| Box::pin(async move { identity::operations::find::everybody(tx).await }));
        let (tenants, users) = everybody.await?;
        self.index.make_room(tenants.len(), users);
        let next = Mutex::new(tenants.into_iter());
        let following = || next.lock().unwrap_or_else(PoisonError::into_inner).next();
        // The database has several readers.
        let load = || async {
            while let Some(next) = following() {
                tenant(&self.index, db, &next).await?;
            }
            Ok::<_, Refused>(())
        };
        tokio::try_join!(load(), load(), load(), load())?;
        Ok(())
    }
}

/// Reads what is known to have been committed elsewhere.
pub(crate) async fn catch_up(app: &App) {
    let mut behind = app.entitlements.behind.take();
    if behind.remove(&MARKETPLACE) {
        warn(app.entitlements.feed_catalog(&app.db, i64::MAX).await);
    }
    let index = &app.entitlements.index;
    let logs: Vec<_> =
        behind.into_iter().map(|tenant| (tenant, index.version(&tenant).unwrap_or(-1))).collect();
    for logs in logs.chunks(TOGETHER.0) {
        warn(tenants(index, &app.db, logs).await);
    }
}

fn warn(caught_up: Result<(), Refused>) {
    if let Err(refused) = caught_up {
        // It is hinted at again; and who asks for what is owed reads it then.
        tracing::warn!(error.cause = refused.cause(), "the index could not follow a log");
    }
}

/// Brings tenants to the heads of their logs, which are read together.
async fn tenants(index: &Index, db: &Db, logs: &[(TenantId, i64)]) -> Result<(), Refused> {
    let asked = logs.to_vec();
    let read =
        db.read(move |tx| Box::pin(async move { events::read_each(tx, &asked, TOGETHER.1).await })).await?;
    for ((of, version), (_, entries)) in logs.iter().zip(read) {
        let all = i64::try_from(entries.len()).is_ok_and(|count| count < TOGETHER.1);
        let head = entries.last().map_or(*version, |entry| entry.position);
        let taken = |changes: Vec<_>| index.apply(of, *version, head, &changes);
        if !all || !steps::of(of, &entries).is_ok_and(taken) {
            // Alone, so that what cannot be read of it keeps nobody else behind.
            warn(tenant(index, db, of).await);
        }
    }
    Ok(())
}

/// Brings a tenant to the head of its log. One that does not exist is not loaded: whoever asks about any number of
/// these makes nothing grow.
pub(super) async fn tenant(index: &Index, db: &Db, tenant: &TenantId) -> Result<(), Refused> {
    for _ in 0..ATTEMPTS {
        let Some(version) = index.version(tenant) else { break };
        let of = *tenant;
        let entries =
            db.read(move |tx| Box::pin(async move { events::read(tx, &of, version, STEPS).await })).await?;
        if i64::try_from(entries.len()).is_ok_and(|count| count >= STEPS) {
            break;
        }
        let head = entries.last().map_or(version, |entry| entry.position);
        if index.apply(tenant, version, head, &steps::of(tenant, &entries)?) {
            return Ok(());
        }
        // Somebody has taken some of them meanwhile; what is left is read again.
    }
    let (head, changes) = snapshot::tenant(db, *tenant).await?;
    if head > 0 {
        index.load(*tenant, head, &changes);
    }
    Ok(())
}

/// Brings the catalogue to the head of the marketplace's log.
pub(super) async fn catalog(index: &Index, db: &Db) -> Result<(), Refused> {
    let version = index.catalog_version();
    if version >= 0 {
        let entries = db
            .read(move |tx| Box::pin(async move { events::read(tx, &MARKETPLACE, version, STEPS).await }))
            .await?;
        let other = !entries.iter().any(|entry| steps::is_of_catalog(&entry.kind));
        let complete = i64::try_from(entries.len()).is_ok_and(|count| count < STEPS);
        let head = entries.last().map_or(version, |entry| entry.position);
        if other && complete && index.keep_catalog(version, head) {
            return Ok(());
        }
    }
    index.replace_catalog(snapshot::catalog(db).await?.1.build());
    Ok(())
}

/// The heads of a tenant's log and the marketplace's, as the database has them now.
pub(super) async fn heads(db: &Db, tenant: TenantId) -> Result<(i64, i64), Refused> {
    db.read(move |tx| {
        Box::pin(async move {
            let own = tx.log_head(log_id(&tenant)).await?;
            Ok::<_, kit::Refused>((own, tx.log_head(log_id(&MARKETPLACE)).await?))
        })
    })
    .await
}
