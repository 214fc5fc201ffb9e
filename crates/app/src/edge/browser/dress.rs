//! What surrounds every page: its reader, refusals as pages, headers, compression.

use std::sync::Arc;

use askama::Template;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use types::Problem;

use super::cookies;
use super::reader::{Reader, own_path};
use crate::App;
use crate::access::{FORBIDDEN, PERSONAL_TOKEN};
use crate::edge::NO_TOKEN;
use crate::kit::page::{Sheet, Wording, wording};
use crate::kit::{Refused, assets};

/// Bytes from which on an answer is compressed.
const COMPRESS_FROM: usize = 1024;
/// Bytes of a page.
const PAGE_MAX: usize = 32 * 1024 * 1024;

/// Everything from here and nothing inline; no other site may frame it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (method, accepts) = (parts.method.clone(), parts.headers.clone());
    let reader = match Reader::of(&app, &parts).await {
        Ok(reader) => Arc::new(reader),
        // Without the database there is no page, but words.
        Err(refused) => return refused.into_response(),
    };
    parts.extensions.insert(Arc::clone(&reader));
    let response = next.run(Request::from_parts(parts, body)).await;
    let mut response = as_page(&reader, &method, response).await;
    if !is_html(&response) {
        return response;
    }
    headers(&reader, &mut response);
    if assets::takes_gzip(&accepts) { compressed(response).await } else { response }
}

/// A refusal becomes a page, or the way to one.
async fn as_page(reader: &Reader, method: &Method, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind != "application/problem+json") {
        return response;
    }
    let retry_after = response.headers().get(header::RETRY_AFTER).cloned();
    let Ok(bytes) = to_bytes(response.into_body(), PAGE_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let problem = serde_json::from_slice::<Problem>(&bytes);
    let Ok(problem) = problem else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if problem.code == NO_TOKEN.code {
        return to_sign_in(reader, method);
    }
    let mut page = refusal(reader, problem).unwrap_or_else(Refused::into_response);
    if let Some(after) = retry_after {
        page.headers_mut().insert(header::RETRY_AFTER, after);
    }
    page
}

/// Whoever looked comes back to the page. Whoever sent a form takes it along (307 keeps the body), so that
/// nothing typed is lost.
fn to_sign_in(reader: &Reader, method: &Method) -> Response {
    let back = serde_urlencoded::to_string([("back", own_path(&reader.here))]).unwrap_or_default();
    let (status, page) = if method == Method::POST {
        (StatusCode::TEMPORARY_REDIRECT, "/sign-in/again")
    } else {
        (StatusCode::SEE_OTHER, "/sign-in")
    };
    (status, [(header::LOCATION, format!("{page}?{back}"))]).into_response()
}

#[derive(Template)]
#[template(path = "kit/page/refusal.html")]
struct Refusal {
    t: Wording,
    detail: String,
    errors: Vec<String>,
    home: &'static str,
    at_home: bool,
}

/// What somebody may not see and what is not there look the same (ROL-01).
fn refusal(reader: &Reader, mut problem: Problem) -> Result<Response, Refused> {
    if [FORBIDDEN.code, PERSONAL_TOKEN.code].contains(&problem.code.as_str()) {
        problem = Refused::not_found("page").into_problem();
    }
    let problem = reader.translated(problem);
    let t = wording(reader.language);
    let title = t.of(match problem.status {
        404 | 405 => "refusal-missing",
        400..=499 => "refusal-refused",
        503 => "refusal-later",
        _ => "refusal-failed",
    });
    let visitor = reader.visitor.as_ref();
    let home = if reader.portal.is_for(visitor.map(|it| &it.principal)) { reader.portal.home } else { "/" };
    let errors = problem.errors.into_iter().map(|error| error.message).collect();
    let body = Refusal { t, detail: problem.detail, errors, home, at_home: reader.path == home };
    let status = if problem.status == 405 { 404 } else { problem.status };
    reader.show(Sheet { status, ..Sheet::new(title, &body)? })
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html")) || response.status().is_redirection()
}

fn headers(reader: &Reader, response: &mut Response) {
    let signed_in = reader.visitor.is_some();
    let caching = if signed_in { "no-store" } else { "private, no-cache" };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "cookie, accept-language, accept-encoding"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let isolated = HeaderValue::from_static("same-origin");
    response.headers_mut().insert("cross-origin-opener-policy", isolated);
    if reader.secret_is_new
        && let Some(secret) = reader.new_secret()
    {
        response.headers_mut().append(header::SET_COOKIE, secret);
    }
    if reader.flash.is_some() && !response.status().is_redirection() {
        reader.set_cookie(response, cookies::FLASH, "", Some(0));
    }
}

async fn compressed(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes: Bytes = to_bytes(body, PAGE_MAX).await.unwrap_or_default();
    if bytes.len() < COMPRESS_FROM || parts.headers.contains_key(header::CONTENT_ENCODING) {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let smaller = assets::gzip(&bytes, Compression::fast());
    if smaller.is_empty() {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(smaller))
}

/// Whether whoever asks would rather have a page than a problem document.
pub(crate) fn wants_a_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
