//! The limit that assigning is measured against: the same rows, inserted and nothing else.

use db::Tx;
use types::{ServiceId, UserId};

use crate::access::{Right, SeatAssign};
use crate::kit::Refused;
use crate::seats::{Seat, SeatState, Source, pool_store, store};

pub(crate) async fn insert_plainly(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    service: &ServiceId,
    users: &[UserId],
) -> Result<(), Refused> {
    let pool = pool_store::find_pool(tx, &right.tenant(), service).await?;
    let pool = pool.ok_or_else(|| Refused::not_found("license"))?;
    let seats: Vec<Seat> = users
        .iter()
        .map(|user| Seat {
            pool_id: pool.id,
            user_id: *user,
            service_id: service.clone(),
            since: right.now(),
            state: SeatState::Active,
            usable_until: None,
            kept_until: None,
        })
        .collect();
    store::insert_seats(tx, &seats).await?;
    let paths: Vec<_> = users.iter().map(|user| (right.new_id(), *user)).collect();
    store::insert_paths(tx, &pool.id, &Source::Direct, &paths, (right.now(), "bench")).await?;
    Ok(())
}
