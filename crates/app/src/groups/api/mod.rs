//! Groups over HTTP.

mod groups;
mod licenses;
mod members;
mod presence;

use types::{GroupId, ServiceId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::kit::Refused;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(groups::create_group, groups::list_groups))
        .routes(routes!(groups::get_group, groups::delete_group))
        .routes(routes!(members::list_group_members, members::add_group_members))
        .routes(routes!(members::remove_group_members))
        .routes(routes!(licenses::list_group_licenses))
        .routes(routes!(licenses::license_group, licenses::unlicense_group))
        .routes(routes!(presence::deactivate_user))
        .routes(routes!(presence::activate_user))
        .routes(routes!(presence::delete_user))
}

fn group_id(text: &str) -> Result<GroupId, Refused> {
    GroupId::parse(text).map_err(|_| Refused::not_found("group"))
}

fn service(text: &str) -> Result<ServiceId, Refused> {
    ServiceId::parse(text).map_err(|_| Refused::not_found("license"))
}
