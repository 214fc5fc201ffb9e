//! Licenses over HTTP.

mod customers;

use serde::{Deserialize, Serialize};
use types::{DealId, PlanSlug, ServiceId, TenantId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::find;
use super::operations::update_licenses::{self, UpdateLicenses};
use super::{License, Pool, QUANTITY};
use crate::App;
use crate::access::{DealView, LicenseGrant, LicenseView as MayView};
use crate::deals::Deal;
use crate::edge::{Answer, Call, Path, Refusals};
use crate::kit::{Fields, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put_deal_licenses, get_deal_licenses))
        .routes(routes!(list_licenses))
        .routes(routes!(get_license))
        .routes(routes!(customers::list_customers))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateBody {
    /// The tenant id of a customer that consented; fixed by the first update.
    #[schema(max_length = 36)]
    customer: String,
    /// Absolute quantities; plans that are not named stay as they are.
    #[serde(default)]
    #[schema(max_items = 100)]
    plans: Vec<PlanRow>,
    /// Plan ids whose licenses are removed; what is gone already stays so.
    #[serde(default)]
    #[schema(max_items = 100)]
    remove: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanRow {
    /// Plan id, such as `gold`.
    #[schema(max_length = 50)]
    plan: String,
    /// Of this deal; 0 is not the way to remove.
    #[schema(minimum = 1, maximum = 1_000_000)]
    quantity: i64,
}

impl UpdateBody {
    /// What is wrong is named later, together with what only the database can tell (LIC-02).
    fn parse(&self) -> UpdateLicenses {
        let mut fields = Fields::default();
        let customer = fields.parse("customer", &self.customer, TenantId::parse);
        if self.plans.is_empty() && self.remove.is_empty() {
            fields.wrong("plans", "license.no_row", "must name at least one plan, here or in remove");
        }
        let mut plans: Vec<(usize, PlanSlug, i64)> = Vec::new();
        for (at, row) in self.plans.iter().enumerate() {
            let field = format!("plans[{at}].plan");
            let plan = fields.parse(&field, &row.plan, PlanSlug::parse);
            if !QUANTITY.contains(&row.quantity) {
                let message =
                    format!("must be {} to {}; remove a license by remove", QUANTITY.start(), QUANTITY.end());
                fields.wrong(&format!("plans[{at}].quantity"), "license.quantity", message);
            }
            let Some(plan) = plan else { continue };
            if plans.iter().any(|(_, known, _)| *known == plan) {
                fields.wrong(&field, "license.plan_twice", "is named twice");
            }
            plans.push((at, plan, row.quantity));
        }
        let mut remove: Vec<(usize, PlanSlug)> = Vec::new();
        for (at, plan) in self.remove.iter().enumerate() {
            let field = format!("remove[{at}]");
            let Some(plan) = fields.parse(&field, plan, PlanSlug::parse) else { continue };
            let named = plans.iter().map(|(_, known, _)| known).chain(remove.iter().map(|(_, known)| known));
            if named.into_iter().any(|known| *known == plan) {
                fields.wrong(&field, "license.plan_twice", "is named twice");
            }
            remove.push((at, plan));
        }
        UpdateLicenses { customer, wrong: fields, plans, remove }
    }
}

/// What a deal grants.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DealLicenses {
    deal: DealId,
    customer: Option<TenantId>,
    licenses: Vec<GrantedLicense>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct GrantedLicense {
    plan_id: String,
    service_id: ServiceId,
    quantity: i64,
}

impl From<(Deal, Vec<License>)> for DealLicenses {
    fn from((deal, licenses): (Deal, Vec<License>)) -> Self {
        let plan_id =
            |service_id: &ServiceId| service_id.as_str().rsplit('.').next().unwrap_or_default().to_owned();
        let licenses = licenses.into_iter().map(|license| GrantedLicense {
            plan_id: plan_id(&license.service_id),
            service_id: license.service_id,
            quantity: license.quantity,
        });
        Self { deal: deal.id, customer: deal.customer_tenant_id, licenses: licenses.collect() }
    }
}

fn deal_id(text: &str) -> Result<DealId, Refused> {
    DealId::parse(text).map_err(|_| Refused::not_found("deal"))
}

/// Update the licenses of a deal: all rows at once or none; the customer has them immediately.
#[utoipa::path(put, path = "/deals/{deal}/licenses", tag = "licenses", operation_id = "update_licenses",
    params(("deal" = String, Path, description = "Id")), request_body = UpdateBody,
    responses((status = 200, body = DealLicenses), Refusals), extensions(("x-permission" = json!("license.grant"))))]
async fn put_deal_licenses(
    Path(deal): Path<String>,
    call: Call<LicenseGrant, UpdateBody>,
) -> Result<Answer<DealLicenses>, Refused> {
    let id = deal_id(&deal)?;
    let command = call.body.parse();
    call.write(move |tx, right| {
        Box::pin(async move {
            update_licenses::update_licenses(tx, right, &id, command).await.map(DealLicenses::from)
        })
    })
    .await
}

/// The licenses of a deal.
#[utoipa::path(get, path = "/deals/{deal}/licenses", tag = "licenses", operation_id = "get_deal_licenses",
    params(("deal" = String, Path, description = "Id")),
    responses((status = 200, body = DealLicenses), Refusals), extensions(("x-permission" = json!("deal.view"))))]
async fn get_deal_licenses(
    Path(deal): Path<String>,
    call: Call<DealView>,
) -> Result<Answer<DealLicenses>, Refused> {
    let id = deal_id(&deal)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::licenses_of_deal(tx, right, &id).await }))
        .await?;
    Ok(answer.map(DealLicenses::from))
}

/// A pool as the customer sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LicenseView {
    service_id: ServiceId,
    /// `publisherid.offerid`.
    offer: String,
    granted: i64,
    assigned: i64,
    available: i64,
}

impl From<Pool> for LicenseView {
    fn from(pool: Pool) -> Self {
        let offer = pool.service_id.as_str().rsplit_once('.').map_or("", |(offer, _)| offer).to_owned();
        Self {
            available: pool.available(),
            service_id: pool.service_id,
            offer,
            granted: pool.granted,
            assigned: pool.in_use,
        }
    }
}

/// Everything your organisation holds.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LicenseList {
    items: Vec<LicenseView>,
}

/// The licenses of your organisation: granted, assigned, available.
#[utoipa::path(get, path = "/licenses", tag = "licenses", operation_id = "list_licenses",
    responses((status = 200, body = LicenseList), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn list_licenses(call: Call<MayView>) -> Result<Answer<LicenseList>, Refused> {
    let answer = call.read(|tx, right| Box::pin(find::pools(tx, right))).await?;
    Ok(answer.map(|pools| LicenseList { items: pools.into_iter().map(LicenseView::from).collect() }))
}

/// One license of your organisation, by service id.
#[utoipa::path(get, path = "/licenses/{service_id}", tag = "licenses", operation_id = "get_license",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid")),
    responses((status = 200, body = LicenseView), Refusals), extensions(("x-permission" = json!("license.view"))))]
async fn get_license(
    Path(service_id): Path<String>,
    call: Call<MayView>,
) -> Result<Answer<LicenseView>, Refused> {
    let service_id = ServiceId::parse(&service_id).map_err(|_| Refused::not_found("license"))?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::pool(tx, right, &service_id).await })).await?;
    Ok(answer.map(LicenseView::from))
}
