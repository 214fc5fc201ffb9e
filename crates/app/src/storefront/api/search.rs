//! Search over HTTP (STO-01).

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::Serialize;
use types::{Country, Cursor, PageRequest, PublisherId, Text, Timestamp};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::edge::{Answer, MALFORMED_QUERY, Refusals, page_request};
use crate::kit::{Fields, Refused};
use crate::storefront::search::{Entry, FacetCounts, Filters, Found, LicensingOption, before};
use crate::storefront::viewer::Viewer;

/// Values of one kind that can be filtered by.
const VALUES: usize = 20;

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

/// The query, read.
pub(super) struct Search {
    words: String,
    filters: Filters,
    page: PageRequest,
}

impl FromRequestParts<App> for Search {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|error| MALFORMED_QUERY.because(format!("{error}.")))?;
        Self::read(pairs)
    }
}

impl Search {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, Refused> {
        let (mut fields, mut filters) = (Fields::default(), Filters::default());
        let (mut words, mut limit, mut cursor) = (None, None, None);
        for (name, value) in pairs {
            match name.as_str() {
                "q" => words = Some(value),
                "limit" => limit = fields.check("limit", value.parse().map_err(|_| not_a_number())),
                "cursor" => cursor = Some(value),
                "category" => add(&mut fields, "category", &mut filters.categories, Some(value)),
                "industry" => add(&mut fields, "industry", &mut filters.industries, Some(value)),
                "product" => add(&mut fields, "product", &mut filters.products, Some(value)),
                "market" => {
                    let market = fields.parse("market", &value, Country::parse);
                    add(&mut fields, "market", &mut filters.markets, market);
                }
                "licensing_option" => {
                    let option = fields.parse("licensing_option", &value, LicensingOption::parse);
                    add(&mut fields, "licensing_option", &mut filters.licensing_options, option);
                }
                other => {
                    return Err(MALFORMED_QUERY.because(format!("{other} is no parameter of this list.")));
                }
            }
        }
        let given = words.as_deref().map(str::trim).filter(|words| !words.is_empty());
        let words = fields.optional("q", given, Text::<200>::parse).flatten();
        fields.finish()?;
        let page = page_request(limit, cursor.as_deref())?;
        Ok(Self { words: words.map_or_else(String::new, Text::into_string), filters, page })
    }
}

fn not_a_number() -> types::Violation {
    types::Violation::new("limit.malformed", "must be a number")
}

fn add<T>(fields: &mut Fields, field: &str, values: &mut Vec<T>, value: Option<T>) {
    values.extend(value);
    if values.len() > VALUES {
        fields.wrong(field, "field.too_many", format!("is there more than {VALUES} times"));
        values.truncate(VALUES);
    }
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
    let Search { words, mut filters, page } = search;
    if let Some(principal) = viewer.principal.clone() {
        let belongings =
            app.db.read(move |tx| Box::pin(async move { Viewer::belongings(Some(&principal), tx).await }));
        filters.private_plans = belongings.await?.private_plans;
    }
    let found = app.storefront.search(&app.db, |index| index.search(&words, &filters)).await?;
    Ok(Answer::read(cut(found, &page, &viewer)))
}

fn cut(found: Found, page: &PageRequest, viewer: &Viewer) -> SearchPage {
    let total = found.hits.len();
    let after = page.after.as_deref().and_then(read_key);
    let after = after.as_ref().map(|(score, address)| (*score, address.as_str()));
    let rest =
        found.hits.iter().filter(|hit| after.is_none_or(|after| before(after, hit.position()).is_lt()));
    let hits: Vec<_> = rest.take(page.limit + 1).collect();
    let last = hits.get(page.limit.wrapping_sub(1)).filter(|_| hits.len() > page.limit);
    SearchPage {
        items: hits.iter().take(page.limit).map(|hit| ListedCard::of(&hit.entry, viewer)).collect(),
        total,
        facets: found.facets.into(),
        next_cursor: last.map(|hit| Cursor::after(&key(hit.position()))),
    }
}

fn key((score, address): (f64, &str)) -> Vec<u8> {
    [score.to_be_bytes().as_slice(), address.as_bytes()].concat()
}

fn read_key(key: &[u8]) -> Option<(f64, String)> {
    let (score, address) = key.split_first_chunk::<8>()?;
    Some((f64::from_be_bytes(*score), String::from_utf8(address.to_vec()).ok()?))
}
