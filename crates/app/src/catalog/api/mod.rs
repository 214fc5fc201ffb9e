//! The catalogue over HTTP.

mod offers;
mod page_bodies;
mod pages;
mod plans;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use offers::OfferView;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(offers::create_offer, offers::list_offers))
        .routes(routes!(offers::get_offer))
        .routes(routes!(pages::put_setup))
        .routes(routes!(pages::put_properties))
        .routes(routes!(pages::put_listing))
        .routes(routes!(pages::put_availability))
        .routes(routes!(pages::put_technical_configuration))
        .routes(routes!(plans::create_plan, plans::list_plans))
        .routes(routes!(plans::edit_plan, plans::delete_plan))
        .routes(routes!(plans::export_plan_definitions))
}
