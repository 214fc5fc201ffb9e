//! Give a lease.

use std::collections::BTreeSet;

use db::Tx;
use entitlement::State;
use entitlement::lease::{Holder, Lease, LeasedService};
use types::{LeaseId, PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::live;
use crate::access::{Permission, Right};
use crate::events;
use crate::identity::operations::find as identity;
use crate::kit::{JsonColumn, Refused};
use crate::leases::events::LeaseIssued;
use crate::leases::{
    Issued, LeaseRow, NOT_USABLE, SEVERAL_PUBLISHERS, Scope, TOO_FEW_SEATS, TOO_MANY, Thing, Wish,
    WishHolder, store,
};
use crate::licenses::operations::{find as licenses, pools};
use crate::seats::Pool;
use crate::seats::operations::{find as seats, holds};

/// Seconds of a lease where nobody says.
const SECONDS: i64 = 86_400;

/// Leases of one user that are not over, also those that ended before: so many can be on a revocation list.
const OF_A_USER: i64 = 100;

/// What bounds a lease besides the right itself.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    pub seconds_max: i64,
    /// When the key that signs is no longer published.
    pub key_retires_at: Option<Timestamp>,
    /// The marketplace, as its `base_url` says.
    pub issuer: String,
}

/// A service of which a seat is usable, in a pool that is held, and until when as far as is known.
struct Usable {
    pool: Pool,
    until: Option<Timestamp>,
}

pub(crate) async fn issue_lease<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    (scope, holder): (&Scope, WishHolder),
    wish: Wish,
    bounds: Bounds,
) -> Result<Issued, Refused> {
    let services = wanted(tx, &wish.thing).await?;
    let (publisher_id, publisher) = publisher(tx, scope, &services).await?;
    let usable = usable(tx, right, (scope, holder), &wish.thing, &services).await?;
    let ends = usable.iter().filter_map(|usable| usable.until).chain(bounds.key_retires_at);
    let asked = wish.seconds.unwrap_or(SECONDS).min(bounds.seconds_max);
    let expires_at = ends.fold(right.now().plus_seconds(asked), Timestamp::min);
    // Leases know whole seconds: what is held is held as long as they say.
    let expires_at = Timestamp::default().plus_seconds(expires_at.seconds());
    let id = right.new_id();
    for Usable { pool, .. } in &usable {
        hold(tx, right, pool, (id, holder), expires_at).await?;
    }
    let services: Vec<ServiceId> = usable.into_iter().map(|usable| usable.pool.service_id).collect();
    let (user_id, block) = match holder {
        WishHolder::User(user) => (Some(user), None),
        WishHolder::Block(seats) => (None, Some(seats)),
    };
    let row = LeaseRow {
        id,
        tenant_id: scope.tenant,
        publisher_tenant_id: publisher,
        publisher_id,
        user_id,
        services: JsonColumn(services.clone()),
        seats: block.map(i64::from),
        version: events::head(tx, &scope.tenant).await?,
        issued_at: right.now(),
        expires_at,
        revoked_at: None,
        returned_at: None,
    };
    store::insert_lease(tx, &row).await?;
    let event = LeaseIssued {
        lease: id,
        publisher,
        customer: scope.tenant,
        user: user_id,
        seats: row.seats,
        services,
        expires_at,
    };
    right.record_for(tx, &[publisher, scope.tenant], &event)?;
    let claims = claims(tx, &row, block, bounds.issuer).await?;
    Ok(Issued { row, claims })
}

/// The services that are wanted, in the order in which pools are held.
async fn wanted(tx: &mut Tx, thing: &Thing) -> Result<BTreeSet<ServiceId>, Refused> {
    let services: BTreeSet<ServiceId> = match thing {
        Thing::Services(services) => services.iter().cloned().collect(),
        Thing::Component { unique_name, offer } => {
            live::opening(tx, unique_name, offer).await?.into_iter().collect()
        }
    };
    if services.is_empty() {
        return Err(
            NOT_USABLE.because("No plan opens this component of this offer: nothing is to be leased.")
        );
    }
    Ok(services)
}

/// The one publisher of the services; its apps alone will take the lease.
async fn publisher(
    tx: &mut Tx,
    scope: &Scope,
    services: &BTreeSet<ServiceId>,
) -> Result<(PublisherId, TenantId), Refused> {
    let owners: BTreeSet<&str> = services.iter().map(ServiceId::publisher).collect();
    let [owner] = owners.iter().copied().collect::<Vec<_>>()[..] else {
        return Err(SEVERAL_PUBLISHERS.because("Ask for one lease for each publisher."));
    };
    let id = PublisherId::parse(owner).map_err(|_| Refused::not_found("license"))?;
    let found = identity::publisher(tx, &id).await?.map(|tenant| tenant.id);
    let seen = found.filter(|tenant| scope.publisher.is_none_or(|publisher| publisher == *tenant));
    Ok((id, seen.ok_or_else(|| Refused::not_found("license"))?))
}

