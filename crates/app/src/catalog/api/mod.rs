//! The catalogue over HTTP.

pub(in crate::catalog) mod audience;
pub(crate) mod compare;
pub(in crate::catalog) mod features;
pub(crate) mod files;
mod offers;
pub(in crate::catalog) mod page_bodies;
mod pages;
pub(crate) mod plans;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use offers::OfferView;
pub(crate) use pages::DraftView;

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
        .routes(routes!(pages::put_supplemental_content))
        .routes(routes!(compare::compare_offer))
        .routes(routes!(files::upload_file, files::list_files))
        .routes(routes!(files::get_file, files::delete_file))
        .routes(routes!(audience::put_audience, audience::list_audience))
        .routes(routes!(audience::upload_audience))
        .routes(routes!(plans::create_plan, plans::list_plans))
        .routes(routes!(plans::edit_plan, plans::delete_plan))
        .routes(routes!(plans::export_plan_definitions))
}
