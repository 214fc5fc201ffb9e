//! Deals over HTTP.

mod bodies;
mod publisher;
mod review;

use utoipa_axum::router::OpenApiRouter;

pub(crate) use bodies::{CustomerBody, DealBody, DealContact, DealView, MoneyBody};
pub(crate) use publisher::deal_id;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    publisher::routes().merge(review::routes())
}
