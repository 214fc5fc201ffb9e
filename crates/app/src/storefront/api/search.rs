//! Search over HTTP (STO-01).

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use types::{Cursor, PageRequest, PublisherId, Timestamp};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::edge::{Answer, Refusals};
use crate::kit::Refused;
use crate::storefront::asked::{Search, cut};
use crate::storefront::search::{Entry, FacetCounts, Found, LicensingOption};
use crate::storefront::viewer::Viewer;

/// What is searched for. A kind of filter may be repeated: any of its values will do.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query, which is read by hand because parameters repeat")]
pub(crate) struct SearchParams {
    /// Words; in name, summary, description, keywords and publisher, beginnings and typos too.
    #[param(max_length = 200)]
    q: Option<String>,
    category: Option<Vec<String>>,
    industry: Option<Vec<String>>,
    /// What the offer works with.
    product: Option<Vec<String>>,
    /// ISO 3166-1 alpha-2.
    market: Option<Vec<String>>,
    licensing_option: Option<Vec<LicensingOption>>,
    /// Rows a page has at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// A listing in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedCard {
    /// `publisherid.offerid`.
    address: String,
    web_address: String,
    publisher_id: PublisherId,
    publisher_name: String,
    /// Of the texts here: the closest to `Accept-Language` that there is.
    language: String,
    name: String,
    summary: String,
    /// Its hash; the file is at `/storefront/files/{hash}`.
    logo: Option<String>,
    categories: Vec<String>,
    licensing_option: LicensingOption,
    live_since: Timestamp,
}

impl ListedCard {
    fn of(entry: &Entry, viewer: &Viewer) -> Self {
        let (language, texts) = entry.listing.texts_for(&viewer.languages);
        Self {
            address: entry.address.clone(),
            web_address: format!("/product/{}", entry.address),
            publisher_id: entry.publisher_id.clone(),
            publisher_name: entry.publisher_name.clone(),
            language: language.as_str().to_owned(),
            name: texts.name.clone().unwrap_or_default(),
            summary: texts.summary.clone().unwrap_or_default(),
            logo: entry.listing.logo.clone().map(String::from),
            categories: entry.categories.clone(),
            licensing_option: entry.licensing_option,
            live_since: entry.live_since,
        }
    }
}

/// How many listings there are behind each value of a filter, the other filters applied.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Facets {
    categories: BTreeMap<String, usize>,
    industries: BTreeMap<String, usize>,
    products: BTreeMap<String, usize>,
    markets: BTreeMap<String, usize>,
    licensing_options: BTreeMap<String, usize>,
}

impl From<FacetCounts> for Facets {
    fn from(counts: FacetCounts) -> Self {
        let options = counts.licensing_options.into_iter();
        Self {
            categories: counts.categories,
            industries: counts.industries,
            products: counts.products,
            markets: counts.markets.into_iter().map(|(market, count)| (market.into(), count)).collect(),
            licensing_options: options.map(|(option, count)| (option.as_str().to_owned(), count)).collect(),
        }
    }
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchPage {
    items: Vec<ListedCard>,
    /// Listings found, on all pages.
    total: usize,
    facets: Facets,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
}

/// Search what is live: best first, or without words the latest first.
#[utoipa::path(get, path = "/storefront/offers", tag = "storefront", operation_id = "list_storefront_offers",
    params(SearchParams), responses((status = 200, body = SearchPage), Refusals), security((), ("bearer" = [])))]
pub(super) async fn list_storefront_offers(
    State(app): State<App>,
    viewer: Viewer,
    search: Search,
) -> Result<Answer<SearchPage>, Refused> {
    let Search { words, filters, page } = search;
    let found = viewer.search(&app, &words, filters).await?;
    Ok(Answer::read(page_of(found, &page, &viewer)))
}

fn page_of(found: Found, page: &PageRequest, viewer: &Viewer) -> SearchPage {
    let (total, facets) = (found.hits.len(), found.facets.clone().into());
    let (hits, next_cursor) = cut(found, page);
    let items = hits.iter().map(|hit| ListedCard::of(&hit.entry, viewer)).collect();
    SearchPage { items, total, facets, next_cursor }
}
