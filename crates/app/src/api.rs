//! The JSON API: every feature's routes, the document that describes them, and a viewer for it.

use std::any::Any;
use std::io::Read;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use flate2::read::GzDecoder;
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::ToSchema;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, License, OpenApi, OpenApiBuilder, SecurityRequirement};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::access::MARKETPLACE;
use crate::edge::{METHOD_NOT_ALLOWED, NO_ROUTE, Refusals};
use crate::kit::{Refused, assets};
use crate::serve::Site;
use crate::{
    App, assignments, audit, authzen, bulk, catalog, deals, entitlements, events, groups, identity, idle,
    installations, jobs, leads, leases, licenses, mails, notices, packages, portals, publishing,
    relationships, reports, requests, rights, settings, storefront, webhooks,
};

/// The description of the API as `document` writes it, committed and proved by a test. Sent as it is, never
/// held as a structure, which takes ten times the memory; compressed when the program was built.
const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz"));
const DOCUMENT_PATH: &str = "/api/v1/openapi.json";

/// What is under `/api/v1`, by feature.
const FEATURES: &[fn() -> OpenApiRouter<App>] = &[
    events::api::routes,
    jobs::api::routes,
    identity::api::routes,
    audit::api::routes,
    mails::api::routes,
    webhooks::api::routes,
    settings::api::routes,
    catalog::api::routes,
    packages::api::routes,
    publishing::api::routes,
    storefront::api::routes,
    relationships::api::routes,
    deals::api::routes,
    licenses::api::routes,
    leads::api::routes,
    assignments::api::routes,
    bulk::api::routes,
    installations::api::routes,
    groups::api::routes,
    requests::api::routes,
    idle::api::routes,
    entitlements::api::routes,
    rights::api::routes,
    leases::api::routes,
    reports::api::routes,
    notices::api::routes,
];

/// The whole server side: routes, document, viewer.
pub fn router(app: App) -> Router {
    Routes::new().serve(app, |router| router)
}

/// The same with something put around every route but those of checks: apps ask them at every step of
/// their users, so they pay for nothing that they do not need, and plain questions take the short way.
pub fn site(app: App, around: impl FnOnce(Router) -> Router) -> Site {
    // With the way to a token, which whoever checks asks first on the same connection.
    let routes = checks().to_openapi().paths.paths.into_keys().chain(["/oauth2/token".to_owned()]);
    let clock = app.clock.clone();
    Site::new(Routes::new().serve(app, around), routes, clock)
}

/// Every route, for whichever app. To make them takes longer than to open an app: tests do it once.
#[derive(Clone)]
pub(crate) struct Routes {
    checks: Router<App>,
    features: Router<App>,
    pages: Router<App>,
}

impl Routes {
    pub(crate) fn new() -> Self {
        Self { checks: Router::from(checks()), features: features(), pages: portals::pages() }
    }

    /// With something put around every route but those of checks.
    pub(crate) fn serve(self, app: App, around: impl FnOnce(Router) -> Router) -> Router {
        let checks = self.checks.method_not_allowed_fallback(method_not_allowed).layer(catch_panic());
        let everything_else = self
            .features
            .merge(portals::dressed(self.pages, &app))
            .fallback(portals::nothing)
            .method_not_allowed_fallback(method_not_allowed)
            .layer(catch_panic());
        around(everything_else.with_state(app.clone())).merge(checks.with_state(app))
    }
}

fn checks() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(entitlements::api::check_routes()).merge(authzen::api::check_routes())
}

fn features() -> Router<App> {
    let features = FEATURES.iter().fold(Router::new(), |router, routes| router.merge(Router::from(routes())));
    let viewer = SwaggerUi::new("/api/docs").config(Config::from(DOCUMENT_PATH));
    let viewer = Router::from(viewer).layer(middleware::map_response(no_page));
    Router::from(root_routes())
        .merge(Router::from(identity::api::root_routes()))
        .merge(Router::from(authzen::api::root_routes()))
        .nest("/api/v1", features)
        .route(DOCUMENT_PATH, get(described))
        .merge(viewer)
}

fn catch_panic() -> CatchPanicLayer<fn(Box<dyn Any + Send>) -> Response> {
    CatchPanicLayer::custom(|_| Refused::internal("a handler panicked").into_response())
}

fn root_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_health))
}

#[derive(Serialize, ToSchema)]
struct HealthView {
    ready: bool,
}

/// Whether this node reads the database: for whoever shares the load between nodes.
#[utoipa::path(get, path = "/healthz", tag = "operations", operation_id = "get_health",
    responses((status = 200, body = HealthView), Refusals), security(()))]
async fn get_health(State(app): State<App>) -> Result<Json<HealthView>, Refused> {
    let log = events::log_id(&MARKETPLACE);
    app.db.read(move |tx| Box::pin(async move { tx.log_head(log).await })).await?;
    Ok(Json(HealthView { ready: true }))
}

/// Whoever takes no compression is seldom, and waits for it.
async fn described(headers: HeaderMap) -> Result<Response, Refused> {
    let common = [(CONTENT_TYPE, "application/json"), (VARY, "accept-encoding")];
    if assets::takes_gzip(&headers) {
        return Ok((common, [(CONTENT_ENCODING, "gzip")], DOCUMENT).into_response());
    }
    let mut plain = Vec::new();
    GzDecoder::new(DOCUMENT).read_to_end(&mut plain).map_err(Refused::internal)?;
    Ok((common, plain).into_response())
}

/// The description of the API (OpenAPI 3.1).
pub fn document() -> OpenApi {
    let features = FEATURES.iter().fold(OpenApiRouter::new(), |router, routes| router.merge(routes()));
    OpenApiRouter::with_openapi(base())
        .merge(root_routes())
        .merge(identity::api::root_routes())
        .merge(authzen::api::root_routes())
        .merge(checks())
        .nest("/api/v1", features)
        .into_openapi()
}

fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Seatline")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "A marketplace with per-seat licensing. Refusals are problem documents (RFC 9457).",
        ))
        .license(Some(License::new("Apache-2.0")));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let components = utoipa::openapi::ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .schema_from::<types::FieldError>()
        .schema_from::<types::Problem>()
        .build();
    OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components))
        .security(Some([SecurityRequirement::new::<_, _, &str>("bearer", [])]))
        .build()
}

/// The viewer refuses with an empty body.
async fn no_page(response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        return NO_ROUTE.because("The viewer has no such page; it begins at /api/docs.").into_response();
    }
    response
}

/// Whoever typed the address of a form sees a page that says so; programs are told the method.
async fn method_not_allowed(State(app): State<App>, request: Request) -> Result<Response, Refused> {
    if portals::shows(&request) {
        return portals::nothing(State(app), request).await;
    }
    Err(METHOD_NOT_ALLOWED.because(format!("{} does not take {}.", request.uri().path(), request.method())))
}
