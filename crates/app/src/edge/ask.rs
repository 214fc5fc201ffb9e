//! The extractor of what is asked on every request: no proof to write with, nothing that only writes need.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use serde::Deserialize;
use types::{PublisherId, Timestamp};
use utoipa::ToSchema;

use super::call::{demand_json, read_body};
use super::json::read_borrowed;
use crate::Node;
use crate::access::{FORBIDDEN, Permission, Principal};
use crate::kit::{Refused, Turn};

/// Bytes of a question at most: a thousand of the longest fit.
const BODY_MAX: usize = 1024 * 1024;

/// A question of somebody who may do `P`.
pub(crate) struct Ask<P> {
    pub node: Node,
    pub asker: Arc<Principal>,
    pub now: Timestamp,
    pub headers: HeaderMap,
    bytes: Bytes,
    _turn: Turn,
    permission: PhantomData<fn() -> P>,
}

impl<P> Ask<P> {
    /// The body, which borrows its texts.
    pub(crate) fn body<'b, B: Deserialize<'b> + ToSchema>(&'b self) -> Result<B, Refused> {
        read_borrowed(&self.bytes)
    }

    /// The publisher id, on the publisher's side always there.
    pub(crate) fn publisher(&self) -> Result<&str, Refused> {
        let publisher = self.asker.publisher.as_ref().map(PublisherId::as_str);
        publisher.ok_or_else(|| FORBIDDEN.because("This tenant is not a publisher."))
    }
}

impl<P: Permission, S: Clone + Into<Node> + Send + Sync> FromRequest<S> for Ask<P> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let node: Node = state.clone().into();
        let now = node.now();
        let asker = node.recognise(&parts.headers, now).await?;
        asker.demand(P::KIND)?;
        node.questions().ask(&asker, 1, now)?;
        demand_json(&parts.headers)?;
        let bytes = read_body(body, BODY_MAX).await?;
        // Not before it has come: who sends slowly keeps nobody out.
        let turn = node.questions().turns.take()?;
        Ok(Self { node, asker, now, headers: parts.headers, bytes, _turn: turn, permission: PhantomData })
    }
}
