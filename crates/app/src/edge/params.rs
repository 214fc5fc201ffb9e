//! Queries: `?limit=…&cursor=…` and whatever else a list filters by.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use types::{Cursor, PageRequest};
use utoipa::IntoParams;

use super::MALFORMED_QUERY;
use crate::App;
use crate::kit::{Fields, Refused};

/// A query whose every parameter is known.
#[derive(Debug)]
pub(crate) struct Params<Q>(pub Q);

impl<Q: DeserializeOwned> FromRequestParts<App> for Params<Q> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
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

/// For lists with filters of their own, whose query repeats these two.
pub(crate) fn page_request(limit: Option<usize>, cursor: Option<&str>) -> Result<PageRequest, Refused> {
    let mut fields = Fields::default();
    let limit = limit.unwrap_or(PageRequest::DEFAULT);
    if !(1..=PageRequest::MAX).contains(&limit) {
        fields.wrong("limit", "limit.out_of_range", format!("must be 1 to {}", PageRequest::MAX));
    }
    match fields.optional("cursor", cursor, Cursor::parse) {
        Some(after) if (1..=PageRequest::MAX).contains(&limit) => Ok(PageRequest { limit, after }),
        _ => Err(fields.refuse()),
    }
}
