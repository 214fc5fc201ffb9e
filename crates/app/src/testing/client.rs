//! A client of the API, in the same process.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use super::contract;

/// Somebody who calls the API.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    pub token: Option<String>,
    headers: Vec<(&'static str, String)>,
    peer: Option<SocketAddr>,
}

/// What came back, checked against the API document.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
    request: String,
}

impl Client {
    pub(super) fn new(router: Router, token: Option<String>) -> Self {
        Self { router, token, headers: Vec::new(), peer: None }
    }

    /// The same client, sending one more header.
    pub(crate) fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.push((name, value.into()));
        client
    }

    /// The same client, at this address.
    pub(crate) fn at(&self, address: &str) -> Self {
        let peer = Some(SocketAddr::new(address.parse().expect("an address"), 50_000));
        Self { peer, ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.json(Method::POST, path, &body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PUT, path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.json(Method::PATCH, path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send(method, path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// What it sends each time.
    pub(super) fn request(&self, method: &Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(peer));
        }
        request
    }

    pub(super) async fn answer(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// `path` is below `/api/v1` unless it begins with `//`, which means the root.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Reply {
        let path = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        let mut request = self.request(&method, &path);
        let body = match body {
            Some((kind, bytes)) => {
                request = request.header(header::CONTENT_TYPE, kind);
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        let response = self.answer(request.body(body).unwrap()).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let request = format!("{method} {path}");
        contract::check(&method, &path, parts.status, &parts.headers, &bytes);
        Reply { status: parts.status, headers: parts.headers, bytes, request }
    }
}

impl Reply {
    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    #[track_caller]
    fn expect(self, status: StatusCode) -> Value {
        let body = self.body();
        assert_eq!(self.status, status, "{}: {body:#}", self.request);
        body
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        self.expect(StatusCode::OK)
    }

    #[track_caller]
    pub(crate) fn created(self) -> Value {
        self.expect(StatusCode::CREATED)
    }

    #[track_caller]
    pub(crate) fn no_content(self) {
        self.expect(StatusCode::NO_CONTENT);
    }

    /// A refusal of this status and code; the whole problem.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        let body = self.body();
        let found = (self.status.as_u16(), body["code"].as_str().unwrap_or_default());
        assert_eq!(found, (status, code), "{}: {body:#}", self.request);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        body
    }

    /// The codes of the wrong fields, by field.
    #[track_caller]
    pub(crate) fn wrong_fields(self) -> Vec<(String, String)> {
        let body = self.refused(422, "request.invalid");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        body["errors"].as_array().unwrap().iter().map(|e| (text(&e["field"]), text(&e["code"]))).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
