//! Requests for seats.

use axum::extract::Path;
use serde::{Deserialize, Serialize};
use types::{Page, SeatRequestId, ServiceId, Text, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};

use crate::access::{LicenseView as MayView, SeatAssign, SeatRequest as MayRequest, SelfView};
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Refusals, page_request};
use crate::kit::{Fields, Refused};
use crate::requests::operations::{decide, find, request_seat as requesting};
use crate::requests::{RequestState, SeatRequest};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct SeatRequestView {
    id: SeatRequestId,
    user: UserId,
    service_id: ServiceId,
    note: Option<String>,
    state: RequestState,
    created_at: Timestamp,
    decided_at: Option<Timestamp>,
    /// Where it was declined.
    reason: Option<String>,
}

impl From<SeatRequest> for SeatRequestView {
    fn from(request: SeatRequest) -> Self {
        let SeatRequest { id, user_id, service_id, note, state, created_at, decided_at, reason, .. } =
            request;
        Self { id, user: user_id, service_id, note, state, created_at, decided_at, reason }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeatRequestBody {
    /// `publisherid.offerid.planid`.
    #[schema(max_length = 300)]
    service_id: String,
    /// For the administrators.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Ask your administrators for a seat.
#[utoipa::path(post, path = "/me/seat-requests", tag = "requests", operation_id = "request_seat",
    request_body = SeatRequestBody, responses((status = 201, body = SeatRequestView), Refusals),
    extensions(("x-permission" = json!("seat.request"))))]
pub(super) async fn request_seat(
    call: Call<MayRequest, SeatRequestBody>,
) -> Result<Answer<SeatRequestView>, Refused> {
    let mut fields = Fields::default();
    let service_id = fields.parse("service_id", &call.body.service_id, ServiceId::parse);
    let note = fields.optional("note", call.body.note.as_deref(), Text::parse);
    let (Some(service_id), Some(note)) = (service_id, note) else { return Err(fields.refuse()) };
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                requesting::request_seat(tx, right, &service_id, note).await.map(SeatRequestView::from)
            })
        })
        .await?;
    Ok(answer.created())
}

/// What you asked for, and what became of it.
#[utoipa::path(get, path = "/me/seat-requests", tag = "requests", operation_id = "list_own_seat_requests",
    params(PageParams), responses((status = 200, body = Page<SeatRequestView>), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn list_own_seat_requests(
    Params(page): Params<PageParams>,
    call: Call<SelfView>,
) -> Result<Answer<Page<SeatRequestView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::own_seat_requests(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(SeatRequestView::from)))
}

/// Which requests, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeatRequestParams {
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// Absent: those that are open.
    state: Option<RequestState>,
}

/// What the users of your organisation ask for.
#[utoipa::path(get, path = "/seat-requests", tag = "requests", operation_id = "list_seat_requests",
    params(SeatRequestParams), responses((status = 200, body = Page<SeatRequestView>), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
pub(super) async fn list_seat_requests(
    Params(query): Params<SeatRequestParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<SeatRequestView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let state = query.state.unwrap_or(RequestState::Open);
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::seat_requests(tx, right, state, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(SeatRequestView::from)))
}

fn request_id(text: &str) -> Result<SeatRequestId, Refused> {
    SeatRequestId::parse(text).map_err(|_| Refused::not_found("request"))
}

/// Grant a request: the user is assigned. Where no seat is left it stays open.
#[utoipa::path(post, path = "/seat-requests/{request}/grant", tag = "requests", operation_id = "grant_seat_request",
    params(("request" = String, Path, description = "Id")),
    responses((status = 200, body = SeatRequestView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
pub(super) async fn grant_seat_request(
    Path(request): Path<String>,
    call: Call<SeatAssign, NoBody>,
) -> Result<Answer<SeatRequestView>, Refused> {
    let id = request_id(&request)?;
    call.write(move |tx, right| {
        Box::pin(async move { decide::grant(tx, right, &id).await.map(SeatRequestView::from) })
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclineBody {
    /// For the user.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Decline a request.
#[utoipa::path(post, path = "/seat-requests/{request}/decline", tag = "requests",
    operation_id = "decline_seat_request", params(("request" = String, Path, description = "Id")),
    request_body = DeclineBody, responses((status = 200, body = SeatRequestView), Refusals),
    extensions(("x-permission" = json!("seat.assign"))))]
pub(super) async fn decline_seat_request(
    Path(request): Path<String>,
    call: Call<SeatAssign, DeclineBody>,
) -> Result<Answer<SeatRequestView>, Refused> {
    let id = request_id(&request)?;
    let mut fields = Fields::default();
    let reason = fields.optional("reason", call.body.reason.as_deref(), Text::parse);
    let Some(reason) = reason else { return Err(fields.refuse()) };
    call.write(move |tx, right| {
        Box::pin(async move { decide::decline(tx, right, &id, reason).await.map(SeatRequestView::from) })
    })
    .await
}
