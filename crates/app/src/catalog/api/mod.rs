//! The catalogue over HTTP.

mod offers;
mod plans;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(offers::create_offer, offers::list_offers))
        .routes(routes!(offers::get_offer))
        .routes(routes!(plans::create_plan, plans::list_plans))
}
