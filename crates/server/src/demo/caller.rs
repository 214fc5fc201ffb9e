//! Somebody who calls the public API, without a socket in between.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt;

/// What a call of the story could not do: a defect of the story or of the server.
#[derive(Debug, thiserror::Error)]
#[error("the demo's story failed at {call}: {answer}")]
pub(crate) struct StoryError {
    call: String,
    answer: String,
}

#[derive(Clone)]
pub(super) struct Caller {
    router: Router,
    token: Option<String>,
}

impl Caller {
    pub(super) fn anonymous(router: Router) -> Self {
        Self { router, token: None }
    }

    pub(super) async fn sign_in(&self, email: &str, password: &str) -> Result<Self, StoryError> {
        let session = self.post("/sessions", json!({ "email": email, "password": password })).await?;
        Ok(Self { router: self.router.clone(), token: session["token"].as_str().map(str::to_owned) })
    }

    pub(super) async fn get(&self, path: &str) -> Result<Value, StoryError> {
        self.send(Method::GET, path, "application/json", Vec::new()).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, StoryError> {
        self.send(Method::POST, path, "application/json", body.to_string().into_bytes()).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Result<Value, StoryError> {
        self.send(Method::PUT, path, "application/json", body.to_string().into_bytes()).await
    }

    pub(super) async fn upload(&self, path: &str, zip: Vec<u8>) -> Result<Value, StoryError> {
        self.send(Method::PUT, path, "application/zip", zip).await
    }

    /// An image or a document of a listing.
    pub(super) async fn upload_file(&self, path: &str, bytes: Vec<u8>) -> Result<Value, StoryError> {
        self.send(Method::POST, path, "application/octet-stream", bytes).await
    }

    async fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Result<Value, StoryError> {
        let call = format!("{method} {path}");
        let failed = |answer: String| StoryError { call: call.clone(), answer };
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body));
        let request = request.map_err(|error| failed(error.to_string()))?;
        let response =
            self.router.clone().oneshot(request).await.map_err(|error| failed(error.to_string()))?;
        let status = response.status();
        let bytes =
            to_bytes(response.into_body(), usize::MAX).await.map_err(|error| failed(error.to_string()))?;
        if !status.is_success() {
            return Err(failed(format!("{status} {}", String::from_utf8_lossy(&bytes))));
        }
        Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
