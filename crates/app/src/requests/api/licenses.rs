//! Requests for more licenses.

use serde::{Deserialize, Serialize};
use types::{DealId, LicenseRequestId, Page, ServiceId, TenantId, Text, Timestamp};
use utoipa::ToSchema;

use crate::access::{DealView, LicenseRequest as MayRequest};
use crate::edge::{Answer, Call, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::licenses::quantity;
use crate::requests::LicenseRequest;
use crate::requests::operations::{find, request_licenses as requesting};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LicenseRequestView {
    id: LicenseRequestId,
    customer: TenantId,
    /// The latest that grants the plan.
    deal: DealId,
    service_id: ServiceId,
    /// More than there are.
    seats: i64,
    note: Option<String>,
    created_at: Timestamp,
}

impl From<LicenseRequest> for LicenseRequestView {
    fn from(request: LicenseRequest) -> Self {
        let LicenseRequest { id, customer_tenant_id, deal_id, service_id, seats, note, created_at, .. } =
            request;
        Self { id, customer: customer_tenant_id, deal: deal_id, service_id, seats, note, created_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LicenseRequestBody {
    /// More than there are.
    #[schema(minimum = 1, maximum = 1_000_000)]
    seats: i64,
    /// For the publisher.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Ask the publisher for more seats of a plan that you hold. It gets a lead on the deal, with your contact data.
#[utoipa::path(post, path = "/licenses/{service_id}/requests", tag = "requests", operation_id = "request_licenses",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid")),
    request_body = LicenseRequestBody, responses((status = 201, body = LicenseRequestView), Refusals),
    extensions(("x-permission" = json!("license.request"))))]
pub(super) async fn request_licenses(
    Path(service_id): Path<String>,
    call: Call<MayRequest, LicenseRequestBody>,
) -> Result<Answer<LicenseRequestView>, Refused> {
    let service_id = ServiceId::parse(&service_id).map_err(|_| Refused::not_found("license"))?;
    let (mut fields, seats) = (Fields::default(), call.body.seats);
    fields.check("seats", quantity(Some(seats)));
    let base_url = call.app.settings.base_url.clone();
    let note = fields.optional("note", call.body.note.as_deref(), Text::parse).flatten();
    fields.finish()?;
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let asked =
                    requesting::request_licenses(tx, right, &service_id, (seats, note), &base_url).await;
                asked.map(LicenseRequestView::from)
            })
        })
        .await?;
    Ok(answer.created())
}

/// What your customers ask for.
#[utoipa::path(get, path = "/license-requests", tag = "requests", operation_id = "list_license_requests",
    params(PageParams), responses((status = 200, body = Page<LicenseRequestView>), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
pub(super) async fn list_license_requests(
    Params(page): Params<PageParams>,
    call: Call<DealView>,
) -> Result<Answer<Page<LicenseRequestView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::license_requests(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(LicenseRequestView::from)))
}
