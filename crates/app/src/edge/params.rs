//! Addresses: their segments, and queries such as `?limit=…&cursor=…`.

#![expect(clippy::disallowed_types, reason = "here their refusals become problem documents")]

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use types::{Cursor, PageRequest};
use utoipa::IntoParams;

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

/// A query whose every parameter is known.
#[derive(Debug)]
pub(crate) struct Params<Q>(pub Q);

impl<Q: DeserializeOwned> FromRequestParts<App> for Params<Q> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(MALFORMED_QUERY.because("%00 (NUL) is in it."));
        }
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| MALFORMED_QUERY.because(format!("{}.", error.body_text())))
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
