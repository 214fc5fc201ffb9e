//! The log, as steps for the index.

use db::Db;
use entitlement::{Change, End, Index, License, UserStatus};
use types::{ServiceId, TenantId};

use super::snapshot;
use crate::events::{self, Recorded};
use crate::identity::events::{UserActivated, UserCreated, UserDeactivated, UserDeleted};
use crate::kit::Refused;
use crate::licenses::events::{LicenseChanged, LicenseEnded};
use crate::seats::events::{SeatsFreed, SeatsOver, SeatsRestored, SeatsTaken, SeatsWaiting};

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
    let taken = |service: &ServiceId, user| Change::SeatTaken { user, service: service.clone() };
    if let Some(SeatsTaken { service_id, users, .. }) = entry.decode()? {
        changes.extend(users.into_iter().map(|user| taken(&service_id, user)));
    } else if let Some(SeatsRestored { service_id, users, .. }) = entry.decode()? {
        changes.extend(users.into_iter().map(|user| taken(&service_id, user)));
    } else if let Some(SeatsFreed { service_id, users, .. }) = entry.decode()? {
        changes.extend(users.into_iter().map(|user| Change::SeatFreed { user, service: service_id.clone() }));
    } else if let Some(SeatsOver { service_id, users, grace, .. }) = entry.decode()? {
        let over = |user| Change::SeatOver { user, service: service_id.clone(), grace };
        changes.extend(users.into_iter().map(over));
    } else if let Some(SeatsWaiting { service_id, users, .. }) = entry.decode()? {
        let waiting = |user| Change::SeatWaiting { user, service: service_id.clone() };
        changes.extend(users.into_iter().map(waiting));
    } else if let Some(LicenseChanged { customer, service_id, pool_granted, pool_end, .. }) =
        entry.decode()?
    {
        changes.extend(license(tenant, customer, service_id, pool_granted, pool_end));
    } else if let Some(LicenseEnded { customer, service_id, pool_granted, pool_end, .. }) = entry.decode()? {
        changes.extend(license(tenant, customer, service_id, pool_granted, pool_end));
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

/// Nothing for a publisher, whose log has the licenses it granted to others.
fn license(
    tenant: &TenantId,
    customer: TenantId,
    service: ServiceId,
    granted: i64,
    end: Option<End>,
) -> Option<Change> {
    let license = (granted > 0).then_some(License { end });
    (customer == *tenant).then_some(Change::License { service, license })
}
