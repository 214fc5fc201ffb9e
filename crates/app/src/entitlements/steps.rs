//! The log, as steps for the index.

use db::{Entry, LogId};
use entitlement::{Change, End, License, Seat, UserStatus};
use types::{ServiceId, TenantId};

use crate::events::{Event, Recorded};
use crate::identity::events::{UserActivated, UserCreated, UserDeactivated, UserDeleted};
use crate::kit::Refused;
use crate::licenses::events::{LicenseChanged, LicenseEnded};
use crate::publishing::events::OfferWentLive;
use crate::relationships::events::{RelationshipAccepted, RelationshipEnded};
use crate::seats::events::{SeatsFreed, SeatsOver, SeatsRestored, SeatsTaken, SeatsWaiting};

/// What changes rights.
const KINDS: &[&str] = &[
    SeatsTaken::KIND,
    SeatsRestored::KIND,
    SeatsFreed::KIND,
    SeatsOver::KIND,
    SeatsWaiting::KIND,
    LicenseChanged::KIND,
    LicenseEnded::KIND,
    UserCreated::KIND,
    UserActivated::KIND,
    UserDeactivated::KIND,
    UserDeleted::KIND,
    RelationshipAccepted::KIND,
    RelationshipEnded::KIND,
];

/// Whether an entry of the marketplace's own log changes the catalogue.
pub(super) fn is_of_catalog(kind: &str) -> bool {
    kind == OfferWentLive::KIND
}

/// What entries that this process appended mean, the last of them at `position`.
pub(super) fn appended(
    tenant: &TenantId,
    position: i64,
    entries: &[(LogId, Entry)],
) -> Result<Vec<Change>, Refused> {
    let mut changes = Vec::new();
    let first = position + 1 - i64::try_from(entries.len()).unwrap_or(i64::MAX);
    for (position, (_, entry)) in (first..).zip(entries) {
        if KINDS.contains(&entry.kind) {
            let entry = Recorded::appended(position, entry)?;
            step(tenant, &entry, &mut changes).map_err(Refused::internal)?;
        }
    }
    Ok(changes)
}

/// What entries that were read mean.
pub(super) fn of(tenant: &TenantId, entries: &[Recorded]) -> Result<Vec<Change>, Refused> {
    let mut changes = Vec::new();
    for entry in entries {
        step(tenant, entry, &mut changes).map_err(Refused::internal)?;
    }
    Ok(changes)
}

fn step(tenant: &TenantId, entry: &Recorded, changes: &mut Vec<Change>) -> Result<(), serde_json::Error> {
    let status = |user, status| Change::Users { users: vec![user], status };
    let seats = |service, users, seat| Change::Seats { service, users, seat };
    if let Some(SeatsTaken { service_id, users, .. }) = entry.decode()? {
        changes.push(seats(service_id, users, Seat::Taken));
    } else if let Some(SeatsRestored { service_id, users, .. }) = entry.decode()? {
        changes.push(seats(service_id, users, Seat::Taken));
    } else if let Some(SeatsFreed { service_id, users, .. }) = entry.decode()? {
        changes.push(seats(service_id, users, Seat::Freed));
    } else if let Some(SeatsOver { service_id, users, grace, .. }) = entry.decode()? {
        changes.push(seats(service_id, users, Seat::Over(grace)));
    } else if let Some(SeatsWaiting { service_id, users, .. }) = entry.decode()? {
        changes.push(seats(service_id, users, Seat::Waiting));
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
    } else if let Some(RelationshipAccepted { customer, publisher_id, .. }) = entry.decode()? {
        let publisher = publisher_id.filter(|_| customer == *tenant);
        changes.extend(publisher.map(|publisher| Change::Publisher { publisher, related: true }));
    } else if let Some(RelationshipEnded { customer, publisher_id, .. }) = entry.decode()? {
        let publisher = publisher_id.filter(|_| customer == *tenant);
        changes.extend(publisher.map(|publisher| Change::Publisher { publisher, related: false }));
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
