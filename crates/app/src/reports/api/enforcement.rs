//! Who would be refused tomorrow, over HTTP (PLN-07).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use types::{Cursor, Email, Page, PageRequest, ServiceId, TenantId, Timestamp, UserId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CsvFile, RefreshView};
use crate::App;
use crate::access::{DealView, LicenseView as MayView};
use crate::edge::{Answer, Call, Params, Refusals, page_request};
use crate::kit::{Csv, Fields, Refused};
use crate::reports::operations::enforcement::{self, CustomerRisks, PlanRisks, Risk, RiskKind, Window};
use crate::reports::operations::refresh::Refresh;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_enforcement_risks))
        .routes(routes!(export_enforcement_risks))
        .routes(routes!(list_customer_risks))
        .routes(routes!(export_customer_risks))
}

/// Users that a plan names in JSON.
pub(in crate::reports) const USERS_SHOWN: usize = 100;

/// How far back and ahead.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RiskParams {
    /// Whose right ends within so many days.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    days: Option<i64>,
    /// Who got in without a license within so many days.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    since_days: Option<i64>,
}

/// The same of a page of customers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerRiskParams {
    /// Whose right ends within so many days.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    days: Option<i64>,
    /// Who got in without a license within so many days.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    since_days: Option<i64>,
    /// Customers a page is about at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

pub(in crate::reports) fn window(days: Option<i64>, since_days: Option<i64>) -> Result<Window, Refused> {
    let mut fields = Fields::default();
    let mut read = |name: &str, days: Option<i64>| {
        let days = days.unwrap_or(30);
        if !(1..=3650).contains(&days) {
            fields.wrong(name, "days.out_of_range", "must be 1 to 3650");
        }
        days
    };
    let window = Window { days: read("days", days), since_days: read("since_days", since_days) };
    fields.finish()?;
    Ok(window)
}

/// Somebody who would be refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskView {
    user_id: UserId,
    email: Option<Email>,
    kind: RiskKind,
    /// As in checks; of a right that ends its state now.
    reason: String,
    /// When it was waived last, or when the right ends.
    at: Timestamp,
}

/// How many would be refused a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskCounts {
    /// Users who got in without a license, because the plan only records it, and still have none.
    waived: usize,
    last_waived_at: Option<Timestamp>,
    /// Users whose right ends.
    ending: usize,
    first_ends_at: Option<Timestamp>,
}

impl RiskCounts {
    fn of(plan: &PlanRisks) -> Self {
        let ((waived, last_waived_at), (ending, first_ends_at)) = (plan.waived(), plan.ending());
        Self { waived, last_waived_at, ending, first_ends_at }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanRiskView {
    service_id: ServiceId,
    product: String,
    plan: String,
    #[serde(flatten)]
    counts: RiskCounts,
    /// The first hundred; the CSV has all.
    users: Vec<RiskView>,
}

/// By plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RiskReport {
    items: Vec<PlanRiskView>,
    refresh: RefreshView,
}

/// Who of your users would be refused tomorrow, by plan: who got in lately without a license, because the plan
/// only records it, and whose right ends soon.
#[utoipa::path(get, path = "/reports/enforcement", tag = "reports", operation_id = "list_enforcement_risks",
    params(RiskParams), responses((status = 200, body = RiskReport), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn list_enforcement_risks(
    Params(query): Params<RiskParams>,
    call: Call<MayView>,
) -> Result<Answer<RiskReport>, Refused> {
    let window = window(query.days, query.since_days)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { enforcement::of_own(tx, right, window).await }));
    Ok(answer.await?.map(|(plans, emails, refresh)| {
        let items = plans.into_iter().map(|plan| view(plan, &emails)).collect();
        RiskReport { items, refresh: refresh.into() }
    }))
}

fn view(plan: PlanRisks, emails: &HashMap<UserId, Email>) -> PlanRiskView {
    let counts = RiskCounts::of(&plan);
    let user = |Risk { user, kind, reason, at }: Risk| RiskView {
        user_id: user,
        email: emails.get(&user).cloned(),
        kind,
        reason,
        at,
    };
    let PlanRisks { service_id, product, plan, risks } = plan;
    PlanRiskView {
        service_id,
        product,
        plan,
        counts,
        users: risks.into_iter().take(USERS_SHOWN).map(user).collect(),
    }
}

/// The same as CSV (RFC 4180, UTF-8), a row for each user and plan.
#[utoipa::path(get, path = "/reports/enforcement.csv", tag = "reports", operation_id = "export_enforcement_risks",
    params(RiskParams), responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("license.view"))))]
