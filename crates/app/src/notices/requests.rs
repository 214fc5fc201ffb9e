//! ASG-08: who may grant a seat is told that one is asked for, and who asked what became of it.

use db::Tx;
use types::TenantId;

use super::kind::NoticeKind;
use super::tell::News;
use crate::events::Recorded;
use crate::identity::people;
use crate::kit::{Argument, Refused};
use crate::publishing::operations::names::Names;
use crate::requests::RequestState;
use crate::requests::events::{SeatRequestDeclined, SeatRequestGranted, SeatRequested};
use crate::requests::operations::find as requests;

/// `None` also for a request that was decided before anybody was told: nobody can act on it any more.
pub(super) async fn news(tx: &mut Tx, tenant: &TenantId, entry: &Recorded) -> Result<Option<News>, Refused> {
    let asked = entry.decode::<SeatRequested>().map_err(Refused::internal)?;
    let granted = entry.decode::<SeatRequestGranted>().map_err(Refused::internal)?;
    let declined = entry.decode::<SeatRequestDeclined>().map_err(Refused::internal)?;
    let (kind, id) = match (&asked, &granted, &declined) {
        (Some(event), ..) => (NoticeKind::SeatRequested, event.request),
        (_, Some(event), _) => (NoticeKind::SeatGranted, event.request),
        (.., Some(event)) => (NoticeKind::SeatDeclined, event.request),
        _ => return Ok(None),
    };
    let Some(request) = requests::any_seat_request(tx, tenant, &id).await? else { return Ok(None) };
    if asked.is_some() && request.state != RequestState::Open {
        return Ok(None);
    }
    let Some(person) = people::active_person(tx, tenant, &request.user_id).await? else { return Ok(None) };
    let (to, said, page) = if kind == NoticeKind::SeatRequested {
        (None, request.note, "/admin/requests")
    } else {
        (Some(person.id), request.reason, "/account/licenses")
    };
    let arguments = vec![
        ("name", Argument::Text(person.name.into())),
        ("service", Argument::Text(Names::default().title(tx, &request.service_id).await?.into())),
        ("said", Argument::Text(said.unwrap_or_default().into())),
    ];
    Ok(Some(News { kind, to, arguments, page: Some(page.to_owned()) }))
}
