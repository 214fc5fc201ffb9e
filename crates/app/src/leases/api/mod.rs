//! Leases over HTTP: one's own, the tenant's, and those of a publisher's customers.

mod customers;
mod own;
mod tenant;
mod views;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(own::issue_own_lease, own::list_own_leases))
        .routes(routes!(own::return_own_lease))
        .routes(routes!(own::get_own_revocations))
        .routes(routes!(tenant::issue_lease, tenant::list_leases))
        .routes(routes!(tenant::return_lease))
        .routes(routes!(tenant::revoke_lease))
        .routes(routes!(tenant::get_revocations))
        .routes(routes!(customers::issue_customer_lease, customers::list_customer_leases))
        .routes(routes!(customers::return_customer_lease))
        .routes(routes!(customers::revoke_customer_lease))
        .routes(routes!(customers::get_customer_revocations))
}
