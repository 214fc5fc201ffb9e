//! Where everything is.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;

/// The metadata of a policy decision point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenConfiguration {
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

/// Where AuthZEN's endpoints are.
#[utoipa::path(get, path = "/.well-known/authzen-configuration", tag = "authzen",
    operation_id = "get_authzen_configuration", responses((status = 200, body = AuthzenConfiguration)),
    security(()))]
pub(super) async fn get_authzen_configuration(State(app): State<App>) -> Json<AuthzenConfiguration> {
    let base = &app.settings.base_url;
    let at = |path: &str| format!("{base}/access/v1/{path}");
    Json(AuthzenConfiguration {
        policy_decision_point: base.clone(),
        access_evaluation_endpoint: at("evaluation"),
        access_evaluations_endpoint: at("evaluations"),
        search_subject_endpoint: at("search/subject"),
        search_resource_endpoint: at("search/resource"),
        search_action_endpoint: at("search/action"),
    })
}
