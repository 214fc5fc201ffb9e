//! What the index is loaded from: one snapshot of the database at one position of the log.

use db::{Db, DbError};
use entitlement::{Catalog, CatalogBuilder, Change, Component, Holdings, Service, UserStatus};
use types::{ServiceId, TenantId};

use crate::access::MARKETPLACE;
use crate::events;
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::seats::{Seat, SeatState};
use crate::{identity, licenses, publishing, seats};

/// A tenant's users, pools and seats.
pub(super) async fn holdings(db: &Db, tenant: TenantId) -> Result<Holdings, Refused> {
    db.read(move |tx| {
        Box::pin(async move {
            let head = events::head(tx, &tenant).await?;
            let users = identity::operations::find::active_users(tx, &tenant).await?;
            let pools = licenses::operations::find::pools_of(tx, &tenant).await?;
            let seats = seats::operations::find::seats_of(tx, &tenant).await?;
            let users = users.into_iter().map(|user| Change::UserStatus { user, status: UserStatus::Active });
            let pools = pools.into_iter().map(|(service, license)| Change::License { service, license });
            let seats = seats.into_iter().map(seat);
            let mut holdings = Holdings::default();
            holdings.apply(users.chain(pools).chain(seats), head);
            Ok::<_, Refused>(holdings)
        })
    })
    .await
}

fn seat(seat: Seat) -> Change {
    let (grace, user, service) = (seat.grace(), seat.user_id, seat.service_id);
    match (seat.state, grace) {
        (SeatState::Active, _) => Change::SeatTaken { user, service },
        (SeatState::Over, Some(grace)) => Change::SeatOver { user, service, grace },
        (SeatState::Waiting, _) | (SeatState::Over, None) => Change::SeatWaiting { user, service },
    }
}

/// Every offer that is or was live: licenses outlast the listing (PUB-05).
pub(super) async fn catalog(db: &Db) -> Result<Catalog, Refused> {
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
    Ok(builder.build())
}

fn add(builder: &mut CatalogBuilder, live: &LiveOffer) {
    let snapshot = &live.snapshot.0;
    let contents = snapshot.contents.as_ref();
    for plan in &snapshot.plans {
        let mut packaged = contents.into_iter().flat_map(|contents| &contents.service_plans);
        let packaged = packaged.find(|packaged| packaged.service_id == plan.service_id.as_str());
        builder.service(Service {
            id: plan.service_id.clone(),
            display_name: packaged
                .map_or_else(|| plan.name.clone(), |packaged| packaged.display_name.clone()),
            more_info_url: packaged.and_then(|packaged| packaged.more_info_url.clone()),
            enforcement: plan.enforcement.into(),
            features: plan.features.iter().map(|it| (it.key.clone(), it.value.clone())).collect(),
        });
    }
    for component in contents.into_iter().flat_map(|contents| &contents.components) {
        let mappings = contents.into_iter().flat_map(|contents| &contents.mappings);
        let services = mappings.filter(|mapping| mapping.component == component.unique_name);
        builder.component(Component {
            offer: live.address.clone(),
            publisher: snapshot.publisher_id.clone(),
            unique_name: component.unique_name.clone(),
            id: component.id.clone().unwrap_or_default(),
            services: services.filter_map(|mapping| ServiceId::parse(&mapping.service_id).ok()).collect(),
        });
    }
}
