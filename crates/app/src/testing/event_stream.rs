//! A reader of server-sent events.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, header};
use futures_core::Stream;
use serde_json::Value;

use super::Client;

/// What comes of a stream, event by event.
pub(crate) struct EventStream {
    body: BodyDataStream,
    rest: String,
}

impl EventStream {
    pub(crate) async fn open(client: &Client, path: &str) -> Self {
        let request = client.request(&Method::GET, &format!("/api/v1{path}"));
        let request: Request<Body> =
            request.header(header::ACCEPT, "text/event-stream").body(Body::empty()).unwrap();
        let response = client.answer(request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// The events of the next piece; none where the stream only says that it is there.
    pub(crate) async fn next(&mut self) -> Vec<Value> {
        let piece =
            poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await.expect("not over").unwrap();
        self.rest.push_str(std::str::from_utf8(&piece).unwrap());
        let Some(end) = self.rest.rfind("\n\n") else { return Vec::new() };
        let whole: String = self.rest.drain(..end + 2).collect();
        let data = whole.split("\n\n").filter_map(|event| event.split_once("\ndata: "));
        data.map(|(_, data)| serde_json::from_str(data).unwrap()).collect()
    }

    pub(crate) async fn is_over(&mut self) -> bool {
        poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await.is_none()
    }
}
