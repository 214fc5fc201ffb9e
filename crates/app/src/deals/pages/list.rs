//! Deals by tab, searched and filtered (DEA-02).

use std::iter;
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use db::Tx;
use serde::Deserialize;
use types::{Page, PageRequest};

use super::{TEXTS, badge, money};
use crate::access::{DealView, Right};
use crate::catalog::operations::find as catalog;
use crate::deals::deal::{ContractType, Deal, DealTab};
use crate::deals::operations::{DealFilter, find};
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::page::{Pages, Sheet, Wording, query};
use crate::kit::{Refused, Search};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    tab: Option<DealTab>,
    #[serde(default)]
    contract_type: String,
    #[serde(default)]
    search: String,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "deals/pages/list.html")]
struct List {
    t: Wording,
    tab: &'static str,
    tabs: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String, bool)>,
    search: String,
    filtered: bool,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    href: String,
    company: String,
    offer: String,
    kind: String,
    value: String,
    starts_on: String,
    badge: (&'static str, String),
}

impl Asked {
    fn kind(&self) -> Option<ContractType> {
        ContractType::parse(&self.contract_type).ok()
    }

    fn filter(&self) -> DealFilter {
        DealFilter {
            status: String::new(),
            contract_type: self.kind().map_or_else(String::new, |kind| kind.as_str().to_owned()),
            search: Search::parse(Some(&self.search)).unwrap_or_default(),
            company: String::new(),
            tab: self.tab.map_or("", DealTab::as_str).to_owned(),
        }
    }
}

/// Deals, each with its offer's alias.
async fn deals(
    tx: &mut Tx,
    right: &Right<DealView>,
    page: &PageRequest,
    filter: &DealFilter,
) -> Result<Page<(Deal, String)>, Refused> {
    let found = find::list_deals(tx, right, page, filter).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for deal in found.items {
        let offer = catalog::any_offer(tx, &deal.offer_id).await?;
        items.push((deal, offer.alias));
    }
    Ok(Page { items, next_cursor: found.next_cursor })
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<DealView>) -> Result<Response, Refused> {
    let page = page_request(None, asked.cursor.as_deref())?;
    let (tab, kind, filter) = (asked.tab, asked.kind(), asked.filter());
    let tab_name = tab.map_or("", DealTab::as_str);
    let found =
        visit.read(move |tx, right| Box::pin(async move { deals(tx, right, &page, &filter).await })).await?;
    let (t, reader) = (visit.wording(&TEXTS), &visit.reader);
    let rows = found.items.into_iter().map(|(deal, offer)| Row {
        href: format!("/publisher/deals/{}", deal.id),
        offer,
        kind: t.of(&format!("contract-{}", deal.contract_type.as_str())),
        value: money(&deal.terms.0.total_value),
        starts_on: t.date(&deal.terms.0.starts_on),
        badge: badge(reader, deal.status),
        company: deal.terms.0.company,
    });
    let rows = rows.collect();
    let all = ("/publisher/deals".to_owned(), t.of("tab-all"), tab.is_none());
    let tabs = DealTab::ALL.iter().map(|known| {
        let label = t.of(&format!("tab-{}", known.as_str().replace('_', "-")));
        (format!("/publisher/deals?tab={}", known.as_str()), label, tab == Some(*known))
    });
    let kinds = ContractType::ALL
        .iter()
        .map(|known| (known.as_str(), t.of(&format!("contract-{}", known.as_str())), kind == Some(*known)));
    let query = query(&[
        ("tab", tab_name),
        ("contract_type", kind.map_or("", |kind| kind.as_str())),
        ("search", &asked.search),
    ]);
    let pages = Pages::new("/publisher/deals", &query, asked.cursor.is_none(), found.next_cursor.as_ref());
    let body = List {
        t,
        tab: tab_name,
        tabs: iter::once(all).chain(tabs).collect(),
        kinds: kinds.collect(),
        filtered: kind.is_some() || !asked.search.is_empty(),
        search: asked.search,
        rows,
        pages,
    };
    visit.show(Sheet::new(t.of("deals"), &body)?.lead(t.of("deals-lead")))
}

/// All that the filters have, as a file.
pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<DealView>,
) -> Result<Response, Refused> {
    let (t, reader, filter) = (visit.wording(&TEXTS), Arc::clone(&visit.reader), asked.filter());
    let columns = [
        "field-customer-company",
        "field-offer",
        "field-contract-type",
        "field-total-value",
        "field-starts-on",
    ];
    let columns: Vec<String> = columns.into_iter().map(|key| t.of(key)).chain([t.kit("status")]).collect();
    let row = move |(deal, offer): (Deal, String)| {
        let kind = t.of(&format!("contract-{}", deal.contract_type.as_str()));
        let (value, terms) = (money(&deal.terms.0.total_value), deal.terms.0);
        vec![terms.company, offer, kind, value, terms.starts_on.to_string(), badge(&reader, deal.status).1]
    };
    let list = visit.export("deals", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(deals(tx, right, &page, &filter).await?.map(row)) })
    });
    list.await
}
