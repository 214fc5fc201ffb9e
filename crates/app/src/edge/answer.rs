//! Answers that are not refusals.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use types::Freshness;

/// How far the write moved the logs; a check that carries it is decided at that point or later.
static FRESHNESS: HeaderName = HeaderName::from_static("freshness-token");
/// Present when the answer is that of an earlier request under the same key.
static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A table to be kept by whoever asked, and by nothing on the way.
#[derive(Debug)]
pub(crate) struct CsvFile<T = String> {
    /// What it is saved as, without its ending.
    pub name: String,
    pub table: T,
}

impl<T: Into<Body>> IntoResponse for CsvFile<T> {
    fn into_response(self) -> Response {
        let disposition = format!("attachment; filename=\"{}.csv\"", self.name);
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        (headers, self.table.into()).into_response()
    }
}

/// A value, with the headers that belong to it.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub value: T,
    status: StatusCode,
    freshness: Freshness,
    replayed: bool,
    etag: Option<i64>,
}

impl<T> Answer<T> {
    pub(crate) fn read(value: T) -> Self {
        Self::written(value, Freshness::default())
    }

    pub(crate) fn written(value: T, freshness: Freshness) -> Self {
        Self { value, status: StatusCode::OK, freshness, replayed: false, etag: None }
    }

    pub(super) fn replayed(value: T, freshness: Freshness) -> Self {
        Self { replayed: true, ..Self::written(value, freshness) }
    }

    /// 201: something new exists.
    pub(crate) fn created(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }

    /// 202: it is done later, and what is answered shows how far it is.
    pub(crate) fn accepted(self) -> Self {
        Self { status: StatusCode::ACCEPTED, ..self }
    }

    /// 204: there is nothing to tell but how far the logs moved.
    pub(crate) fn nothing(self) -> Nothing {
        let Self { freshness, replayed, .. } = self;
        Nothing { freshness, replayed }
    }

    /// The revision that `If-Match` may name.
    pub(crate) fn etag(self, revision: impl FnOnce(&T) -> i64) -> Self {
        Self { etag: Some(revision(&self.value)), ..self }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        let Self { value, status, freshness, replayed, etag } = self;
        Answer { value: change(value), status, freshness, replayed, etag }
    }
}

/// That it is done.
#[derive(Debug)]
pub(crate) struct Nothing {
    freshness: Freshness,
    replayed: bool,
}

impl IntoResponse for Nothing {
    fn into_response(self) -> Response {
        moved(StatusCode::NO_CONTENT.into_response(), &self.freshness, self.replayed)
    }
}

fn moved(mut response: Response, freshness: &Freshness, replayed: bool) -> Response {
    let headers = response.headers_mut();
    if !freshness.is_empty()
        && let Ok(value) = HeaderValue::from_str(&freshness.to_string())
    {
        headers.insert(FRESHNESS.clone(), value);
    }
    if replayed {
        headers.insert(REPLAYED.clone(), HeaderValue::from_static("true"));
    }
    response
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let response = (self.status, Json(self.value)).into_response();
        let mut response = moved(response, &self.freshness, self.replayed);
        if let Some(value) =
            self.etag.and_then(|revision| HeaderValue::from_str(&format!("\"{revision}\"")).ok())
        {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }
}
