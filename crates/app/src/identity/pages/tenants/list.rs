//! Every organisation of the marketplace, searched and narrowed.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::{LIST, TEXTS};
use crate::access::TenantAdmit;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::identity::Tenant;
use crate::identity::operations::find;
use crate::identity::tenant::{TenantFilter, TenantKind};
use crate::kit::page::{Pages, Sheet, Wording, query};
use crate::kit::{Fields, Refused, Search};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    search: String,
    /// `publisher`, `customer`, or nothing for both.
    #[serde(default)]
    kind: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "identity/pages/tenants/list.html")]
struct List {
    t: Wording,
    asked: Asked,
    rows: Vec<Tenant>,
    pages: Pages,
}

pub(super) async fn look(
    Params(asked): Params<Asked>,
    visit: Visit<TenantAdmit>,
) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let filter = filter(&asked)?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_tenants(tx, right, &page, &filter).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let query = query(&[("search", &asked.search), ("kind", &asked.kind)]);
    let pages = Pages::new(LIST, &query, asked.cursor.is_none(), found.next_cursor.as_ref());
    let sheet = Sheet::new(t.of("list-title"), &List { t, asked, rows: found.items, pages })?;
    visit.show(sheet.lead(t.of("list-lead")))
}

fn filter(asked: &Asked) -> Result<TenantFilter, Refused> {
    let mut fields = Fields::default();
    let search = fields.check("search", Search::parse(Some(&asked.search)));
    let kind = Some(asked.kind.as_str()).filter(|kind| !kind.is_empty());
    let kind = fields.optional("kind", kind, TenantKind::parse);
    let (Some(search), Some(kind)) = (search, kind) else { return Err(fields.refuse()) };
    Ok(TenantFilter { search, kind })
}

/// All that the filters have, as a file.
pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<TenantAdmit>,
) -> Result<Response, Refused> {
    let (t, filter) = (visit.wording(&TEXTS), filter(&asked)?);
    let columns = ["name", "publisher-id", "country", "admitted-at"].map(|key| t.of(key));
    let row = move |tenant: Tenant| {
        let publisher = tenant.publisher_id.map(|id| id.to_string()).unwrap_or_default();
        vec![tenant.name, publisher, t.country(&tenant.country).to_owned(), tenant.created_at.day()]
    };
    let list = visit.export("organisations", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(find::list_tenants(tx, right, &page, &filter).await?.map(row)) })
    });
    list.await
}
