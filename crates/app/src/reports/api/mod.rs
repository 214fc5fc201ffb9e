//! Reports over HTTP: as JSON, and as CSV beside it.

pub(in crate::reports) mod enforcement;
pub(in crate::reports) mod licenses;
mod seats;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use types::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::month::Month;
use super::operations::refresh::Refresh;
use super::{Counts, Months};
pub(super) use seats::held_csv;

use crate::App;
use crate::edge;
use crate::kit::{Fields, MARK};

static REFRESHED_AT: HeaderName = HeaderName::from_static("refreshed-at");
static COMPLETE: HeaderName = HeaderName::from_static("refresh-complete");

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    licenses::routes().merge(seats::routes()).merge(enforcement::routes())
}

/// How fresh a report is.
#[derive(Debug, Serialize, ToSchema)]
struct RefreshView {
    /// What the report says was so then.
    refreshed_at: Timestamp,
    /// Up to where your organisation's log was read.
    position: i64,
    /// Whether nothing is left to be read: what the report says is so now.
    complete: bool,
}

impl From<Refresh> for RefreshView {
    fn from(Refresh { at, position, complete }: Refresh) -> Self {
        Self { refreshed_at: at, position, complete }
    }
}

/// Seats, counted.
#[derive(Debug, Serialize, ToSchema)]
struct CountsView {
    granted: i64,
    assigned: i64,
    available: i64,
    /// Beyond what is granted and usable for a while.
    warning: i64,
    /// Beyond what is granted, not usable and kept for a while.
    suspended: i64,
    /// In the queue for a seat.
    waiting: i64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { granted, assigned, warning, suspended, waiting } = counts;
        Self { granted, assigned, available: counts.available(), warning, suspended, waiting }
    }
}

/// A table to be kept; its columns have no place for how fresh it is, so headers say that.
pub(in crate::reports) struct CsvFile {
    name: &'static str,
    table: String,
    refresh: Refresh,
}

impl CsvFile {
    /// As spreadsheets want it, which people open it with.
    pub(in crate::reports) fn for_people(self) -> Self {
        Self { table: MARK.to_owned() + &self.table, ..self }
    }
}

impl IntoResponse for CsvFile {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        let complete = if self.refresh.complete { "true" } else { "false" };
        headers.insert(COMPLETE.clone(), HeaderValue::from_static(complete));
        if let Ok(at) = HeaderValue::from_str(&self.refresh.at.to_string()) {
            headers.insert(REFRESHED_AT.clone(), at);
        }
        (headers, edge::CsvFile { name: self.name.to_owned(), table: self.table }).into_response()
    }
}

/// `from` and `until`, both months that belong to the range.
fn months(fields: &mut Fields, from: Option<&str>, until: Option<&str>, now: Timestamp) -> Option<Months> {
    let first = fields.optional("from", from, Month::parse);
    let last = fields.optional("until", until, Month::parse);
    fields.check("from", Months::new(first?, last?, now))
}
