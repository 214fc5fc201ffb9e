//! What an edge answers over HTTP: checks as the marketplace does, and how old its answers are.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use types::TenantId;

use super::{batches, checks};
use crate::access::MARKETPLACE;
use crate::edge::{METHOD_NOT_ALLOWED, NO_ROUTE};
use crate::kit::{Clock, Refused};
use crate::serve::Site;
use crate::{Edge, Node};

/// How old an edge's answers are.
#[derive(Serialize)]
struct Health {
    /// Whether it answers checks.
    ready: bool,
    /// Seconds since all was known that the marketplace knew.
    age_seconds: Option<f64>,
    /// Seconds by the marketplace's clock.
    at: Option<i64>,
    grace_seconds: Option<u32>,
    catalog_version: i64,
    tenants: usize,
    /// What was last wrong with what it was sent.
    last_fault: Option<String>,
    /// Uses, and people let in without a license, that the marketplace is still to be told of.
    untold: usize,
}

/// The same for one tenant.
#[derive(Serialize)]
struct TenantHealth {
    tenant: TenantId,
    version: i64,
    age_seconds: Option<f64>,
}

/// The whole edge, which tells the time by this clock.
pub fn edge_site(edge: Edge, clock: Clock) -> Site {
    let checks = [
        ("/api/v1/checks", post(checks::check_user)),
        ("/api/v1/me/checks", post(checks::check_self)),
        ("/api/v1/customer-checks", post(checks::check_customer)),
        ("/api/v1/checks/batch", post(batches::check_users)),
        ("/api/v1/me/checks/batch", post(batches::check_self_many)),
        ("/api/v1/customer-checks/batch", post(batches::check_customers)),
    ];
    let routes = checks.each_ref().map(|(path, _)| (*path).to_owned()).into_iter();
    let checks = checks.into_iter().fold(Router::new(), |router, (path, check)| router.route(path, check));
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/status", get(status))
        .merge(checks)
        .fallback(|| async { NO_ROUTE.because("An edge answers checks alone: see the marketplace's API.") })
        .method_not_allowed_fallback(|| async { METHOD_NOT_ALLOWED.because("Checks are sent by POST.") })
        .with_state(edge);
    Site::new(router, routes, clock)
}

/// 200 while it answers checks, else 503.
async fn health(State(edge): State<Edge>) -> Response {
    let standing = edge.replica.standing((edge.moment)());
    let ready = standing.is_some_and(|standing| !standing.is_over());
    let health = Health {
        ready,
        age_seconds: standing.map(|standing| seconds(standing.age)),
        at: standing.map(|standing| standing.at),
        grace_seconds: standing.map(|standing| standing.grace_seconds),
        catalog_version: edge.replica.catalog_version(),
        tenants: edge.replica.tenants().len(),
        last_fault: edge.replica.last_fault(),
        untold: edge.replica.notes().waiting(),
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}

/// By tenant, as far as whoever asks may see it: its own; all of them the operator, and the publisher whose edge it is.
async fn status(State(edge): State<Edge>, headers: HeaderMap) -> Result<Response, Refused> {
    let (node, now) = (Node::Edge(edge.clone()), edge.now());
    let asker = node.recognise(&headers, now).await?;
    let owner = edge.replica.publisher().is_some_and(|publisher| asker.publisher.as_ref() == Some(publisher));
    let all = owner || asker.tenant == MARKETPLACE;
    let age_seconds = edge.replica.standing((edge.moment)()).map(|standing| seconds(standing.age));
    let mut tenants = edge.replica.tenants();
    tenants.retain(|(tenant, _)| all || *tenant == asker.tenant);
    let told = tenants.into_iter().map(|(tenant, version)| TenantHealth { tenant, version, age_seconds });
    Ok(Json(told.collect::<Vec<_>>()).into_response())
}

fn seconds(age: Duration) -> f64 {
    age.as_secs_f64()
}
