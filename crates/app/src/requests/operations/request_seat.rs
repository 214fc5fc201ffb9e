//! Ask for a seat (ASG-08).

use db::Tx;
use types::{ServiceId, Text};

use crate::access::{Right, SeatRequest as MayRequest};
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;
use crate::requests::events::SeatRequested;
use crate::requests::{HAS_SEAT, OPEN_ALREADY, RequestState, SeatRequest, store};
use crate::seats::SeatState;
use crate::seats::operations::find as seats;

pub(crate) async fn request_seat(
    tx: &mut Tx,
    right: &Right<MayRequest>,
    service: &ServiceId,
    note: Option<Text<500>>,
) -> Result<SeatRequest, Refused> {
    let user_id = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let pool = licenses::pool(tx, right, service).await?;
    let held = seats::seated_among(tx, &pool.id, &[user_id], right.now()).await?;
    if held.iter().any(|(_, state)| *state == SeatState::Active) {
        return Err(HAS_SEAT.because("There is nothing to ask for."));
    }
    let request = SeatRequest {
        id: right.new_id(),
        tenant_id: right.tenant(),
        user_id,
        service_id: service.clone(),
        note: note.map(Text::into_string),
        state: RequestState::Open,
        created_at: right.now(),
        decided_at: None,
        reason: None,
    };
    if !store::insert_seat_request(tx, &request).await? {
        return Err(OPEN_ALREADY.because("Your administrators have not decided yet."));
    }
    right.record(tx, &SeatRequested { request: request.id, user: user_id, service_id: service.clone() })?;
    Ok(request)
}
