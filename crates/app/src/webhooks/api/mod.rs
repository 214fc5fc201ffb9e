//! Webhooks over HTTP.

mod deliveries;
mod endpoints;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(endpoints::routes()).merge(deliveries::routes())
}
