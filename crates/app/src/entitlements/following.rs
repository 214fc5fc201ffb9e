//! The rights of tenants, told to whoever follows them from elsewhere: an edge, or an app that keeps its own index.
//!
//! What a follower has not is read from the log when it took what came before, so a slow one holds no more than
//! one piece, or one tenant's snapshot, and nobody waits for it.

mod scope;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use db::Db;
use entitlement::feed::{Hello, Line, Position, Positions};
use tokio::sync::broadcast::{self, error::TryRecvError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use types::{TenantId, Timestamp};

use crate::App;
use crate::access::MARKETPLACE;
use crate::entitlements::TOO_MANY_FOLLOWERS;
use crate::kit::Refused;
pub(crate) use scope::Scope;
use told::Telling;

/// Followers of one node at most.
const FOLLOWERS: usize = 256;
/// Commits that a follower may be behind before it looks at everything it follows.
const COMMITS: usize = 4096;
/// Whoever follows must show the right to again after this time.
const TIME: Duration = Duration::from_mins(5);
/// How often a follower is told that it has everything.
const ALIVE: Duration = Duration::from_secs(2);
/// Of what is to be sent whole.
const WHOLE: Position = Position { at: -1, mark: None };
/// Bytes of one piece, before the last line.
const PIECE: usize = 64 * 1024;

/// Where followers learn which logs have moved.
#[derive(Debug)]
pub(super) struct Followers {
    moved: broadcast::Sender<TenantId>,
    room: std::sync::Arc<Semaphore>,
}

impl Followers {
    pub(super) fn of(db: &Db) -> Self {
        let moved = broadcast::Sender::new(COMMITS);
        let tell = moved.clone();
        db.heads().listen(Box::new(move |mark, _| {
            // Without followers nobody hears it.
            let _ = tell.send(TenantId::from_bytes(mark.log.0));
        }));
        Self { moved, room: std::sync::Arc::new(Semaphore::new(FOLLOWERS)) }
    }
}

/// One follower.
pub(crate) struct Following {
    app: App,
    scope: Scope,
    /// Of every tenant in scope. Where there is a mark, the log is to be recognised by it before anything is told from there.
    positions: BTreeMap<TenantId, Position>,
    catalog: Position,
    moved: broadcast::Receiver<TenantId>,
    /// Tenants of which something is to be looked for.
    due: BTreeSet<TenantId>,
    catalog_due: bool,
    scope_due: bool,
    /// A snapshot on its way.
    telling: Option<Telling>,
    /// What was committed before this time is among what is due.
    round: Timestamp,
    alive: Option<Instant>,
    until: Instant,
    _room: OwnedSemaphorePermit,
}

impl Following {
    pub(crate) fn new(app: App, scope: Scope, positions: Positions) -> Result<Self, Refused> {
        let followers = &app.entitlements.followers;
        let moved = followers.moved.subscribe();
        let room = std::sync::Arc::clone(&followers.room).try_acquire_owned().map_err(|_| {
            TOO_MANY_FOLLOWERS.because("Ask another node, or again a little later.").retry_after(5)
        })?;
        let Positions { tenants, catalog } = positions;
        let worth = |position: Position| if position.mark.is_some() { position } else { WHOLE };
        let (round, until) = (app.clock.now(), Instant::now() + TIME);
        Ok(Self {
            app,
            scope,
            due: tenants.keys().copied().collect(),
            positions: tenants.into_iter().map(|(tenant, position)| (tenant, worth(position))).collect(),
            catalog: catalog.map_or(WHOLE, worth),
            moved,
            catalog_due: true,
            scope_due: true,
            telling: None,
            round,
            alive: None,
            until,
            _room: room,
        })
    }

    pub(crate) fn hello(&self) -> Result<Vec<u8>, Refused> {
        let answers = self.app.in_force.answers();
        let mut piece = Vec::new();
        let hello = Hello {
            at: self.round,
            issuer: self.app.settings.base_url.clone(),
            publisher: self.scope.publisher().cloned(),
            tenant: self.scope.tenant(),
            fresh_seconds: answers.fresh,
            grace_seconds: answers.grace,
        };
        put(&mut piece, &Line::Hello(hello))?;
        Ok(piece)
    }

    /// The next lines, as soon as there are some; none when it is over.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Refused> {
        let mut piece = Vec::new();
        loop {
            while piece.len() < PIECE && self.is_due() {
                self.tell(&mut piece).await?;
            }
            if !self.is_due() && self.alive.is_none_or(|alive| alive.elapsed() >= ALIVE) {
                // A database that does not answer may have been told things that are not known here.
                self.app.db.read(|tx| Box::pin(async move { tx.log_head(log(MARKETPLACE)).await })).await?;
                put(&mut piece, &Line::Alive { at: self.round })?;
                self.alive = Some(Instant::now());
            }
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
            if !self.wait().await {
                return Ok(None);
            }
        }
    }

    fn is_due(&self) -> bool {
        self.telling.is_some() || self.scope_due || self.catalog_due || !self.due.is_empty()
    }

    /// Waits for something to be due, or to be said; false when it is over.
    async fn wait(&mut self) -> bool {
        let mut stopped = self.app.stop.subscribe();
        let alive = self.alive.map_or_else(Instant::now, |alive| alive + ALIVE);
        tokio::select! {
            moved = self.moved.recv() => match moved {
                Ok(tenant) => self.note(tenant),
                Err(_) => self.note_everything(),
            },
            () = tokio::time::sleep_until(alive.min(self.until)) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return false,
        }
        self.round = self.app.clock.now();
        loop {
            match self.moved.try_recv() {
                Ok(tenant) => self.note(tenant),
                Err(TryRecvError::Lagged(_)) => self.note_everything(),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Instant::now() < self.until
    }

    fn note(&mut self, tenant: TenantId) {
        self.catalog_due |= tenant == MARKETPLACE;
        self.scope_due |= self.scope.depends_on(&tenant);
        if self.positions.contains_key(&tenant) {
            self.due.insert(tenant);
        }
    }

    fn note_everything(&mut self) {
        (self.catalog_due, self.scope_due) = (true, true);
        self.due.extend(self.positions.keys());
    }
}

fn put(piece: &mut Vec<u8>, line: &Line) -> Result<(), Refused> {
    serde_json::to_writer(&mut *piece, line).map_err(Refused::internal)?;
    piece.push(b'\n');
    Ok(())
}

fn log(tenant: TenantId) -> db::LogId {
    crate::events::log_id(&tenant)
}
