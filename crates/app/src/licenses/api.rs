//! Licenses over HTTP.

mod customers;
mod relationships;

use serde::{Deserialize, Serialize};
use types::{DealId, PlanSlug, ServiceId, TenantId, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::find::{self, PoolStatus};
use super::operations::preview::{self, Effect};
use super::operations::update_licenses::{self, UpdateLicenses};
use super::operations::{edit_deal, pools};
use super::{License, quantity};
use crate::App;
use crate::access::{DealEdit, DealView, LicenseGrant, LicenseView as MayView, SeatAssign};
use crate::deals::Deal;
use crate::deals::api::{DealBody, DealView as DealAnswer, deal_id};
use crate::edge::{Answer, Call, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::seats::Policy;
use crate::seats::operations::capacity;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put_deal_licenses, get_deal_licenses))
        .routes(routes!(preview_licenses))
        .routes(routes!(edit_deal_terms))
        .routes(routes!(relationships::end_relationship))
        .routes(routes!(relationships::end_customer))
        .routes(routes!(list_licenses))
        .routes(routes!(get_license))
        .routes(routes!(customers::list_customers))
        .routes(routes!(set_policy))
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
            fields.check(&format!("plans[{at}].quantity"), quantity(Some(row.quantity)));
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
        UpdateLicenses { customer, wrong: fields, plans, remove, seen: Vec::new() }
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
    /// Where the licenses end with the contract.
    ends_at: Option<Timestamp>,
}

impl From<(Deal, Vec<License>)> for DealLicenses {
    fn from((deal, licenses): (Deal, Vec<License>)) -> Self {
        let plan_id = |service_id: &ServiceId| service_id.plan().to_owned();
        let licenses = licenses.into_iter().map(|license| GrantedLicense {
            plan_id: plan_id(&license.service_id),
            service_id: license.service_id,
            quantity: license.quantity,
            ends_at: license.ends_at,
        });
        Self { deal: deal.id, customer: deal.customer_tenant_id, licenses: licenses.collect() }
    }
}

/// Update the licenses of a deal: all rows at once or none; the customer has them immediately. Fewer seats
/// than are in use are accepted: see the preview.
#[utoipa::path(put, path = "/deals/{deal}/licenses", tag = "licenses", operation_id = "update_licenses",
    params(("deal" = String, Path, description = "Id")), request_body = UpdateBody,
    responses((status = 200, body = DealLicenses), Refusals), extensions(("x-permission" = json!("license.grant"))))]
async fn put_deal_licenses(
    Path(deal): Path<String>,
    call: Call<LicenseGrant, UpdateBody>,
) -> Result<Answer<DealLicenses>, Refused> {
    let id = deal_id(&deal)?;
    let (command, times) = (call.body.parse(), call.app.in_force.grace());
    call.write(move |tx, right| {
        Box::pin(async move {
            let updated = update_licenses::update_licenses(tx, right, &id, &command, times).await;
            updated.map(DealLicenses::from)
        })
    })
    .await
}

/// What an update would do to a plan's seats at the customer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenseEffect {
    service_id: ServiceId,
    /// Of all deals together.
    granted_before: i64,
    granted_after: i64,
    in_use: i64,
    /// Seats that would be in use beyond what is granted.
    goes_over: i64,
    /// How long these would still be usable.
    usable_until: Option<Timestamp>,
    /// When they would be gone; absent: kept without end, waiting.
    kept_until: Option<Timestamp>,
}

impl From<Effect> for LicenseEffect {
    fn from(effect: Effect) -> Self {
        let Effect { service_id, granted_before, granted_after, in_use, goes_over, usable_until, kept_until } =
            effect;
        Self { service_id, granted_before, granted_after, in_use, goes_over, usable_until, kept_until }
    }
}

/// One row for each plan that would change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicensePreview {
    items: Vec<LicenseEffect>,
}

