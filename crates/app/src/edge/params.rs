//! Addresses: their segments, and queries such as `?limit=…&cursor=…`.

#![expect(clippy::disallowed_types, reason = "here their refusals become problem documents")]

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::value::Error as NoValue;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use types::{Cursor, PageRequest};
use utoipa::IntoParams;

use super::browser::is_of_pages;
use super::{MALFORMED_PATH, MALFORMED_QUERY};
use crate::App;
use crate::kit::page::{Pages, query};
use crate::kit::{Fields, Refused, Search};

/// As it is in addresses; PostgreSQL has no text with it.
const NUL: &str = "%00";

/// Segments of the address. What is not UTF-8 or has a NUL in it is refused: no name has.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        if parts.uri.path().contains(NUL) {
            return Err(MALFORMED_PATH.because("%00 (NUL) is in it."));
        }
        axum::extract::Path::from_request_parts(parts, app)
            .await
            .map(|axum::extract::Path(segments)| Self(segments))
            .map_err(|error| MALFORMED_PATH.because(format!("{}.", error.body_text())))
    }
}

/// A query whose every parameter is known. To pages links are shared that carry parameters of others, and a page is
/// led to all the same: there what nobody knows is passed over.
#[derive(Debug)]
pub(crate) struct Params<Q>(pub Q);

impl<Q: DeserializeOwned> FromRequestParts<App> for Params<Q> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(MALFORMED_QUERY.because("%00 (NUL) is in it."));
        }
        if is_of_pages(parts) {
            let pairs = known::<Q>(parts.uri.query().unwrap_or_default());
            let read = serde_urlencoded::to_string(pairs)
                .ok()
                .and_then(|query| serde_urlencoded::from_str(&query).ok());
            return read
                .map(Self)
                .ok_or_else(|| MALFORMED_QUERY.because("See what is after its question mark."));
        }
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| MALFORMED_QUERY.because(format!("{}.", error.body_text())))
    }
}

/// The parameters of a query that `Q` has, each once.
fn known<Q: DeserializeOwned>(query: &str) -> Vec<(String, String)> {
    let mut names = Names(&[]);
    // Always an error: nothing is read but what there is to read.
    drop(Q::deserialize(&mut names));
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in serde_urlencoded::from_str::<Vec<(String, String)>>(query).unwrap_or_default() {
        if names.0.contains(&name.as_str()) && !pairs.iter().any(|(taken, _)| *taken == name) {
            pairs.push((name, value));
        }
    }
    pairs
}

/// Asks a structure for the names of its fields.
struct Names(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Names {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue::custom("no structure"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoValue> {
        self.0 = fields;
        Err(NoValue::custom("only asked"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParams {
    /// Rows a page has at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    pub limit: Option<usize>,
    /// `next_cursor` of the page before.
    #[param(max_length = 1024)]
    pub cursor: Option<String>,
}

impl PageParams {
    pub(crate) fn request(&self) -> Result<PageRequest, Refused> {
        page_request(self.limit, self.cursor.as_deref())
    }
}

/// Of a page that is a list: what it is searched for, and how far it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SearchParams {
    #[serde(default)]
    pub search: String,
    cursor: Option<String>,
}

impl SearchParams {
    pub(crate) fn page(&self) -> Result<PageRequest, Refused> {
        page_request(None, self.cursor.as_deref())
    }

    /// What is no search, such as a text that is too long, finds what an empty one does.
    pub(crate) fn words(&self) -> Search {
        Search::parse(Some(&self.search)).unwrap_or_default()
    }

    /// Of the list at this path.
    pub(crate) fn pages(&self, path: &str, next: Option<&Cursor>) -> Pages {
        Pages::new(path, &query(&[("search", &self.search)]), self.cursor.is_none(), next)
    }
}

/// For lists with filters of their own, whose query repeats these two.
pub(crate) fn page_request(limit: Option<usize>, cursor: Option<&str>) -> Result<PageRequest, Refused> {
    let mut fields = Fields::default();
    let limit = limit.unwrap_or(PageRequest::DEFAULT);
    if !(1..=PageRequest::MAX).contains(&limit) {
        fields.wrong("limit", "limit.out_of_range", format!("must be 1 to {}", PageRequest::MAX));
    }
    let after = fields.optional("cursor", cursor, Cursor::parse);
    fields.finish()?;
    Ok(PageRequest { limit, after: after.flatten() })
}
