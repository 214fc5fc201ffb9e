//! Around every request: an id, a time limit, a line in the log.

use std::time::{Duration, Instant};

use app::kit::Random;
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;
use types::Problem;

const REQUEST_ID: &str = "x-request-id";

#[derive(Clone)]
pub(crate) struct Requests {
    pub(crate) random: Random,
    /// A request that takes longer is answered with 503.
    pub(crate) limit: Duration,
}

pub(crate) async fn observe(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let id = request_id(&request, &requests.random);
    // The route and not the address: addresses name people.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = tracing::info_span!(
        "request",
        request.id = id.to_str().unwrap_or_default(),
        http.method = %request.method(),
        http.route = route.as_deref().unwrap_or("none"),
    );
    async move {
        let started = Instant::now();
        let answered = tokio::time::timeout(requests.limit, next.run(request)).await;
        let mut response = answered.unwrap_or_else(|_| too_slow(requests.limit));
        let (status, micros) = (response.status().as_u16(), started.elapsed().as_micros());
        tracing::info!(http.status = status, duration.micros = micros, "answered");
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
    .instrument(span)
    .await
}

/// The caller's, if it is one to put into a log, or a new one.
fn request_id(request: &Request, random: &Random) -> HeaderValue {
    let given = request.headers().get(REQUEST_ID).filter(|id| {
        (1..=64).contains(&id.len())
            && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    });
    given.cloned().unwrap_or_else(|| {
        HeaderValue::try_from(hex(&random.bytes::<16>())).unwrap_or(HeaderValue::from_static("none"))
    })
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn too_slow(limit: Duration) -> Response {
    let detail = format!(
        "It took longer than {} seconds. A write may still have happened: send it again under the same Idempotency-Key.",
        limit.as_secs()
    );
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let problem =
        Problem::new(status.as_u16(), "server.unavailable", "The server cannot do this now", detail);
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, Json(problem)).into_response()
}
