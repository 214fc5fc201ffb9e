//! Checks over HTTP.

mod answered;
mod asked;
mod batches;
mod checks;
mod edge;
mod follow;
pub(crate) mod freshness;
mod waived;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
pub use edge::edge_site;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(waived::list_waived_checks))
        .routes(routes!(follow::follow_rights))
        .routes(routes!(follow::follow_customer_rights))
        .routes(routes!(follow::follow_all_rights))
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
        .routes(routes!(batches::check_everybody))
}
