//! Who got in without a license, over HTTP.

use serde::Serialize;
use types::{Page, ServiceId, Timestamp, UserId};
use utoipa::ToSchema;

use crate::access::LicenseView;
use crate::edge::{Answer, Call, PageParams, Params, Refusals};
use crate::entitlements::waived::{self, Waived};
use crate::kit::Refused;

/// Somebody who would have been refused, were it enforced.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaivedView {
    user_id: UserId,
    /// The first that would have done.
    service_id: ServiceId,
    /// The component asked about, if one was.
    component: Option<String>,
    /// As in checks.
    reason: String,
    first_at: Timestamp,
    /// To the day.
    last_at: Timestamp,
}

impl From<Waived> for WaivedView {
    fn from(row: Waived) -> Self {
        let Waived { user_id, service_id, component, reason, first_at, last_at } = row;
        let component = Some(component).filter(|name| !name.is_empty());
        Self { user_id, service_id, component, reason, first_at, last_at }
    }
}

/// Users of your tenant who would have been refused, had the plans not said to record it only; noted at most
/// once a day.
#[utoipa::path(get, path = "/waived-checks", tag = "entitlements", operation_id = "list_waived_checks",
    params(PageParams), responses((status = 200, body = Page<WaivedView>), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
pub(super) async fn list_waived_checks(
    Params(page): Params<PageParams>,
    call: Call<LicenseView>,
) -> Result<Answer<Page<WaivedView>>, Refused> {
    let page = page.request()?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { Ok(waived::list_waived(tx, right, &page).await?) }));
    Ok(answer.await?.map(|page| page.map(WaivedView::from)))
}
