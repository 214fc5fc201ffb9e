//! The customers that consented, and what they hold.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::TEXTS;
use crate::access::{CustomerInvite, DealView};
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::page::{Entered, Pages, Sheet, Wording, query};
use crate::kit::{Refused, Search};
use crate::licenses::operations::customers::{self, Customer};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "licenses/pages/customers.html")]
struct Customers {
    t: Wording,
    search: String,
    rows: Vec<Customer>,
    form: Entered,
    pages: Pages,
    may_invite: bool,
}

pub(super) async fn look(
    Params(Asked { search, cursor }): Params<Asked>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let page = page_request(None, cursor.as_deref())?;
    let words = Search::parse(Some(&search)).unwrap_or_default();
    let found = visit.read(move |tx, right| {
        Box::pin(async move { customers::list_customers(tx, right, &page, &words).await })
    });
    let found = found.await?;
    let t = visit.wording(&TEXTS);
    let query = query(&[("search", &search)]);
    let pages = Pages::new("/publisher/customers", &query, cursor.is_none(), found.next_cursor.as_ref());
    let may_invite = visit.reader.right::<CustomerInvite>().is_ok();
    let sheet = Sheet::new(
        t.of("customers"),
        &Customers { t, search, rows: found.items, form: visit.form(), pages, may_invite },
    )?;
    visit.show(sheet.lead(t.of("customers-lead")))
}
