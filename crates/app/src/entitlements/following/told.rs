//! What a follower is told next.

use entitlement::Change;
use entitlement::feed::{self, Line, Position};
use types::TenantId;

use super::{Following, PIECE, WHOLE, put};
use crate::access::MARKETPLACE;
use crate::entitlements::{snapshot, steps};
use crate::events::{self, Recorded};
use crate::kit::Refused;

/// Entries read at once, and logs of which they are.
const STEPS: i64 = 200;
const LOGS: usize = 20;
/// Entries by which a tenant may be behind before it is sent whole.
const FAR: i64 = 20_000;
/// Users in one line of steps, before the last entry.
const USERS: usize = 5000;

/// A tenant's snapshot on its way.
pub(super) struct Telling {
    tenant: TenantId,
    version: i64,
    mark: Option<u32>,
    parts: std::vec::IntoIter<Change>,
}

impl Following {
    /// Puts down some of what is due.
    pub(super) async fn tell(&mut self, piece: &mut Vec<u8>) -> Result<(), Refused> {
        if let Some(telling) = &mut self.telling {
            while piece.len() < PIECE {
                let Some(change) = telling.parts.next() else {
                    let Telling { tenant, version, mark, .. } = *telling;
                    put(piece, &Line::End { tenant, version, mark })?;
                    self.telling = None;
                    break;
                };
                for part in change.in_parts() {
                    put(piece, &Line::Part { tenant: telling.tenant, changes: vec![part] })?;
                }
            }
        } else if self.scope_due {
            self.scope_due = false;
            self.look_who_is_in_scope(piece).await?;
        } else if self.catalog_due {
            self.catalog_due = false;
            self.tell_catalog(piece).await?;
        } else {
            self.tell_tenants(piece).await?;
        }
        Ok(())
    }

    /// What some tenants have to tell, or the beginning of one that is told whole.
    async fn tell_tenants(&mut self, piece: &mut Vec<u8>) -> Result<(), Refused> {
        let mut logs = Vec::new();
        while logs.len() < LOGS
            && let Some(tenant) = self.due.pop_first()
        {
            match self.positions.get(&tenant).copied() {
                Some(position) if position != WHOLE => logs.push((tenant, after(position))),
                Some(_) if logs.is_empty() => return self.begin_snapshot(tenant, piece).await,
                Some(_) => {
                    self.due.insert(tenant);
                    break;
                }
                None => {}
            }
        }
        if logs.is_empty() {
            return Ok(());
        }
        let read = self.read(logs.clone()).await?;
        for ((tenant, _), read) in logs.into_iter().zip(read) {
            self.tell_steps(tenant, read, piece)?;
        }
        Ok(())
    }

    async fn look_who_is_in_scope(&mut self, piece: &mut Vec<u8>) -> Result<(), Refused> {
        let scope = self.scope.clone();
        let now = self.app.db.read(move |tx| Box::pin(async move { scope.tenants(tx).await })).await?;
        let gone: Vec<TenantId> =
            self.positions.keys().filter(|tenant| !now.contains(tenant)).copied().collect();
        for tenant in gone {
            self.forget(tenant, piece)?;
        }
        for tenant in now {
            self.positions.entry(tenant).or_insert_with(|| {
                self.due.insert(tenant);
                WHOLE
            });
        }
        Ok(())
    }

    fn forget(&mut self, tenant: TenantId, piece: &mut Vec<u8>) -> Result<(), Refused> {
        self.positions.remove(&tenant);
        self.due.remove(&tenant);
        put(piece, &Line::Forget { tenant })
    }

    async fn tell_catalog(&mut self, piece: &mut Vec<u8>) -> Result<(), Refused> {
        let from = self.catalog.at;
        if self.catalog != WHOLE {
            let read = self.read(vec![(MARKETPLACE, after(self.catalog))]).await?;
            let (head, mut entries) = read.into_iter().next().unwrap_or_default();
            let known = is_known(self.catalog, &mut entries);
            let last = entries.last().map_or(from, |entry| entry.position);
            if known && last == head && !entries.iter().any(|entry| steps::is_of_catalog(&entry.kind)) {
                self.catalog = proven(head);
                let Some(entry) = entries.last() else { return Ok(()) };
                let mark = Some(feed::mark(&entry.id));
                return put(piece, &Line::CatalogKept { from, to: head, mark });
            }
        }
        let (version, catalog) = snapshot::catalog(&self.app.db).await?;
        let mark = self.mark_at(MARKETPLACE, version).await?;
        self.catalog = proven(version);
        put(piece, &Line::Catalog { catalog: self.scope.catalog(catalog), mark })
    }

