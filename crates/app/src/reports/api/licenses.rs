//! What a publisher has provisioned, over HTTP (RPT-01).

use serde::{Deserialize, Serialize};
use types::{Country, Cursor, OfferSlug, PlanSlug, ServiceId, TenantId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CountsView, CsvFile, RefreshView, months};
use crate::App;
use crate::access::DealView as MayView;
use crate::edge::{Answer, Call, Params, Refusals, page_request};
use crate::kit::{Csv, Fields, Refused};
use crate::reports::operations::refresh::Refresh;
use crate::reports::operations::sold::{self, Asked, Share, SoldLicense, Summary};
use crate::reports::{LicenseState, SoldFilter};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_provisioned_licenses))
        .routes(routes!(export_provisioned_licenses))
        .routes(routes!(sum_provisioned_licenses))
}

/// Which licenses.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LicenseFilterParams {
    /// The first month, such as 2026-01; absent: the fifth one before the last.
    #[param(max_length = 7)]
    pub(in crate::reports) from: Option<String>,
    /// The last month, at most the eleventh after the first; absent: this one. Rows say what was when it ended.
    #[param(max_length = 7)]
    pub(in crate::reports) until: Option<String>,
    /// The offer's part of service ids.
    #[param(max_length = 50)]
    pub(in crate::reports) offer: Option<String>,
    /// The plan's part of service ids.
    #[param(max_length = 50)]
    pub(in crate::reports) plan: Option<String>,
    /// The customer's tenant id.
    #[param(max_length = 36)]
    pub(in crate::reports) customer: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[param(max_length = 2)]
    pub(in crate::reports) country: Option<String>,
}

/// Which licenses, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct LicenseReportParams {
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// The first month, such as 2026-01; absent: the fifth one before the last.
    #[param(max_length = 7)]
    from: Option<String>,
    /// The last month, at most the eleventh after the first; absent: this one. Rows say what was when it ended.
    #[param(max_length = 7)]
    until: Option<String>,
    /// The offer's part of service ids.
    #[param(max_length = 50)]
    offer: Option<String>,
    /// The plan's part of service ids.
    #[param(max_length = 50)]
    plan: Option<String>,
    /// The customer's tenant id.
    #[param(max_length = 36)]
    customer: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[param(max_length = 2)]
    country: Option<String>,
}

impl LicenseFilterParams {
    pub(in crate::reports) fn parse(&self, now: Timestamp) -> Result<Asked, Refused> {
        let mut fields = Fields::default();
        let months = months(&mut fields, self.from.as_deref(), self.until.as_deref(), now);
        let offer = fields.optional("offer", self.offer.as_deref(), OfferSlug::parse);
        let plan = fields.optional("plan", self.plan.as_deref(), PlanSlug::parse);
        let customer = fields.optional("customer", self.customer.as_deref(), TenantId::parse);
        let country = fields.optional("country", self.country.as_deref(), Country::parse);
        match (months, offer, plan, customer, country) {
            (Some(months), Some(offer), Some(plan), Some(customer), Some(country)) => {
                let offer = offer.map(|offer| offer.to_string());
                let plan = plan.map(|plan| plan.to_string());
                Ok(Asked { filter: SoldFilter { offer, plan, country, customer }, months })
            }
            _ => Err(fields.refuse()),
        }
    }
}

/// What one customer has of one plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProvisionedLicense {
    /// The customer's tenant id.
    customer: TenantId,
    customer_name: String,
    country: Country,
    /// When the first license of the plan was granted.
    activated_at: Option<Timestamp>,
    service_id: ServiceId,
    product: String,
    plan: String,
    state: LicenseState,
    provisioned: i64,
    assigned: i64,
    seats: CountsView,
}

impl From<SoldLicense> for ProvisionedLicense {
    fn from(license: SoldLicense) -> Self {
        Self {
            customer: license.customer,
            customer_name: license.customer_name,
            country: license.country,
            activated_at: license.activated_at,
            service_id: license.service_id,
            product: license.product,
            plan: license.plan,
            state: license.counts.state(),
            provisioned: license.counts.granted,
            assigned: license.counts.assigned,
            seats: license.counts.into(),
        }
    }
}

/// A page of licenses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProvisionedLicenses {
    items: Vec<ProvisionedLicense>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
    refresh: RefreshView,
}

/// What your customers have of your offers, when the last month of the range ended or, if it has not, now.
/// Licenses that were gone before the range began are left out.
#[utoipa::path(get, path = "/reports/licenses", tag = "reports", operation_id = "list_provisioned_licenses",
    params(LicenseReportParams), responses((status = 200, body = ProvisionedLicenses), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
async fn list_provisioned_licenses(
    Params(query): Params<LicenseReportParams>,
    call: Call<MayView>,
) -> Result<Answer<ProvisionedLicenses>, Refused> {
    let LicenseReportParams { limit, cursor, from, until, offer, plan, customer, country } = query;
    let page = page_request(limit, cursor.as_deref())?;
    let filter = LicenseFilterParams { from, until, offer, plan, customer, country };
    let asked = filter.parse(call.right.now())?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { sold::sold(tx, right, &asked, &page).await }))
        .await?;
    Ok(answer.map(|(page, refresh)| {
        let page = page.map(ProvisionedLicense::from);
        ProvisionedLicenses { items: page.items, next_cursor: page.next_cursor, refresh: refresh.into() }
    }))
}

