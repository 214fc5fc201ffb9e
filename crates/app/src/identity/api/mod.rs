//! Identity over HTTP.

mod clients;
mod language;
mod sessions;
mod setup;
mod tenants;
mod tokens;
mod users;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use users::UserView;

use crate::App;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::set_up))
        .routes(routes!(sessions::create_session))
        .routes(routes!(sessions::delete_current_session))
        .routes(routes!(sessions::get_me))
        .routes(routes!(sessions::change_own_password))
        .routes(routes!(language::get_own_language, language::choose_own_language))
        .routes(routes!(tenants::create_tenant, tenants::list_tenants))
        .routes(routes!(tenants::get_own_tenant))
        .routes(routes!(users::create_user, users::list_users))
        .routes(routes!(users::get_user, users::rename_user))
        .routes(routes!(users::set_roles))
        .routes(routes!(users::set_password))
        .routes(routes!(clients::create_api_client, clients::list_api_clients))
        .routes(routes!(clients::delete_api_client))
        .routes(routes!(tokens::create_personal_token, tokens::list_personal_tokens))
        .routes(routes!(tokens::delete_personal_token))
}

/// Mounted at the root: what OAuth clients expect where they expect it.
pub(crate) fn root_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(clients::issue_token)).routes(routes!(clients::get_jwks))
}
