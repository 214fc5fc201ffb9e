//! A follower of rights, in the same process.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request, header};
use entitlement::feed::Line;
use entitlement::replica::{Reader, Replica, Room};
use futures_core::Stream;

use super::Client;

/// Lines of a stream, taken by a replica.
pub(crate) struct Follower<'r> {
    body: BodyDataStream,
    rest: Vec<u8>,
    reader: Reader<'r>,
}

/// The moment at which everything in a test happens.
pub(crate) const NOW: Duration = Duration::from_secs(1000);
const ROOM: Room = Room { tenant: usize::MAX, memory: usize::MAX };

impl<'r> Follower<'r> {
    pub(crate) async fn open(client: &Client, path: &str, replica: &'r Replica) -> Self {
        let request = client.request(&Method::POST, &format!("/api/v1{path}"));
        let positions = serde_json::to_vec(&replica.positions()).unwrap();
        let request: Request<Body> =
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(positions)).unwrap();
        let response = client.answer(request).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/x-ndjson");
        let body = response.into_body().into_data_stream();
        Self { body, rest: Vec::new(), reader: Reader::new(replica, NOW, ROOM) }
    }

    /// Takes lines until one says that everything has been sent; all of them.
    pub(crate) async fn until_alive(&mut self) -> Vec<Line> {
        let mut lines = Vec::new();
        while !matches!(lines.last(), Some(Line::Alive { .. })) {
            lines.extend(self.piece().await.expect("not over"));
        }
        lines
    }

    /// Takes the lines of the next piece; `None` when it is over.
    pub(crate) async fn piece(&mut self) -> Option<Vec<Line>> {
        let piece = poll_fn(|context| Pin::new(&mut self.body).poll_next(context)).await?;
        self.rest.extend_from_slice(&piece.unwrap());
        let whole = self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines: Vec<u8> = self.rest.drain(..whole).collect();
        let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        Some(
            lines
                .map(|line| {
                    self.reader.take(line, NOW).unwrap();
                    serde_json::from_slice(line).unwrap()
                })
                .collect(),
        )
    }
}

/// The text of a stream, as it comes.
pub(crate) struct Raw(BodyDataStream);

pub(crate) async fn raw(client: &Client, path: &str, body: &serde_json::Value) -> Raw {
    let request = client.request(&Method::POST, &format!("/api/v1{path}"));
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let response = client.answer(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(response.status(), 200);
    Raw(response.into_body().into_data_stream())
}

impl Raw {
    pub(crate) async fn piece(&mut self) -> String {
        let piece = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await;
        String::from_utf8(piece.expect("not over").unwrap().to_vec()).unwrap()
    }
}
