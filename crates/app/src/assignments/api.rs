//! Assignments over HTTP.

use serde::{Deserialize, Serialize};
use types::{Email, Page, ServiceId, Timestamp, UserId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::USERS_MAX;
use super::operations::find::HeldSeat;
use super::operations::{Summary, assign_users, find, unassign_users};
use super::outcome::{FailureKind, Outcome};
use crate::App;
use crate::access::{LicenseView as MayView, SeatAssign, SelfView};
use crate::edge::{Answer, Call, PageParams, Params, Path as Segment, Refusals};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{Fields, Refused};
use crate::seats::{Path, Seat, Standing};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assign))
        .routes(routes!(unassign))
        .routes(routes!(list_seats))
        .routes(routes!(get_seat_history))
        .routes(routes!(list_licenses_of_user))
        .routes(routes!(list_own_licenses))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignBody {
    /// Ids or e-mail addresses.
    #[schema(min_items = 1, max_items = 10_000)]
    users: Vec<String>,
    /// As many as fit, instead of everybody or nobody.
    #[serde(default)]
    partial: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnassignBody {
    /// Ids or e-mail addresses.
    #[schema(min_items = 1, max_items = 10_000)]
    users: Vec<String>,
}

fn users(users: &[String]) -> Result<Vec<UserRef>, Refused> {
    let mut fields = Fields::default();
    if users.is_empty() || users.len() > USERS_MAX {
        let message = format!("must name 1 to {USERS_MAX} users, not {}", users.len());
        fields.wrong("users", "users.count", message);
        return Err(fields.refuse());
    }
    let named = users.iter().enumerate();
    let parsed: Vec<UserRef> =
        named.filter_map(|(at, text)| fields.parse(&format!("users[{at}]"), text, UserRef::parse)).collect();
    fields.finish()?;
    Ok(parsed)
}

fn service(text: &str) -> Result<ServiceId, Refused> {
    ServiceId::parse(text).map_err(|_| Refused::not_found("license"))
}

/// What a request did, user by user.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AssignmentView {
    service_id: ServiceId,
    /// How many got a seat, or lost theirs.
    changed: usize,
    results: Vec<ResultView>,
    granted: i64,
    in_use: i64,
    available: i64,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ResultView {
    /// As the request named it.
    user: String,
    outcome: Outcome,
    error: Option<FailureKind>,
}

impl From<Summary> for AssignmentView {
    fn from(summary: Summary) -> Self {
        let Summary { results, pool } = summary;
        let changed = |outcome| matches!(outcome, Outcome::Assigned | Outcome::Unassigned);
        Self {
            changed: results.iter().filter(|result| changed(result.outcome)).count(),
            results: results
                .into_iter()
                .map(|result| ResultView { user: result.named, outcome: result.outcome, error: result.error })
                .collect(),
            granted: pool.granted,
            in_use: pool.in_use,
            available: pool.available(),
            service_id: pool.service_id,
        }
    }
}

/// Assign users: everybody or nobody, unless `partial` asks for as many as fit.
#[utoipa::path(post, path = "/licenses/{service_id}/assignments", tag = "assignments", operation_id = "assign_users",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid")), request_body = AssignBody,
    responses((status = 200, body = AssignmentView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn assign(
    Segment(service_id): Segment<String>,
    call: Call<SeatAssign, AssignBody>,
) -> Result<Answer<AssignmentView>, Refused> {
    let (service_id, users, partial) = (service(&service_id)?, users(&call.body.users)?, call.body.partial);
    call.write(move |tx, right| {
        Box::pin(async move {
            assign_users::assign_users(tx, right, &service_id, &users, partial)
                .await
                .map(AssignmentView::from)
        })
    })
    .await
}

/// Take directly assigned users off; who has the license through a group, too, keeps the seat. Refused if
/// somebody has it through groups only.
#[utoipa::path(post, path = "/licenses/{service_id}/unassignments", tag = "assignments",
    operation_id = "unassign_users",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid")), request_body = UnassignBody,
    responses((status = 200, body = AssignmentView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn unassign(
    Segment(service_id): Segment<String>,
    call: Call<SeatAssign, UnassignBody>,
) -> Result<Answer<AssignmentView>, Refused> {
    let (service_id, users) = (service(&service_id)?, users(&call.body.users)?);
    call.write(move |tx, right| {
        Box::pin(async move {
            unassign_users::unassign_users(tx, right, &service_id, &users).await.map(AssignmentView::from)
        })
    })
    .await
}

/// A seat, who has it, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeatView {
    user: SeatUser,
    since: Timestamp,
    state: Standing,
    /// Of a seat beyond what is granted: usable before.
    usable_until: Option<Timestamp>,
    /// Gone from then on; absent: kept without end.
    kept_until: Option<Timestamp>,
    /// In the queue for a seat, from 1; absent if it is active.
    position: Option<i64>,
    paths: Vec<PathView>,
}

impl SeatView {
    fn new(held: HeldSeat, now: Timestamp) -> Self {
        let HeldSeat { seat, user, paths, position } = held;
        Self {
            user: SeatUser { id: user.id, email: user.email, name: user.name },
            since: seat.since,
            state: seat.standing(now).into(),
            usable_until: seat.usable_until,
            kept_until: seat.kept_until,
            position,
            paths: paths.into_iter().map(PathView::from).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeatUser {
    id: UserId,
    email: Email,
    name: String,
}

/// Why a user has, or had, a seat.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PathView {
    /// `direct`, or `group:` and the id of the group that has the license.
    source: String,
    assigned_at: Timestamp,
    assigned_by: String,
    ended_at: Option<Timestamp>,
    ended_by: Option<String>,
}

impl From<Path> for PathView {
    fn from(path: Path) -> Self {
        let Path { source, started_at, started_by, ended_at, ended_by } = path;
        Self { source, assigned_at: started_at, assigned_by: started_by, ended_at, ended_by }
    }
}

/// The users who have a seat of a license.
#[utoipa::path(get, path = "/licenses/{service_id}/seats", tag = "assignments", operation_id = "list_seats",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid"), PageParams),
    responses((status = 200, body = Page<SeatView>), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn list_seats(
    Segment(service_id): Segment<String>,
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<SeatView>>, Refused> {
    let (service_id, page, now) = (service(&service_id)?, page.request()?, call.right.now());
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::held_seats(tx, right, &service_id, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(|held| SeatView::new(held, now))))
}

/// Every path that led or leads to a user's seat, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeatHistory {
    items: Vec<PathView>,
}

/// The history of a user's seat: who assigned it, through which path, when it ended.
#[utoipa::path(get, path = "/licenses/{service_id}/seats/{user}/history", tag = "assignments",
    operation_id = "get_seat_history",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid"),
        ("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = SeatHistory), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn get_seat_history(
    Segment((service_id, user)): Segment<(String, String)>,
    call: Call<MayView>,
) -> Result<Answer<SeatHistory>, Refused> {
    let (service_id, user) = (service(&service_id)?, UserRef::from_path(&user)?);
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::history(tx, right, &service_id, &user).await }))
        .await?;
    Ok(answer.map(|paths| SeatHistory { items: paths.into_iter().map(PathView::from).collect() }))
}

/// A license that a user has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldLicense {
    service_id: ServiceId,
    since: Timestamp,
    state: Standing,
    /// Of a seat beyond what is granted: usable before.
    usable_until: Option<Timestamp>,
    /// Gone from then on; absent: kept without end.
    kept_until: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldLicenses {
    items: Vec<HeldLicense>,
}

impl HeldLicenses {
    fn new(seats: Vec<Seat>, now: Timestamp) -> Self {
        let items = seats.into_iter().map(|seat| HeldLicense {
            state: seat.standing(now).into(),
            service_id: seat.service_id,
            since: seat.since,
            usable_until: seat.usable_until,
            kept_until: seat.kept_until,
        });
        Self { items: items.collect() }
    }
}

/// The licenses of a user.
#[utoipa::path(get, path = "/users/{user}/licenses", tag = "assignments", operation_id = "list_licenses_of_user",
    params(("user" = String, Path, description = "Id or e-mail address")),
    responses((status = 200, body = HeldLicenses), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn list_licenses_of_user(
    Segment(user): Segment<String>,
    call: Call<MayView>,
) -> Result<Answer<HeldLicenses>, Refused> {
    let (user, now) = (UserRef::from_path(&user)?, call.right.now());
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move {
                let user = identity::existing_user(tx, right, &user).await?;
                find::seats_of_user(tx, right, &user.id).await
            })
        })
        .await?;
    Ok(answer.map(|seats| HeldLicenses::new(seats, now)))
}

/// One's own licenses.
#[utoipa::path(get, path = "/me/licenses", tag = "assignments", operation_id = "list_own_licenses",
    responses((status = 200, body = HeldLicenses), Refusals), extensions(("x-permission" = json!("self.view"))))]
async fn list_own_licenses(call: Call<SelfView>) -> Result<Answer<HeldLicenses>, Refused> {
    let (user, now) = (call.right.user().ok_or_else(|| Refused::not_found("user"))?, call.right.now());
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::seats_of_user(tx, right, &user).await }))
        .await?;
    Ok(answer.map(|seats| HeldLicenses::new(seats, now)))
}
