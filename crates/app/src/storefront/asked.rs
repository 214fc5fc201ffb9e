//! What the storefront is asked for, by its address: the same for pages and for the API.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use types::{Country, Cursor, PageRequest, Text};

use super::search::{Filters, Found, Hit, LicensingOption, before};
use crate::App;
use crate::edge::browser::wants_a_page;
use crate::edge::{MALFORMED_QUERY, page_request};
use crate::kit::{Fields, Refused};

/// Values of one kind that can be filtered by.
const VALUES: usize = 20;

/// The query, read.
pub(super) struct Search {
    pub words: String,
    pub filters: Filters,
    pub page: PageRequest,
}

impl FromRequestParts<App> for Search {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|error| MALFORMED_QUERY.because(format!("{error}.")))?;
        // Links that are shared carry parameters of others, and lead to the page all the same.
        Self::read(pairs, !wants_a_page(&parts.headers))
    }
}

impl Search {
    fn read(pairs: Vec<(String, String)>, is_strict: bool) -> Result<Self, Refused> {
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
                other if is_strict => {
                    return Err(MALFORMED_QUERY.because(format!("{other} is no parameter of this list.")));
                }
                _ => {}
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

/// One page of what was found, and where the next one begins.
pub(super) fn cut(found: Found, page: &PageRequest) -> (Vec<Hit>, Option<Cursor>) {
    let after = page.after.as_deref().and_then(read_key);
    let after = after.as_ref().map(|(score, address)| (*score, address.as_str()));
    let rest =
        found.hits.into_iter().filter(|hit| after.is_none_or(|after| before(after, hit.position()).is_lt()));
    let mut hits: Vec<Hit> = rest.take(page.limit + 1).collect();
    let more = hits.len() > page.limit;
    hits.truncate(page.limit);
    let next = hits.last().filter(|_| more).map(|last| Cursor::after(&key(last.position())));
    (hits, next)
}

fn key((score, address): (f64, &str)) -> Vec<u8> {
    [score.to_be_bytes().as_slice(), address.as_bytes()].concat()
}

fn read_key(key: &[u8]) -> Option<(f64, String)> {
    let (score, address) = key.split_first_chunk::<8>()?;
    Some((f64::from_be_bytes(*score), String::from_utf8(address.to_vec()).ok()?))
}
