//! How many users of a publisher's customers would be refused (REL-06: counts, no names).

use askama::Template;
use axum::response::{IntoResponse as _, Response};

use super::{Asked, TEXTS, asking, choices};
use crate::access::DealView;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};
use crate::reports::api::enforcement::{EVERY, customers_csv};
use crate::reports::operations::enforcement::{self, CustomerRisks};

pub(super) const PAGE: &str = "/publisher/insights/enforcement";

#[derive(Template)]
#[template(path = "reports/pages/risks/customers.html")]
struct Customers {
    t: Wording,
    days: Vec<(i64, bool)>,
    since_days: Vec<(i64, bool)>,
    rows: Vec<CustomerRisks>,
    pages: Pages,
    csv: String,
    refreshed: String,
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<DealView>) -> Result<Response, Refused> {
    let window = asked.window()?;
    let page = page_request(None, asked.cursor.as_deref())?;
    let (found, refresh) = visit
        .read(move |tx, right| {
            Box::pin(async move { enforcement::of_customers(tx, right, window, &page).await })
        })
        .await?;
    let (t, query) = (visit.wording(&TEXTS), asking(window));
    let body = Customers {
        t,
        days: choices(window.days),
        since_days: choices(window.since_days),
        pages: Pages::new(PAGE, &query, asked.cursor.is_none(), found.next_cursor.as_ref()),
        rows: found.items,
        csv: format!("{PAGE}.csv?{query}"),
        refreshed: t.moment(&refresh.at),
    };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead-customers")))
}

pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let window = asked.window()?;
    let (page, refresh) = visit
        .read(move |tx, right| {
            Box::pin(async move { enforcement::of_customers(tx, right, window, &EVERY).await })
        })
        .await?;
    Ok(customers_csv(page, refresh)?.for_people().into_response())
}
