//! What a follower is told next.

use entitlement::Change;
use entitlement::feed::Line;
use types::TenantId;

use super::{Following, PIECE, put};
use crate::access::MARKETPLACE;
use crate::entitlements::{snapshot, steps};
use crate::events::{self, Recorded};
use crate::kit::Refused;

/// Entries read at once.
const STEPS: i64 = 200;
/// Entries by which a tenant may be behind before it is sent whole.
const FAR: i64 = 20_000;
/// Users in one line of steps, before the last entry.
const USERS: usize = 5000;

/// A tenant's snapshot on its way.
pub(super) struct Telling {
    tenant: TenantId,
    version: i64,
    parts: std::vec::IntoIter<Change>,
}

impl Following {
    /// Puts down some of what is due.
    pub(super) async fn tell(&mut self, piece: &mut Vec<u8>) -> Result<(), Refused> {
        if let Some(telling) = &mut self.telling {
            while piece.len() < PIECE {
                let Some(change) = telling.parts.next() else {
                    let (tenant, version) = (telling.tenant, telling.version);
                    put(piece, &Line::End { tenant, version })?;
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
        } else if let Some(tenant) = self.due.pop_first() {
            match self.positions.get(&tenant).copied() {
                Some(from) if from >= 0 => self.tell_steps(tenant, from, piece).await?,
                Some(_) => self.begin_snapshot(tenant, piece).await?,
                None => {}
            }
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
                -1
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
        let from = self.catalog;
        if from >= 0 {
            let (head, entries) = self.read(MARKETPLACE, from).await?;
            let last = entries.last().map_or(from, |entry| entry.position);
            if last == head && !entries.iter().any(|entry| steps::is_of_catalog(&entry.kind)) {
                self.catalog = head;
                return if head > from { put(piece, &Line::CatalogKept { from, to: head }) } else { Ok(()) };
            }
        }
        let (version, catalog) = snapshot::catalog(&self.app.db).await?;
        self.catalog = version;
        put(piece, &Line::Catalog(self.scope.catalog(catalog)))
    }

    async fn tell_steps(&mut self, tenant: TenantId, from: i64, piece: &mut Vec<u8>) -> Result<(), Refused> {
        let (head, entries) = self.read(tenant, from).await?;
        // A position that the log never had is of another marketplace, or of one before a backup was restored.
        if head < from || head - from > FAR {
            return self.begin_snapshot(tenant, piece).await;
        }
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
                put(piece, &Line::Steps { tenant, from, to, changes })?;
                self.positions.insert(tenant, to);
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
        self.positions.insert(tenant, version);
        self.telling = Some(Telling { tenant, version, parts: changes.into_iter() });
        put(piece, &Line::Begin { tenant, version })
    }

    async fn read(&self, tenant: TenantId, after: i64) -> Result<(i64, Vec<Recorded>), Refused> {
        let read = self.app.db.read(move |tx| {
            Box::pin(async move {
                let head = events::head(tx, &tenant).await?;
                Ok::<_, Refused>((head, events::read(tx, &tenant, after, STEPS).await?))
            })
        });
        read.await
    }
}

fn count(change: &Change) -> usize {
    match change {
        Change::Users { users, .. } | Change::Seats { users, .. } => users.len(),
        Change::License { .. } | Change::Publisher { .. } => 1,
    }
}
