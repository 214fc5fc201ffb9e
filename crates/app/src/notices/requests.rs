//! ASG-08: who may grant a seat is told that one is asked for, and who asked what became of it.

use db::Tx;
use types::TenantId;

use super::notice::{Notice, To};
use crate::access::Role;
use crate::events::Recorded;
use crate::identity::people;
use crate::kit::{Argument, Refused};
use crate::requests::RequestState;
use crate::requests::events::{SeatRequestDeclined, SeatRequestGranted, SeatRequested};
use crate::requests::operations::find as requests;

const WHO_DECIDES: &[Role] = &[Role::GlobalAdmin, Role::LicenseAdmin, Role::UserAdmin];

/// `None` also for a request that was decided before anybody was told: nobody can act on it any more.
pub(super) async fn notice(
    tx: &mut Tx,
    tenant: &TenantId,
    entry: &Recorded,
) -> Result<Option<Notice>, Refused> {
    let asked = entry.decode::<SeatRequested>().map_err(Refused::internal)?;
    let granted = entry.decode::<SeatRequestGranted>().map_err(Refused::internal)?;
    let declined = entry.decode::<SeatRequestDeclined>().map_err(Refused::internal)?;
    let (key, id) = match (&asked, &granted, &declined) {
        (Some(event), ..) => ("seat-requested", event.request),
        (_, Some(event), _) => ("seat-granted", event.request),
        (.., Some(event)) => ("seat-declined", event.request),
        _ => return Ok(None),
    };
    let Some(request) = requests::any_seat_request(tx, tenant, &id).await? else { return Ok(None) };
    if asked.is_some() && request.state != RequestState::Open {
        return Ok(None);
    }
    let Some(person) = people::active_person(tx, tenant, &request.user_id).await? else { return Ok(None) };
    let said = if asked.is_some() { request.note } else { request.reason };
    let to = if asked.is_some() { To::Roles(WHO_DECIDES) } else { To::User(person.id) };
    let arguments = vec![
        ("name", Argument::Text(person.name.into())),
        ("service", Argument::Text(request.service_id.to_string().into())),
        ("said", Argument::Text(said.unwrap_or_default().into())),
    ];
    Ok(Some(Notice { key, to, arguments }))
}
