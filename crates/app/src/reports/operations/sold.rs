//! What a publisher has provisioned to whom (RPT-01).

use std::collections::BTreeMap;

use db::Tx;
use types::{Country, Page, PageRequest, PublisherId, ServiceId, TenantId, Timestamp};

use super::refresh::{Refresh, refresh};
use crate::access::{DealView, Right};
use crate::kit::Refused;
use crate::publishing::operations::names::Names;
use crate::reports::month::Month;
use crate::reports::store::{self, Sold, SoldFilter, Sum};
use crate::reports::{Counts, LicenseState, Months};

/// Rows read at once where all are wanted.
const CHUNK: usize = 1000;

/// Which pools, and when.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub filter: SoldFilter,
    pub months: Months,
}

impl Asked {
    /// Rows say what was when the range ended, or is, if it has not.
    fn as_of(&self, now: Timestamp) -> Timestamp {
        self.months.end().min(now)
    }
}

/// One customer's license of one plan.
#[derive(Debug, Clone)]
pub(crate) struct SoldLicense {
    pub customer: TenantId,
    pub customer_name: String,
    pub country: Country,
    pub activated_at: Option<Timestamp>,
    pub service_id: ServiceId,
    pub product: String,
    pub plan: String,
    pub counts: Counts,
}

/// A page of the licenses.
pub(crate) async fn sold(
    tx: &mut Tx,
    right: &Right<DealView>,
    asked: &Asked,
    page: &PageRequest,
) -> Result<(Page<SoldLicense>, Refresh), Refused> {
    let refresh = refresh_of_sales(tx, right).await?;
    let rows = read(tx, right.publisher()?, asked, page).await?;
    let mut names = Names::default();
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(named(tx, &mut names, row, asked.as_of(right.now())).await?);
    }
    Ok((Page { items, next_cursor: rows.next_cursor }, refresh))
}

/// All of them.
pub(crate) async fn all_sold(
    tx: &mut Tx,
    right: &Right<DealView>,
    asked: &Asked,
) -> Result<(Vec<SoldLicense>, Refresh), Refused> {
    let refresh = refresh_of_sales(tx, right).await?;
    let (publisher, as_of) = (right.publisher()?.clone(), asked.as_of(right.now()));
    let (mut items, mut names) = (Vec::new(), Names::default());
    let mut page = PageRequest { limit: CHUNK, after: None };
    loop {
        let rows = read(tx, &publisher, asked, &page).await?;
        page.after = rows.items.last().map(|row| store::sold_cursor(&row.tenant_id, &row.service_id));
        let more = rows.next_cursor.is_some();
        for row in rows.items {
            items.push(named(tx, &mut names, row, as_of).await?);
        }
        if !more {
            return Ok((items, refresh));
        }
    }
}

async fn read(
    tx: &mut Tx,
    publisher: &PublisherId,
    asked: &Asked,
    page: &PageRequest,
) -> Result<Page<Sold>, Refused> {
    let range = (asked.months.begin(), asked.months.end());
    let rows = store::list_sold(tx, publisher, &asked.filter, range, page).await?;
    Ok(Page::cut(rows, page, |row| store::sold_cursor(&row.tenant_id, &row.service_id)))
}

async fn named(tx: &mut Tx, names: &mut Names, row: Sold, as_of: Timestamp) -> Result<SoldLicense, Refused> {
    let (product, plan) = names.plan(tx, &row.service_id).await?;
    Ok(SoldLicense {
        customer: row.tenant_id,
        customer_name: names.tenant(tx, &row.tenant_id).await?,
        country: row.country,
        activated_at: row.activated_at,
        counts: Counts::at(row.granted, row.assigned, &row.beyond.0, as_of),
        service_id: row.service_id,
        product,
        plan,
    })
}

/// The publisher's own log says who its customers are, theirs what they have.
async fn refresh_of_sales(tx: &mut Tx, right: &Right<DealView>) -> Result<Refresh, Refused> {
    let mut logs = store::list_customers(tx, right.publisher()?).await?;
    logs.push(right.tenant());
    refresh(tx, right, &logs).await
}

