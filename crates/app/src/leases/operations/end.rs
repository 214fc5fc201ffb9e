//! End a lease before its time: returned, revoked, or its seat lost.

use db::Tx;
use types::{LeaseId, ServiceId, Timestamp, UserId};

use crate::access::{LeaseAny, Permission, Right};
use crate::kit::Refused;
use crate::leases::events::LeaseEnded;
use crate::leases::{Ending, LeaseRow, LeaseStatus, Scope, store};
use crate::licenses::operations::pools;
use crate::seats::operations::holds::{self, Holder};

/// It is on the list from now on; what is held for it is held until its end, for who is offline may not know. Twice
/// is the same as once.
pub(crate) async fn revoke_lease<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    scope: &Scope,
    id: &LeaseId,
) -> Result<LeaseRow, Refused> {
    let lease = existing(tx, scope, id).await?;
    if lease.status(right.now()) == LeaseStatus::Active {
        revoke(tx, right, &lease, Ending::Revoked).await?;
    }
    existing(tx, scope, id).await
}

/// The app does not use it any more: its seats are held for nobody. It is on the list, in case there is a copy.
pub(crate) async fn return_lease<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    scope: &Scope,
    id: &LeaseId,
) -> Result<LeaseRow, Refused> {
    let lease = existing(tx, scope, id).await?;
    if matches!(lease.status(right.now()), LeaseStatus::Returned | LeaseStatus::Over) {
        return Ok(lease);
    }
    let mut held = Vec::new();
    for service in &lease.services.0 {
        held.push(pools::lock(tx, right, &lease.tenant_id, service).await?);
    }
    if store::give_back(tx, id, right.now()).await? {
        for pool in held {
            let (holder, until) = match lease.user_id {
                Some(user) => {
                    let until = still_out(tx, right, &lease, (user, &pool.service_id)).await?;
                    (Holder::User(user), until)
                }
                None => (Holder::Block(lease.id), right.now()),
            };
            holds::shorten(tx, right, pool, holder, until).await?;
        }
        told(tx, right, &lease, Ending::Returned).await?;
    }
    existing(tx, scope, id).await
}

/// Until when other leases of this user and service may be in use somewhere.
async fn still_out<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    lease: &LeaseRow,
    (user, service): (UserId, &ServiceId),
) -> Result<Timestamp, Refused> {
    let others = store::list_out_of_users(tx, &lease.tenant_id, &[user], right.now()).await?;
    let others = others.iter().filter(|other| other.services.0.contains(service));
    Ok(others.map(|other| other.expires_at).max().unwrap_or(right.now()))
}

async fn existing(tx: &mut Tx, scope: &Scope, id: &LeaseId) -> Result<LeaseRow, Refused> {
    store::find_lease(tx, scope, id).await?.ok_or_else(|| Refused::not_found("lease"))
}

/// Seats that users lost at one position of the tenant's log.
pub(crate) struct LostSeats<'a> {
    pub service: &'a ServiceId,
    pub users: &'a [UserId],
    /// Set: they are usable until then.
    pub usable_until: Option<Timestamp>,
}

/// Revokes what was leased of these seats before they were lost.
pub(crate) async fn revoke_lost(
    tx: &mut Tx,
    right: &Right<LeaseAny>,
    position: i64,
    lost: LostSeats<'_>,
) -> Result<(), Refused> {
    let out = store::list_out_of_users(tx, &right.tenant(), lost.users, right.now()).await?;
    let lost = out.iter().filter(|lease| {
        lease.version < position
            && lease.services.0.contains(lost.service)
            && lost.usable_until.is_none_or(|until| until < lease.expires_at)
    });
    for lease in lost {
        revoke(tx, right, lease, Ending::SeatLost).await?;
    }
    Ok(())
}

/// Revokes blocks that hold fewer seats than they have. What is no block is a user's seat that was held, whose
/// lease was revoked when it was freed.
pub(crate) async fn revoke_blocks(
    tx: &mut Tx,
    right: &Right<LeaseAny>,
    leases: &[LeaseId],
) -> Result<(), Refused> {
    let scope = Scope { tenant: right.tenant(), publisher: None, user: None };
    for id in leases {
        if let Some(lease) = store::find_lease(tx, &scope, id).await? {
            revoke(tx, right, &lease, Ending::SeatLost).await?;
        }
    }
    Ok(())
}

/// Nothing, if it has ended.
async fn revoke<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    lease: &LeaseRow,
    how: Ending,
) -> Result<(), Refused> {
    if store::revoke(tx, &lease.id, right.now()).await? {
        told(tx, right, lease, how).await?;
    }
    Ok(())
}

async fn told<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    lease: &LeaseRow,
    how: Ending,
) -> Result<(), Refused> {
    let (publisher, customer) = (lease.publisher_tenant_id, lease.tenant_id);
    store::advance_list(tx, &publisher, &customer).await?;
    let event = LeaseEnded { lease: lease.id, publisher, customer, how };
    Ok(right.record_for(tx, &[publisher, customer], &event)?)
}
