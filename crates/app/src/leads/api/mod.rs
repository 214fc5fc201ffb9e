//! Leads over HTTP: the visitor's button, the publisher's page, and where leads go.

mod destinations;
mod publisher;
mod visitor;

use utoipa_axum::router::OpenApiRouter;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(visitor::routes()).merge(publisher::routes()).merge(destinations::routes())
}
