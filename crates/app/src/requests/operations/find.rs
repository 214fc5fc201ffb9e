//! Look up requests.

use db::Tx;
use types::{Page, PageRequest, SeatRequestId, TenantId};

use crate::access::{DealView, LicenseView, Right, SelfView};
use crate::kit::Refused;
use crate::requests::{LicenseRequest, RequestState, SeatRequest, store};

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

/// What customers ask of this publisher.
pub(crate) async fn license_requests(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
) -> Result<Page<LicenseRequest>, Refused> {
    let requests = store::list_of_publisher(tx, &right.tenant(), page).await?;
    Ok(Page::cut(requests, page, |request| request.id.as_bytes().to_vec()))
}