/// As publishers know them from the license dashboard of Partner Center.
const COLUMNS: [&str; 12] = [
    "Customer Country",
    "Customer Country Code",
    "Customer Name",
    "Activation Date",
    "Product Display Name",
    "Product ID",
    "Licenses Provisioned",
    "Licenses Assigned",
    "SKU Name",
    "Tenant ID",
    "License State",
    "Service ID",
];

fn row(license: SoldLicense) -> [String; 12] {
    let service_id = license.service_id.to_string();
    let product_id = service_id.rsplit_once('.').map(|(offer, _)| offer.to_owned()).unwrap_or_default();
    [
        license.country.name().to_owned(),
        license.country.to_string(),
        license.customer_name,
        license.activated_at.map(Timestamp::day).unwrap_or_default(),
        license.product,
        product_id,
        license.counts.granted.to_string(),
        license.counts.assigned.to_string(),
        license.plan,
        license.customer.to_string(),
        license.counts.state().as_str().to_owned(),
        service_id,
    ]
}

/// All of that as CSV (RFC 4180, UTF-8). Texts that a spreadsheet would take for a formula begin with an
/// apostrophe. The headers `Refreshed-At` and `Refresh-Complete` say how fresh it is.
#[utoipa::path(get, path = "/reports/licenses.csv", tag = "reports",
    operation_id = "export_provisioned_licenses", params(LicenseFilterParams),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
async fn export_provisioned_licenses(
    Params(query): Params<LicenseFilterParams>,
    call: Call<MayView>,
) -> Result<CsvFile, Refused> {
    let asked = query.parse(call.right.now())?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { sold::all_sold(tx, right, &asked).await })).await?;
    csv_file(answer.value)
}

pub(in crate::reports) fn csv_file(
    (licenses, refresh): (Vec<SoldLicense>, Refresh),
) -> Result<CsvFile, Refused> {
    let mut csv = Csv::new(&COLUMNS)?;
    for license in licenses {
        csv.row(row(license))?;
    }
    Ok(CsvFile { name: "licenses", table: csv.finish()?, refresh })
}

/// A part of the whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareView {
    /// A service id, a state or a country code.
    key: String,
    name: String,
    /// Rows of the report: a customer's license of a plan.
    licenses: i64,
    provisioned: i64,
    assigned: i64,
}

impl ShareView {
    fn of(key: String, share: Share) -> Self {
        let Share { name, licenses, provisioned, assigned } = share;
        Self { key, name, licenses, provisioned, assigned }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProvisionedTotal {
    licenses: i64,
    provisioned: i64,
    assigned: i64,
}

/// How much there was when a month ended or, if it has not, is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthView {
    month: String,
    provisioned: i64,
    assigned: i64,
}

/// What charts are drawn from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProvisionedSummary {
    total: ProvisionedTotal,
    trend: Vec<MonthView>,
    by_plan: Vec<ShareView>,
    by_state: Vec<ShareView>,
    by_country: Vec<ShareView>,
    refresh: RefreshView,
}

/// What the licenses add up to: by month, and by plan, state and country at the end of the range.
#[utoipa::path(get, path = "/reports/licenses/summary", tag = "reports",
    operation_id = "sum_provisioned_licenses", params(LicenseFilterParams),
    responses((status = 200, body = ProvisionedSummary), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
async fn sum_provisioned_licenses(
    Params(query): Params<LicenseFilterParams>,
    call: Call<MayView>,
) -> Result<Answer<ProvisionedSummary>, Refused> {
    let asked = query.parse(call.right.now())?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { sold::summary(tx, right, &asked).await })).await?;
    Ok(answer.map(|(summary, refresh)| {
        let Summary { total: Share { licenses, provisioned, assigned, .. }, trend, .. } = summary;
        let month = |(month, provisioned, assigned): (_, _, _)| MonthView {
            month: ToString::to_string(&month),
            provisioned,
            assigned,
        };
        ProvisionedSummary {
            total: ProvisionedTotal { licenses, provisioned, assigned },
            trend: trend.into_iter().map(month).collect(),
            by_plan: shares(summary.by_plan),
            by_state: shares(summary.by_state.into_iter().map(|(state, share)| (state.as_str(), share))),
            by_country: shares(summary.by_country),
            refresh: refresh.into(),
        }
    }))
}

fn shares<K: ToString>(parts: impl IntoIterator<Item = (K, Share)>) -> Vec<ShareView> {
    parts.into_iter().map(|(key, share)| ShareView::of(key.to_string(), share)).collect()
}
