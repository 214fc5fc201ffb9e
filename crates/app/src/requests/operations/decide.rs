//! Grant or decline a request for a seat (ASG-08).

use db::Tx;
use types::{SeatRequestId, Text};

use super::actor_text;
use crate::access::{Right, SeatAssign};
use crate::assignments::operations::assign_users::assign_users;
use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::requests::events::{SeatRequestDeclined, SeatRequestGranted};
use crate::requests::{DECIDED, RequestState, SeatRequest, store};

/// Assigns the user; where there is no seat it is refused as an assignment is, and the request stays open.
pub(crate) async fn grant(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &SeatRequestId,
) -> Result<SeatRequest, Refused> {
    let request = decide(tx, right, id, RequestState::Granted, None).await?;
    assign_users(tx, right, &request.service_id, &[UserRef::Id(request.user_id)], false).await?;
    let SeatRequest { id: request_id, user_id, ref service_id, .. } = request;
    let event = SeatRequestGranted { request: request_id, user: user_id, service_id: service_id.clone() };
    right.record(tx, &event)?;
    Ok(request)
}

pub(crate) async fn decline(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &SeatRequestId,
    reason: Option<Text<500>>,
) -> Result<SeatRequest, Refused> {
    let reason = reason.map(Text::into_string);
    let request = decide(tx, right, id, RequestState::Declined, reason).await?;
    let SeatRequest { id: request_id, user_id, ref service_id, .. } = request;
    let event = SeatRequestDeclined { request: request_id, user: user_id, service_id: service_id.clone() };
    right.record(tx, &event)?;
    Ok(request)
}

async fn decide(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    id: &SeatRequestId,
    state: RequestState,
    reason: Option<String>,
) -> Result<SeatRequest, Refused> {
    let request = store::find_seat_request(tx, &right.tenant(), id).await?;
    let request = request.ok_or_else(|| Refused::not_found("request"))?;
    let by = actor_text(right.actor());
    if !store::decide(tx, id, state, (right.now(), &by), reason.as_deref()).await? {
        return Err(DECIDED.because("Read it again."));
    }
    Ok(SeatRequest { state, reason, decided_at: Some(right.now()), ..request })
}
