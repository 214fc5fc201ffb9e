//! Licenses of groups.

use serde::{Deserialize, Serialize};
use types::{ServiceId, Timestamp};
use utoipa::ToSchema;

use super::{group_id, service};
use crate::access::{LicenseView as MayView, SeatAssign};
use crate::edge::{Answer, Call, NoBody, Path, Refusals};
use crate::groups::GroupLicense;
use crate::groups::operations::find::{self, Followed};
use crate::groups::operations::license_group as licensing;
use crate::kit::Refused;

/// A license that a group's users have.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct GroupLicenseView {
    service_id: ServiceId,
    since: Timestamp,
    /// More users are to get it, or to lose it, than have yet; it goes on by itself.
    pending: bool,
    /// It is being taken off.
    ending: bool,
    /// How far that is; only where licenses are listed.
    progress: Option<FollowedView>,
}

/// How far the users of a group have followed it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct FollowedView {
    total: usize,
    done: usize,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct GroupLicenses {
    items: Vec<GroupLicenseView>,
}

impl From<GroupLicense> for GroupLicenseView {
    fn from(license: GroupLicense) -> Self {
        let GroupLicense { service_id, since, pending, ending, .. } = license;
        Self { service_id, since, pending, ending, progress: None }
    }
}

impl From<Vec<GroupLicense>> for GroupLicenses {
    fn from(licenses: Vec<GroupLicense>) -> Self {
        Self { items: licenses.into_iter().map(GroupLicenseView::from).collect() }
    }
}

impl From<Vec<(GroupLicense, Followed)>> for GroupLicenses {
    fn from(licenses: Vec<(GroupLicense, Followed)>) -> Self {
        let view = |(license, Followed { total, done })| GroupLicenseView {
            progress: Some(FollowedView { total, done }),
            ..GroupLicenseView::from(license)
        };
        Self { items: licenses.into_iter().map(view).collect() }
    }
}

/// The licenses that a group has itself, and how far its users have followed.
#[utoipa::path(get, path = "/groups/{group}/licenses", tag = "groups", operation_id = "list_group_licenses",
    params(("group" = String, Path, description = "Id")),
    responses((status = 200, body = GroupLicenses), Refusals), extensions(("x-permission" = json!("license.view"))))]
pub(super) async fn list_group_licenses(
    Path(group): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<GroupLicenses>, Refused> {
    let id = group_id(&group)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::followed(tx, right, &id).await })).await?;
    Ok(answer.map(GroupLicenses::from))
}

/// Give a license to a group: its users get a seat by themselves, the earliest first; the others wait.
#[utoipa::path(put, path = "/groups/{group}/licenses/{service_id}", tag = "groups", operation_id = "license_group",
    params(("group" = String, Path, description = "Id"),
        ("service_id" = String, Path, description = "publisherid.offerid.planid")),
    responses((status = 200, body = GroupLicenses), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
pub(super) async fn license_group(
    Path((group, service_id)): Path<(String, String)>,
    call: Call<SeatAssign, NoBody>,
) -> Result<Answer<GroupLicenses>, Refused> {
    let (id, service_id) = (group_id(&group)?, service(&service_id)?);
    call.write(move |tx, right| {
        Box::pin(async move {
            licensing::license_group(tx, right, &id, &service_id).await.map(GroupLicenses::from)
        })
    })
    .await
}

/// Take a license off a group: its users free their seats, unless they have them otherwise, too.
#[utoipa::path(delete, path = "/groups/{group}/licenses/{service_id}", tag = "groups",
    operation_id = "unlicense_group",
    params(("group" = String, Path, description = "Id"),
        ("service_id" = String, Path, description = "publisherid.offerid.planid")),
    responses((status = 200, body = GroupLicenses), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
pub(super) async fn unlicense_group(
    Path((group, service_id)): Path<(String, String)>,
    call: Call<SeatAssign, NoBody>,
) -> Result<Answer<GroupLicenses>, Refused> {
    let (id, service_id) = (group_id(&group)?, service(&service_id)?);
    call.write(move |tx, right| {
        Box::pin(async move {
            licensing::unlicense_group(tx, right, &id, &service_id).await.map(GroupLicenses::from)
        })
    })
    .await
}
