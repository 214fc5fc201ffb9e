//! Idle seats over HTTP.

use serde::{Deserialize, Serialize};
use types::{Email, Page, ServiceId, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{leave, report};
use crate::App;
use crate::access::{LicenseView as MayView, UserEdit};
use crate::edge::{Answer, Call, NoBody, Nothing, Params, Path, Refusals, page_request};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_idle_seats)).routes(routes!(set_leave, end_leave))
}

/// How long unused, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdleParams {
    #[param(minimum = 1, maximum = 3650, default = 30)]
    days: Option<i64>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// A seat that nobody uses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdleSeatView {
    user: UserId,
    email: Email,
    name: String,
    assigned_at: Timestamp,
    /// The day, in UTC; absent: never.
    last_used_on: Option<Timestamp>,
}

/// Seats that were assigned and not used for so many days, without those of people on leave. A page may have
/// fewer than asked for.
#[utoipa::path(get, path = "/licenses/{service_id}/idle", tag = "assignments", operation_id = "list_idle_seats",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid"), IdleParams),
    responses((status = 200, body = Page<IdleSeatView>), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn list_idle_seats(
    Path(service_id): Path<String>,
    Params(query): Params<IdleParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<IdleSeatView>>, Refused> {
    let service_id = ServiceId::parse(&service_id).map_err(|_| Refused::not_found("license"))?;
    let (page, days) = (page_request(query.limit, query.cursor.as_deref())?, query.days.unwrap_or(30));
    if !(1..=3650).contains(&days) {
        let mut fields = Fields::default();
        fields.wrong("days", "days.out_of_range", "must be 1 to 3650");
        return Err(fields.refuse());
    }
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { report::idle_seats(tx, right, &service_id, days, &page).await })
        })
        .await?;
    Ok(answer.map(|page| {
        page.map(|(seat, user)| IdleSeatView {
            user: user.id,
            email: user.email,
            name: user.name,
            assigned_at: seat.since,
            last_used_on: seat.last_used_on,
        })
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaveBody {
    /// Absent: from now on.
    #[serde(default)]
    #[schema(max_length = 40)]
    from: Option<String>,
    /// Later than that; absent: until it is ended.
    #[serde(default)]
    #[schema(max_length = 40)]
    until: Option<String>,
}

/// Say that a user is on leave: what it does not use is not idle.
#[utoipa::path(put, path = "/users/{user}/leave", tag = "identity", operation_id = "set_leave",
    params(("user" = String, Path, description = "Id or e-mail address")), request_body = LeaveBody,
    responses((status = 204), Refusals), extensions(("x-permission" = json!("user.edit"))))]
async fn set_leave(Path(user): Path<String>, call: Call<UserEdit, LeaveBody>) -> Result<Nothing, Refused> {
    let user = UserRef::from_path(&user)?;
    let mut fields = Fields::default();
    let from = fields.optional("from", call.body.from.as_deref(), Timestamp::parse);
    let until = fields.optional("until", call.body.until.as_deref(), Timestamp::parse);
    fields.finish()?;
    let (from, until) = (from.flatten(), until.flatten());
    let done = call
        .write(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                leave::set_leave(tx, right, user.id, from, until).await
            })
        })
        .await?;
    Ok(done.nothing())
}

/// Say that a user is back.
#[utoipa::path(delete, path = "/users/{user}/leave", tag = "identity", operation_id = "end_leave",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 204), Refusals), extensions(("x-permission" = json!("user.edit"))))]
async fn end_leave(Path(user): Path<String>, call: Call<UserEdit, NoBody>) -> Result<Nothing, Refused> {
    let user = UserRef::from_path(&user)?;
    let done = call
        .write(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                leave::end_leave(tx, right, user.id).await
            })
        })
        .await?;
    Ok(done.nothing())
}
