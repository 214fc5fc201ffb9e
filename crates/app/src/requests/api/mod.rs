//! Requests over HTTP.

mod licenses;
mod seats;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(seats::request_seat, seats::list_own_seat_requests))
        .routes(routes!(seats::list_seat_requests))
        .routes(routes!(seats::grant_seat_request))
        .routes(routes!(seats::decline_seat_request))
        .routes(routes!(licenses::request_licenses))
        .routes(routes!(licenses::list_license_requests))
}
