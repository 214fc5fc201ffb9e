//! Every SQL statement of requests.

use db::{DbError, Tx};
use types::{PageRequest, SeatRequestId, TenantId, Timestamp, UserId};

use super::{LicenseRequest, RequestState, SeatRequest};

db::statements! {
    INSERT_SEAT_REQUEST = "INSERT INTO seat_requests (id, tenant_id, user_id, service_id, note, state, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    FIND_SEAT_REQUEST = "SELECT id, tenant_id, user_id, service_id, note, state, created_at, decided_at, reason
        FROM seat_requests WHERE tenant_id = $1 AND id = $2";
    LIST_SEAT_REQUESTS = "SELECT id, tenant_id, user_id, service_id, note, state, created_at, decided_at, reason
        FROM seat_requests WHERE tenant_id = $1 AND state = $2 AND id > $3 ORDER BY id LIMIT $4";
    LIST_OF_USER = "SELECT id, tenant_id, user_id, service_id, note, state, created_at, decided_at, reason
        FROM seat_requests WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    DECIDE = "UPDATE seat_requests SET state = $2, decided_at = $3, decided_by = $4, reason = $5
        WHERE id = $1 AND state = 'open'";
    INSERT_LICENSE_REQUEST = "INSERT INTO license_requests (id, customer_tenant_id, publisher_tenant_id, deal_id,
            service_id, seats, note, created_at, requested_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST_OF_PUBLISHER = "SELECT id, customer_tenant_id, publisher_tenant_id, deal_id, service_id, seats, note, created_at
        FROM license_requests WHERE publisher_tenant_id = $1 AND id > $2 ORDER BY id LIMIT $3";
}

/// False if the user has an open one for the service.
pub(super) async fn insert_seat_request(tx: &mut Tx, request: &SeatRequest) -> Result<bool, DbError> {
    let SeatRequest { id, tenant_id, user_id, service_id, note, state, created_at, .. } = request;
    let values: [&dyn db::ToValue; 7] = [id, tenant_id, user_id, service_id, note, state, created_at];
    Ok(tx.execute(INSERT_SEAT_REQUEST, &values).await? == 1)
}

pub(super) async fn find_seat_request(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &SeatRequestId,
) -> Result<Option<SeatRequest>, DbError> {
    tx.find(FIND_SEAT_REQUEST, &[tenant, id]).await
}

pub(super) async fn list_seat_requests(
    tx: &mut Tx,
    tenant: &TenantId,
    state: RequestState,
    page: &PageRequest,
) -> Result<Vec<SeatRequest>, DbError> {
    tx.list(LIST_SEAT_REQUESTS, &[tenant, &state, &page.after_id(), &page.fetch()]).await
}

pub(super) async fn list_of_user(
    tx: &mut Tx,
    user: &UserId,
    page: &PageRequest,
) -> Result<Vec<SeatRequest>, DbError> {
    tx.list(LIST_OF_USER, &[user, &page.after_id(), &page.fetch()]).await
}

/// False if it was decided meanwhile.
pub(super) async fn decide(
    tx: &mut Tx,
    id: &SeatRequestId,
    state: RequestState,
    (at, by): (Timestamp, &str),
    reason: Option<&str>,
) -> Result<bool, DbError> {
    Ok(tx.execute(DECIDE, &[id, &state, &at, &by, &reason]).await? == 1)
}

pub(super) async fn insert_license_request(
    tx: &mut Tx,
    request: &LicenseRequest,
    by: &str,
) -> Result<(), DbError> {
    let LicenseRequest {
        id,
        customer_tenant_id,
        publisher_tenant_id,
        deal_id,
        service_id,
        seats,
        note,
        created_at,
    } = request;
    tx.execute_one(
        INSERT_LICENSE_REQUEST,
        &[id, customer_tenant_id, publisher_tenant_id, deal_id, service_id, seats, note, created_at, &by],
    )
    .await
}

pub(super) async fn list_of_publisher(
    tx: &mut Tx,
    publisher: &TenantId,
    page: &PageRequest,
) -> Result<Vec<LicenseRequest>, DbError> {
    tx.list(LIST_OF_PUBLISHER, &[publisher, &page.after_id(), &page.fetch()]).await
}