/// More cannot be chosen from; who looks for one of them says it by its id.
const CHOICES: usize = 200;

/// Values and what they are called.
pub(crate) type Named = Vec<(String, String)>;

/// What there are numbers of; nothing where it is too much to choose from.
#[derive(Debug)]
pub(crate) struct Choices {
    /// Offers and their plans, by what stands in service ids.
    pub offers: Option<Named>,
    pub plans: Option<Named>,
    pub customers: Option<Named>,
}

pub(crate) async fn choices(tx: &mut Tx, right: &Right<DealView>) -> Result<Choices, Refused> {
    let (publisher, mut names) = (right.publisher()?, Names::default());
    let services = store::list_services(tx, publisher, CHOICES + 1).await?;
    let customers = store::list_customers(tx, publisher).await?;
    let (many_services, many_customers) = (services.len() > CHOICES, customers.len() > CHOICES);
    let (mut offers, mut plans, mut called) = (Named::new(), Named::new(), Named::new());
    for service in services.iter().filter(|_| !many_services) {
        let (product, plan) = names.plan(tx, service).await?;
        offers.push((service.offer().rsplit('.').next().unwrap_or_default().to_owned(), product));
        plans.push((service.plan().to_owned(), plan));
    }
    for customer in customers.iter().filter(|_| !many_customers) {
        called.push((customer.to_string(), names.tenant(tx, customer).await?));
    }
    Ok(Choices {
        offers: (!many_services).then(|| by_name(offers)),
        plans: (!many_services).then(|| by_name(plans)),
        customers: (!many_customers).then(|| by_name(called)),
    })
}

/// Plans of several offers may be called alike, and are asked for together.
fn by_name(mut named: Named) -> Named {
    named.sort();
    named.dedup_by(|one, before| one.0 == before.0);
    named.sort_by(|one, other| one.1.cmp(&other.1));
    named
}

/// A part of a whole, for a chart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Share {
    pub name: String,
    /// Pools of customers.
    pub licenses: i64,
    pub provisioned: i64,
    pub assigned: i64,
}

/// What charts are drawn from.
#[derive(Debug)]
pub(crate) struct Summary {
    pub total: Share,
    pub trend: Vec<(Month, i64, i64)>,
    pub by_plan: BTreeMap<ServiceId, Share>,
    pub by_state: BTreeMap<LicenseState, Share>,
    pub by_country: BTreeMap<Country, Share>,
}

impl Share {
    fn add(&mut self, license: &SoldLicense, name: &str) {
        name.clone_into(&mut self.name);
        self.licenses += 1;
        self.provisioned += license.counts.granted;
        self.assigned += license.counts.assigned;
    }
}

/// Trend by month, and distribution at the end of the range.
pub(crate) async fn summary(
    tx: &mut Tx,
    right: &Right<DealView>,
    asked: &Asked,
) -> Result<(Summary, Refresh), Refused> {
    let (licenses, refresh) = all_sold(tx, right, asked).await?;
    let mut trend = Vec::new();
    for month in asked.months.begun(right.now()) {
        let Sum { granted, assigned } =
            store::sum_sold(tx, right.publisher()?, &asked.filter, month.ends()).await?;
        trend.push((month, granted, assigned));
    }
    let mut summary = Summary {
        total: Share::default(),
        trend,
        by_plan: BTreeMap::new(),
        by_state: BTreeMap::new(),
        by_country: BTreeMap::new(),
    };
    for license in &licenses {
        let (state, country) = (license.counts.state(), license.country);
        let plan = format!("{} {}", license.product, license.plan);
        summary.total.add(license, "");
        summary.by_plan.entry(license.service_id.clone()).or_default().add(license, &plan);
        summary.by_state.entry(state).or_default().add(license, state.as_str());
        summary.by_country.entry(country).or_default().add(license, country.name());
    }
    Ok((summary, refresh))
}
