//! Publishing over HTTP.

mod certification;
mod plans;
pub(in crate::publishing) mod publisher;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    publisher::routes().merge(plans::routes()).merge(certification::routes())
}
