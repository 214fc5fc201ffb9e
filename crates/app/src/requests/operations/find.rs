//! Look up requests.

use db::Tx;
use types::{Page, PageRequest, SeatRequestId, ServiceId, TenantId};

use crate::access::{DealView, LicenseView, Right, SeatRequest as MayRequest, SelfView};
use crate::kit::Refused;
use crate::requests::{LicenseRequest, RequestState, SeatRequest, store};
use crate::seats::operations::find as seats;

/// What users of this right's tenant asked for, oldest first.
pub(crate) async fn seat_requests(
    tx: &mut Tx,
    right: &Right<LicenseView>,
    state: RequestState,
    page: &PageRequest,
) -> Result<Page<SeatRequest>, Refused> {
    let requests = store::list_seat_requests(tx, &right.tenant(), state, page).await?;
    Ok(Page::cut(requests, page, |request| request.id.as_bytes().to_vec()))
}

/// One, for readers of the log: `None` if it went with its user.
pub(crate) async fn any_seat_request(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &SeatRequestId,
) -> Result<Option<SeatRequest>, Refused> {
    Ok(store::find_seat_request(tx, tenant, id).await?)
}

/// What the acting user asked for.
pub(crate) async fn own_seat_requests(
    tx: &mut Tx,
    right: &Right<SelfView>,
    page: &PageRequest,
) -> Result<Page<SeatRequest>, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let requests = store::list_of_user(tx, &user, page).await?;
    Ok(Page::cut(requests, page, |request| request.id.as_bytes().to_vec()))
}

/// The plans of which the acting user has no seat and could ask for one.
pub(crate) async fn requestable(tx: &mut Tx, right: &Right<MayRequest>) -> Result<Vec<ServiceId>, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let held = seats::seats_of_user(tx, &right.tenant(), &user, right.now()).await?;
    let mut pools = seats::pools(tx, &right.tenant()).await?;
    pools.retain(|pool| pool.granted > 0 && !held.iter().any(|seat| seat.pool_id == pool.id));
    Ok(pools.into_iter().map(|pool| pool.service_id).collect())
}

/// What customers ask of this publisher.
pub(crate) async fn license_requests(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
) -> Result<Page<LicenseRequest>, Refused> {
    let requests = store::list_of_publisher(tx, &right.tenant(), page).await?;
    Ok(Page::cut(requests, page, |request| request.id.as_bytes().to_vec()))
}