/// What an update of a deal's licenses would do: how many seats go over, and how long these stay usable.
/// Refused as the update would be; changes nothing.
#[utoipa::path(post, path = "/deals/{deal}/licenses/preview", tag = "licenses", operation_id = "preview_licenses",
    params(("deal" = String, Path, description = "Id")), request_body = UpdateBody,
    responses((status = 200, body = LicensePreview), Refusals), extensions(("x-permission" = json!("license.grant"))))]
async fn preview_licenses(
    Path(deal): Path<String>,
    call: Call<LicenseGrant, UpdateBody>,
) -> Result<Answer<LicensePreview>, Refused> {
    let id = deal_id(&deal)?;
    let (command, times) = (call.body.parse(), call.app.in_force.grace());
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { preview::preview(tx, right, &id, &command, times).await })
        })
        .await?;
    Ok(answer.map(|effects| LicensePreview { items: effects.into_iter().map(LicenseEffect::from).collect() }))
}

/// Replace a deal's terms, while it is a draft or an update is required. Licenses that end with the contract
/// follow it.
#[utoipa::path(patch, path = "/deals/{deal}", tag = "deals", operation_id = "edit_deal",
    params(("deal" = String, Path, description = "Id")), request_body = DealBody,
    responses((status = 200, body = DealAnswer), Refusals), extensions(("x-permission" = json!("deal.edit"))))]
async fn edit_deal_terms(
    Path(deal): Path<String>,
    call: Call<DealEdit, DealBody>,
) -> Result<Answer<DealAnswer>, Refused> {
    let id = deal_id(&deal)?;
    let (terms, expected, times) = (call.body.parse()?, call.expected.clone(), call.app.in_force.grace());
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let edited = edit_deal::edit_deal(tx, right, &id, terms, &expected, times).await;
                edited.map(DealAnswer::from)
            })
        })
        .await?;
    Ok(answer.etag(|deal| deal.revision))
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
    /// Of those assigned: nobody's, and held until leases of them are over.
    held: i64,
    /// Seats beyond what is granted that are still usable.
    warning: i64,
    /// Seats that are not usable and will be gone, unless the plan is granted again.
    suspended: i64,
    /// Seats that are not usable and come back in order as soon as there is one for them.
    waiting: i64,
    /// Which seats go first when there are fewer than are in use.
    policy: Policy,
}

impl From<PoolStatus> for LicenseView {
    fn from(status: PoolStatus) -> Self {
        let PoolStatus { pool, warning, suspended, waiting } = status;
        let offer = pool.service_id.offer().to_owned();
        Self {
            available: pool.available(),
            service_id: pool.service_id,
            offer,
            granted: pool.granted,
            assigned: pool.in_use,
            held: pool.held,
            warning,
            suspended,
            waiting,
            policy: pool.policy,
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
    let service_id = service(&service_id)?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::pool_status(tx, right, &service_id).await }))
        .await?;
    Ok(answer.map(LicenseView::from))
}

fn service(text: &str) -> Result<ServiceId, Refused> {
    ServiceId::parse(text).map_err(|_| Refused::not_found("license"))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyBody {
    policy: Policy,
}

/// Choose which seats go first when there are fewer than are in use.
#[utoipa::path(put, path = "/licenses/{service_id}/policy", tag = "licenses", operation_id = "set_license_policy",
    params(("service_id" = String, Path, description = "publisherid.offerid.planid")), request_body = PolicyBody,
    responses((status = 200, body = LicenseView), Refusals), extensions(("x-permission" = json!("seat.assign"))))]
async fn set_policy(
    Path(service_id): Path<String>,
    call: Call<SeatAssign, PolicyBody>,
) -> Result<Answer<LicenseView>, Refused> {
    let (service_id, policy) = (service(&service_id)?, call.body.policy);
    call.write(move |tx, right| {
        Box::pin(async move {
            let pool = pools::lock(tx, right, &right.tenant(), &service_id).await?;
            capacity::set_policy(tx, right, pool, policy).await?;
            find::pool_status(tx, right, &service_id).await.map(LicenseView::from)
        })
    })
    .await
}