    fn tell_steps(
        &mut self,
        tenant: TenantId,
        (head, mut entries): (i64, Vec<Recorded>),
        piece: &mut Vec<u8>,
    ) -> Result<(), Refused> {
        let Some(position) = self.positions.get(&tenant).copied() else { return Ok(()) };
        let from = position.at;
        // A position that the log never had, or where it has another entry, is of another marketplace, or of one
        // before a backup was restored.
        if !is_known(position, &mut entries) || head < from || head - from > FAR {
            self.positions.insert(tenant, WHOLE);
            self.due.insert(tenant);
            return Ok(());
        }
        self.positions.insert(tenant, proven(from));
        let (mut from, mut changes, mut users) = (from, Vec::new(), 0);
        for (at, entry) in entries.iter().enumerate() {
            let own = steps::of(&tenant, std::slice::from_ref(entry))?;
            let Some(own) = self.scope.changes(own) else {
                self.scope_due = true;
                return self.forget(tenant, piece);
            };
            users += own.iter().map(count).sum::<usize>();
            changes.extend(own);
            if users >= USERS || at + 1 == entries.len() {
                let (to, changes) = (entry.position, std::mem::take(&mut changes));
                let mark = Some(feed::mark(&entry.id));
                put(piece, &Line::Steps { tenant, from, to, mark, changes })?;
                self.positions.insert(tenant, proven(to));
                (from, users) = (to, 0);
            }
        }
        if from < head {
            self.due.insert(tenant);
        }
        Ok(())
    }

    async fn begin_snapshot(&mut self, tenant: TenantId, piece: &mut Vec<u8>) -> Result<(), Refused> {
        let (version, changes) = snapshot::tenant(&self.app.db, tenant).await?;
        let Some(changes) = self.scope.snapshot(changes) else { return self.forget(tenant, piece) };
        self.positions.insert(tenant, proven(version));
        let mark = self.mark_at(tenant, version).await?;
        self.telling = Some(Telling { tenant, version, mark, parts: changes.into_iter() });
        put(piece, &Line::Begin { tenant, version })
    }

    /// By what the entry at a position is recognised; none at the beginning of a log.
    async fn mark_at(&self, tenant: TenantId, version: i64) -> Result<Option<u32>, Refused> {
        let read = self.app.db.read(move |tx| {
            Box::pin(async move { Ok::<_, Refused>(events::read(tx, &tenant, version - 1, 1).await?) })
        });
        Ok(read.await?.first().filter(|entry| entry.position == version).map(|entry| feed::mark(&entry.id)))
    }

    /// Heads of logs, and entries from positions on: fewer of each where there are more logs.
    async fn read(&self, logs: Vec<(TenantId, i64)>) -> Result<Vec<(i64, Vec<Recorded>)>, Refused> {
        let each = STEPS / i64::try_from(logs.len()).unwrap_or(STEPS).max(1);
        self.app
            .db
            .read(move |tx| Box::pin(async move { Ok(events::read_each(tx, &logs, each).await?) }))
            .await
    }
}

/// Where the follower stands, with nothing left to be recognised.
fn proven(at: i64) -> Position {
    Position { at, mark: None }
}

/// From where the log is read: with the entry that was told last, where it is to be recognised.
fn after(position: Position) -> i64 {
    position.at - i64::from(position.mark.is_some())
}

/// Whether the log is the one that the position is of. The entry that says so was told before, and is taken away.
fn is_known(position: Position, entries: &mut Vec<Recorded>) -> bool {
    let Some(mark) = position.mark else { return true };
    let first = (!entries.is_empty()).then(|| entries.remove(0));
    first.is_some_and(|entry| entry.position == position.at && feed::mark(&entry.id) == mark)
}

fn count(change: &Change) -> usize {
    match change {
        Change::Users { users, .. } | Change::Seats { users, .. } => users.len(),
        Change::License { .. } | Change::Publisher { .. } => 1,
    }
}
