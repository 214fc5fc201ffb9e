//! Around every request: an id, a time limit, a line in the log.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use app::kit::{Random, Turns};
use axum::Json;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;
use types::Problem;

const REQUEST_ID: &str = "x-request-id";

#[derive(Clone)]
pub(crate) struct Requests {
    pub(crate) random: Random,
    /// Who comes when all of them are taken is answered with 503.
    pub(crate) turns: Turns,
    /// A request that takes longer is answered with 503.
    pub(crate) limit: Duration,
    /// Ours, in front of this program; what others say in `X-Forwarded-For` is not believed.
    pub(crate) proxies: usize,
}

pub(crate) async fn observe(State(requests): State<Requests>, mut request: Request, next: Next) -> Response {
    if let Some(peer) = forwarded(request.headers(), requests.proxies) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 0)));
    }
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
        let mut response = match requests.turns.take() {
            Ok(_turn) => {
                let answered = tokio::time::timeout(requests.limit, next.run(request)).await;
                answered.unwrap_or_else(|_| too_slow(requests.limit))
            }
            Err(busy) => busy.into_response(),
        };
        let (status, micros) = (response.status().as_u16(), started.elapsed().as_micros());
        tracing::info!(http.status = status, duration.micros = micros, "answered");
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
    .instrument(span)
    .await
}

/// Whom the outermost of our proxies was called by: each adds its caller at the end.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev().filter_map(|line| line.to_str().ok());
    let callers = lines.flat_map(|line| line.rsplit(','));
    callers.take(proxies).nth(proxies.checked_sub(1)?)?.trim().parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxies_add_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers, 1), None);
        headers.append("x-forwarded-for", HeaderValue::from_static("198.51.100.1, 203.0.113.9"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.2"));
        let seen = |proxies| forwarded(&headers, proxies).map(|peer| peer.to_string());
        assert_eq!(seen(0), None);
        assert_eq!(seen(1).as_deref(), Some("10.0.0.2"));
        assert_eq!(seen(2).as_deref(), Some("203.0.113.9"));
        assert_eq!(seen(4), None);
    }
}