async fn export_enforcement_risks(
    Params(query): Params<RiskParams>,
    call: Call<MayView>,
) -> Result<CsvFile, Refused> {
    let window = window(query.days, query.since_days)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { enforcement::of_own(tx, right, window).await }));
    let (plans, emails, refresh) = answer.await?.value;
    own_csv(plans, &emails, refresh)
}

/// The same table, for whoever reads it in a browser, too.
pub(in crate::reports) fn own_csv(
    plans: Vec<PlanRisks>,
    emails: &HashMap<UserId, Email>,
    refresh: Refresh,
) -> Result<CsvFile, Refused> {
    let mut csv = Csv::new(&["Service ID", "Product", "Plan", "User ID", "Email", "Kind", "Reason", "At"])?;
    for PlanRisks { service_id, product, plan, risks } in plans {
        for Risk { user, kind, reason, at } in risks {
            let email = emails.get(&user).map(ToString::to_string).unwrap_or_default();
            let of = [service_id.to_string(), product.clone(), plan.clone(), user.to_string(), email];
            csv.row(of.into_iter().chain([kind.as_str().to_owned(), reason, at.to_string()]))?;
        }
    }
    Ok(CsvFile { name: "enforcement", table: csv.finish()?, refresh })
}

/// A customer and a plan, in counts (REL-06).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerRiskView {
    customer: TenantId,
    customer_name: String,
    service_id: ServiceId,
    product: String,
    plan: String,
    #[serde(flatten)]
    counts: RiskCounts,
}

impl From<CustomerRisks> for CustomerRiskView {
    fn from(risks: CustomerRisks) -> Self {
        let counts = RiskCounts::of(&risks.plan);
        let CustomerRisks { customer, customer_name, plan: PlanRisks { service_id, product, plan, .. } } =
            risks;
        Self { customer, customer_name, service_id, product, plan, counts }
    }
}

/// Of a page of customers those where somebody would be refused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomerRiskReport {
    items: Vec<CustomerRiskView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
    refresh: RefreshView,
}

/// How many users of your customers would be refused your plans tomorrow.
#[utoipa::path(get, path = "/reports/enforcement/customers", tag = "reports", operation_id = "list_customer_risks",
    params(CustomerRiskParams), responses((status = 200, body = CustomerRiskReport), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
async fn list_customer_risks(
    Params(query): Params<CustomerRiskParams>,
    call: Call<DealView>,
) -> Result<Answer<CustomerRiskReport>, Refused> {
    let window = window(query.days, query.since_days)?;
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let answer = call.read(move |tx, right| {
        Box::pin(async move { enforcement::of_customers(tx, right, window, &page).await })
    });
    Ok(answer.await?.map(|(page, refresh)| {
        let items = page.items.into_iter().map(CustomerRiskView::from).collect();
        CustomerRiskReport { items, next_cursor: page.next_cursor, refresh: refresh.into() }
    }))
}

/// The same as CSV (RFC 4180, UTF-8), of all customers.
#[utoipa::path(get, path = "/reports/enforcement/customers.csv", tag = "reports",
    operation_id = "export_customer_risks",
    params(RiskParams), responses((status = 200, body = String, content_type = "text/csv"), Refusals),
    extensions(("x-permission" = json!("deal.view"))))]
async fn export_customer_risks(
    Params(query): Params<RiskParams>,
    call: Call<DealView>,
) -> Result<CsvFile, Refused> {
    let window = window(query.days, query.since_days)?;
    let answer = call.read(move |tx, right| {
        Box::pin(async move { enforcement::of_customers(tx, right, window, &EVERY).await })
    });
    let (page, refresh) = answer.await?.value;
    customers_csv(page, refresh)
}

/// All customers.
pub(in crate::reports) const EVERY: PageRequest = PageRequest { limit: 1_000_000, after: None };

/// The same table, for whoever reads it in a browser, too.
pub(in crate::reports) fn customers_csv(
    page: Page<CustomerRisks>,
    refresh: Refresh,
) -> Result<CsvFile, Refused> {
    let columns = [
        "Tenant ID",
        "Customer Name",
        "Service ID",
        "Product",
        "Plan",
        "Waived",
        "Last Waived At",
        "Ending",
        "First Ends At",
    ];
    let mut csv = Csv::new(&columns)?;
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    for CustomerRiskView { customer, customer_name, service_id, product, plan, counts } in
        page.items.into_iter().map(CustomerRiskView::from)
    {
        let of = [customer.to_string(), customer_name, service_id.to_string(), product, plan];
        let counted = [
            counts.waived.to_string(),
            at(counts.last_waived_at),
            counts.ending.to_string(),
            at(counts.first_ends_at),
        ];
        csv.row(of.into_iter().chain(counted))?;
    }
    Ok(CsvFile { name: "customer-enforcement", table: csv.finish()?, refresh })
}
