//! AuthZEN over HTTP, at the root: where its clients look.

mod answer;
mod evaluate;
mod metadata;
mod search;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderName;
use axum::middleware::{self, Next};
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::MALFORMED;
use super::asker::Asker;
use crate::App;
use crate::edge::{is_json, read_body, recognise, said_once};
use crate::kit::Refused;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const BODY_MAX: usize = 1024 * 1024;

/// Mounted at the root.
pub(crate) fn root_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search::search_subjects))
        .routes(routes!(search::search_resources))
        .routes(routes!(search::search_actions))
        .routes(routes!(metadata::get_authzen_configuration))
        .layer(middleware::from_fn(echo_request_id))
}

/// Evaluations are checks, and mounted as these are.
pub(crate) fn check_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(evaluate::evaluate))
        .routes(routes!(evaluate::evaluate_many))
        .layer(middleware::from_fn(echo_request_id))
}

/// Whoever sends `X-Request-ID` finds it in the answer, whatever that is.
async fn echo_request_id(request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).cloned();
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID.clone(), id);
    }
    response
}

/// Who asks, and the body: what cannot be read is 400, as the standard has it.
struct Asked<B = Value> {
    asker: Asker,
    body: B,
}

impl<B: DeserializeOwned> FromRequest<App> for Asked<B> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let now = app.clock.now();
        let principal = recognise(app, &parts.headers, now).await?;
        app.questions.ask(&principal, 1, now)?;
        if !is_json(&parts.headers) {
            return Err(MALFORMED.because("Send it with Content-Type: application/json."));
        }
        let bytes = read_body(body, BODY_MAX).await?;
        let turn = app.questions.turns.take()?;
        said_once(&bytes)?;
        let body = serde_json::from_slice(&bytes).map_err(|error| MALFORMED.because(format!("{error}.")))?;
        let asker = Asker::new(app.clone(), turn, principal, now, &parts.headers);
        Ok(Self { asker, body })
    }
}
