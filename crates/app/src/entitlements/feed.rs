//! The log, as steps for the index.

use db::Db;
use entitlement::{Change, Index, State, UserStatus};
use types::TenantId;

use super::snapshot;
use crate::assignments::events::{SeatsFreed, SeatsTaken};
use crate::events::{self, Recorded};
use crate::identity::events::{UserActivated, UserCreated, UserDeactivated, UserDeleted};
use crate::kit::Refused;
use crate::licenses::events::LicenseChanged;

/// Entries taken one by one; a tenant that is further behind is loaded anew.
const STEPS: i64 = 1000;

/// Brings a tenant's holdings to the head of its log.
pub(super) async fn feed(
    index: &Index,
    db: &Db,
    tenant: &TenantId,
    version: Option<i64>,
) -> Result<(), Refused> {
    if let Some(version) = version {
        let of = *tenant;
        let entries = db
            .read(move |tx| Box::pin(async move { events::read(tx, &of, version, STEPS).await }))
            .await
            .map_err(Refused::from)?;
        let complete = i64::try_from(entries.len()).is_ok_and(|count| count < STEPS);
        let changes = steps(tenant, &entries).map_err(Refused::internal)?;
        let head = entries.last().map_or(version, |entry| entry.position);
        if complete && index.apply(tenant, version, head, changes) {
            return Ok(());
        }
    }
    index.load(*tenant, snapshot::holdings(db, *tenant).await?);
    Ok(())
}

fn steps(tenant: &TenantId, entries: &[Recorded]) -> Result<Vec<Change>, serde_json::Error> {
    let mut changes = Vec::new();
    for entry in entries {
        step(tenant, entry, &mut changes)?;
    }
    Ok(changes)
}

fn step(tenant: &TenantId, entry: &Recorded, changes: &mut Vec<Change>) -> Result<(), serde_json::Error> {
    let status = |user, status| Change::UserStatus { user, status };
    if let Some(SeatsTaken { service_id, users, .. }) = entry.decode()? {
        changes.extend(users.into_iter().map(|user| Change::SeatTaken { user, service: service_id.clone() }));
    } else if let Some(SeatsFreed { service_id, users, .. }) = entry.decode()? {
        changes.extend(users.into_iter().map(|user| Change::SeatFreed { user, service: service_id.clone() }));
    } else if let Some(LicenseChanged { customer, service_id, pool_granted, .. }) = entry.decode()? {
        // A publisher's log has the licenses it granted to others.
        if customer == *tenant {
            let state = (pool_granted > 0).then_some(State::Active);
            changes.push(Change::License { service: service_id, state });
        }
    } else if let Some(UserCreated { user }) = entry.decode()? {
        changes.push(status(user, UserStatus::Active));
    } else if let Some(UserActivated { user }) = entry.decode()? {
        changes.push(status(user, UserStatus::Active));
    } else if let Some(UserDeactivated { user }) = entry.decode()? {
        changes.push(status(user, UserStatus::Gone));
    } else if let Some(UserDeleted { user }) = entry.decode()? {
        changes.push(status(user, UserStatus::Gone));
    }
    Ok(())
}
