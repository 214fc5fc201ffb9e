//! Checks over HTTP.

mod answered;
mod asked;
mod batches;
mod checks;
mod freshness;
mod waived;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(waived::list_waived_checks))
}

/// What apps ask, mounted at the root, because a router within a router costs.
pub(crate) fn check_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(checks::check_user))
        .routes(routes!(checks::check_self))
        .routes(routes!(checks::check_customer))
        .routes(routes!(batches::check_users))
        .routes(routes!(batches::check_self_many))
        .routes(routes!(batches::check_customers))
}
