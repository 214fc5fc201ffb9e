//! The customers that consented, and what they hold.

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use crate::access::{CustomerInvite, DealView};
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};
use crate::licenses::operations::customers::{self, Customer};

#[derive(Template)]
#[template(path = "licenses/pages/customers.html")]
struct Customers {
    t: Wording,
    rows: Vec<Customer>,
    form: Entered,
    pages: Pages,
    may_invite: bool,
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { customers::list_customers(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new("/publisher/customers", "", params.cursor.is_none(), found.next_cursor.as_ref());
    let may_invite = visit.reader.right::<CustomerInvite>().is_ok();
    let sheet = Sheet::new(
        t.of("customers"),
        &Customers { t, rows: found.items, form: visit.form(), pages, may_invite },
    )?;
    visit.show(sheet.lead(t.of("customers-lead")))
}
