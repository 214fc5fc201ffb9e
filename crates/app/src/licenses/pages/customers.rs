//! The customers that consented, and what they hold.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{CustomerInvite, DealView, LeaseCustomers};
use crate::edge::browser::Visit;
use crate::edge::{Params, SearchParams};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};
use crate::licenses::operations::customers::{self, Customer};

#[derive(Template)]
#[template(path = "licenses/pages/customers.html")]
struct Customers {
    t: Wording,
    search: String,
    rows: Vec<Customer>,
    form: Entered,
    pages: Pages,
    may_invite: bool,
    may_lease: bool,
}

pub(super) async fn look(
    Params(asked): Params<SearchParams>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let (page, words) = (asked.page()?, asked.words());
    let found = visit.read(move |tx, right| {
        Box::pin(async move { customers::list_customers(tx, right, &page, &words).await })
    });
    let found = found.await?;
    let t = visit.wording(&TEXTS);
    let pages = asked.pages("/publisher/customers", found.next_cursor.as_ref());
    let may_invite = visit.reader.right::<CustomerInvite>().is_ok();
    let may_lease = visit.reader.right::<LeaseCustomers>().is_ok();
    let body = Customers {
        t,
        search: asked.search,
        rows: found.items,
        form: visit.form(),
        pages,
        may_invite,
        may_lease,
    };
    let sheet = Sheet::new(t.of("customers"), &body)?;
    visit.show(sheet.lead(t.of("customers-lead")))
}

/// All that the search has, as a file.
pub(super) async fn export(
    Params(asked): Params<SearchParams>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let (t, words) = (visit.wording(&TEXTS), asked.words());
    let columns = ["customer", "country", "tenant-id", "since", "plans", "granted", "assigned"];
    let columns = columns.map(|key| t.of(key));
    let row = move |Customer { tenant, since, holding }: Customer| {
        let counts = [holding.plans, holding.granted, holding.assigned].map(|count| count.to_string());
        let country = t.country(&tenant.country).to_owned();
        [tenant.name, country, tenant.id.to_string(), since.day()].into_iter().chain(counts).collect()
    };
    let list = visit.export("customers", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(customers::list_customers(tx, right, &page, &words).await?.map(row)) })
    });
    list.await
}