/// Of the services those that may be used now, their pools held: all that were named, or those that open the
/// component.
async fn usable<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    (scope, holder): (&Scope, WishHolder),
    thing: &Thing,
    services: &BTreeSet<ServiceId>,
) -> Result<Vec<Usable>, Refused> {
    let named = matches!(thing, Thing::Services(_));
    let (mut usable, mut missing) = (Vec::new(), Vec::new());
    for service in services {
        if seats::pool(tx, &scope.tenant, service).await?.is_none() {
            missing.push(service.as_str());
            continue;
        }
        let pool = pools::lock(tx, right, &scope.tenant, service).await?;
        let until = match holder {
            WishHolder::User(user) => seat_until(tx, right, scope, &pool, user).await?,
            WishHolder::Block(_) => granted_until(tx, scope, &pool).await?,
        };
        match until {
            Some(until) => usable.push(Usable { pool, until }),
            None => missing.push(service.as_str()),
        }
    }
    if usable.is_empty() || (named && !missing.is_empty()) {
        let detail = format!("No usable seat of {}. Assign one, then ask again.", missing.join(", "));
        return Err(NOT_USABLE.because(detail));
    }
    Ok(usable)
}

/// Until when, as far as is known, a user's seat is usable; `None`: it is not.
async fn seat_until<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    scope: &Scope,
    pool: &Pool,
    user: UserId,
) -> Result<Option<Option<Timestamp>>, Refused> {
    let seats = seats::seats_of_user(tx, &scope.tenant, &user, right.now()).await?;
    let seat = seats.iter().find(|seat| seat.pool_id == pool.id);
    match seat.and_then(|seat| Some((seat, seat.standing(right.now())?))) {
        Some((_, State::Active)) => granted_until(tx, scope, pool).await,
        Some((seat, State::Warning)) => Ok(Some(seat.usable_until)),
        _ => Ok(None),
    }
}

/// The same for what is granted.
async fn granted_until(
    tx: &mut Tx,
    scope: &Scope,
    pool: &Pool,
) -> Result<Option<Option<Timestamp>>, Refused> {
    let licenses = licenses::pools_of(tx, &scope.tenant).await?;
    let license = licenses.into_iter().find(|(service, _)| *service == pool.service_id);
    Ok(license.and_then(|(_, license)| license).map(|license| license.end.map(|end| end.grace.usable_until)))
}

async fn hold<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    pool: &Pool,
    (lease, holder): (LeaseId, WishHolder),
    until: Timestamp,
) -> Result<(), Refused> {
    match holder {
        WishHolder::User(user) => {
            if store::count_of_user(tx, &pool.tenant_id, &user, right.now()).await? >= OF_A_USER {
                let detail = format!("At most {OF_A_USER} may not be over yet, returned or not.");
                return Err(TOO_MANY.because(detail));
            }
            holds::promise(tx, pool, user, until).await
        }
        WishHolder::Block(seats) => {
            let taken = holds::take_block(tx, right, pool, (lease, seats), until).await?;
            taken.map(|_| ()).ok_or_else(|| {
                let available = pool.available();
                TOO_FEW_SEATS.because(format!("{available} of {} are free, not {seats}.", pool.service_id))
            })
        }
    }
}

async fn claims(tx: &mut Tx, row: &LeaseRow, block: Option<u32>, issuer: String) -> Result<Lease, Refused> {
    let mut opened = live::opened(tx, &row.services.0).await?;
    let service = |id: &ServiceId| LeasedService {
        id: id.clone(),
        features: opened.features.remove(id).unwrap_or_default(),
        seats: block,
    };
    Ok(Lease {
        issuer,
        audience: row.publisher_id.to_string(),
        id: row.id,
        tenant: row.tenant_id,
        holder: row.user_id.map_or(Holder::Tenant, Holder::User),
        services: row.services.0.iter().map(service).collect(),
        components: opened.components.into_iter().collect(),
        issued_at: row.issued_at.seconds(),
        not_before: row.issued_at.seconds(),
        expires_at: row.expires_at.seconds(),
        version: row.version,
    })
}
