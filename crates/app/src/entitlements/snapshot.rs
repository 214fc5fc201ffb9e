//! What the index is loaded from: one snapshot of the database at one position of the log.

use db::{Db, DbError};
use entitlement::{CatalogBuilder, Change, Component, Service, UserStatus};
use types::TenantId;

use crate::access::MARKETPLACE;
use crate::events;
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::seats::{Seat, SeatState};
use crate::{identity, licenses, publishing, relationships, seats};

/// A tenant's users, pools, seats and publishers, and the position of its log at which it has them.
pub(super) async fn tenant(db: &Db, tenant: TenantId) -> Result<(i64, Vec<Change>), Refused> {
    db.read(move |tx| {
        Box::pin(async move {
            let head = events::head(tx, &tenant).await?;
            let users = identity::operations::find::active_users(tx, &tenant).await?;
            let mut changes = vec![Change::Users { users, status: UserStatus::Active }];
            for (service, license) in licenses::operations::find::pools_of(tx, &tenant).await? {
                let users = seats::operations::find::active(tx, &tenant, &service).await?;
                changes.push(Change::License { service: service.clone(), license });
                changes.push(Change::Seats { service, users, seat: entitlement::Seat::Taken });
            }
            let publishers = relationships::operations::find::publishers_of(tx, &tenant).await?;
            let related = |publisher| Change::Publisher { publisher, related: true };
            changes.extend(publishers.into_iter().map(related));
            let beyond = seats::operations::find::seats_beyond(tx, &tenant).await?;
            changes.extend(beyond.chunk_by(alike).filter_map(together));
            Ok::<_, Refused>((head, changes))
        })
    })
    .await
}

fn alike(one: &Seat, other: &Seat) -> bool {
    one.pool_id == other.pool_id && state(one) == state(other)
}

/// Seats that are alike, as one step.
fn together(seats: &[Seat]) -> Option<Change> {
    let first = seats.first()?;
    let (service, users) = (first.service_id.clone(), seats.iter().map(|seat| seat.user_id).collect());
    Some(Change::Seats { service, users, seat: state(first) })
}

fn state(seat: &Seat) -> entitlement::Seat {
    match (seat.state, seat.grace()) {
        (SeatState::Active, _) => entitlement::Seat::Taken,
        (SeatState::Over, Some(grace)) => entitlement::Seat::Over(grace),
        (SeatState::Waiting, _) | (SeatState::Over, None) => entitlement::Seat::Waiting,
    }
}

/// Every offer that is or was live: licenses outlast the listing (PUB-05).
pub(super) async fn catalog(db: &Db) -> Result<(i64, CatalogBuilder), Refused> {
    let (head, live) = db
        .read(|tx| {
            Box::pin(async move {
                let head = events::head(tx, &MARKETPLACE).await?;
                Ok::<_, DbError>((head, publishing::operations::find::live_offers(tx).await?))
            })
        })
        .await?;
    let mut builder = CatalogBuilder::at(head);
    for version in &live {
        add(&mut builder, version);
    }
    Ok((head, builder))
}

fn add(builder: &mut CatalogBuilder, live: &LiveOffer) {
    let snapshot = &live.snapshot.0;
    for plan in &snapshot.plans {
        let packaged = snapshot.packaged(&plan.service_id);
        builder.service(Service {
            id: plan.service_id.clone(),
            display_name: snapshot.display_name(plan).to_owned(),
            more_info_url: packaged.and_then(|packaged| packaged.more_info_url.clone()),
            enforcement: plan.enforcement.into(),
            features: plan.features.iter().map(|it| (it.key.clone(), it.value.clone())).collect(),
        });
    }
    for component in snapshot.contents.iter().flat_map(|contents| &contents.components) {
        builder.component(Component {
            offer: live.address.clone(),
            publisher: snapshot.publisher_id.clone(),
            unique_name: component.unique_name.clone(),
            id: component.id.clone().unwrap_or_default(),
            services: snapshot.openers(&component.unique_name),
        });
    }
}
