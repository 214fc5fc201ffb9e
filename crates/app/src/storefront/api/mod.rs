//! The storefront over HTTP; no token is needed. With one, private plans and buttons are the viewer's.

mod offers;
mod search;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search::list_storefront_offers))
        .routes(routes!(offers::get_storefront_offer))
        .routes(routes!(offers::get_storefront_file))
        .routes(routes!(offers::get_storefront_preview))
        .routes(routes!(offers::get_storefront_preview_file))
}
