//! Rights of users, and why they are as they are, over HTTP.

mod explain;
mod list;

use types::{TenantId, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::kit::Refused;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_own_rights))
        .routes(routes!(list::list_rights_of_user))
        .routes(routes!(list::list_rights_of_customer_user))
        .routes(routes!(explain::explain_own_right))
        .routes(routes!(explain::explain_right))
        .routes(routes!(explain::explain_customer_right))
}

/// The customer and the user that an address names; a publisher names users by id.
fn customer_user(tenant: &str, user: &str) -> Result<(TenantId, UserId), Refused> {
    let tenant = TenantId::parse(tenant).map_err(|_| Refused::not_found("customer"))?;
    let user = UserId::parse(user).map_err(|_| Refused::not_found("user"))?;
    Ok((tenant, user))
}
