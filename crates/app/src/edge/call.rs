//! The extractor of every operation.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequest, Request};
use axum::http::{HeaderMap, header, request::Parts};
use db::{BoxFuture, Tx};
use ring::digest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use types::Timestamp;
use utoipa::ToSchema;

use super::idempotency::{self, IdempotencyKey, Keeps};
use super::{Answer, MALFORMED_HEADER, NO_TOKEN, NOT_JSON, TIMED_OUT, TOO_LARGE, precondition, read_json};
use crate::App;
use crate::access::{Permission, Principal, Right};
use crate::events::{Origin, freshness};
use crate::identity;
use crate::kit::{Expected, Refused};

/// Bytes of JSON a request may have, unless its route says otherwise.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// Bytes of a body for which it may take a second more than half a minute to come.
const PER_SECOND: usize = 128 * 1024;

/// One request of somebody who may do `P`, with a body `B`.
pub(crate) struct Call<P, B = NoBody> {
    pub app: App,
    pub right: Right<P>,
    pub body: B,
    /// The revisions that `If-Match` names.
    pub expected: Expected,
    idempotency: Option<IdempotencyKey>,
}

/// For requests without a body.
#[derive(Debug)]
pub(crate) struct NoBody;

/// For requests whose body may be left out.
#[derive(Debug)]
pub(crate) struct MaybeBody<B>(pub Option<B>);

/// How a body is read from its bytes.
pub(crate) trait FromBody: Sized {
    /// Bytes that are read at most.
    const MAX: usize = BODY_MAX;

    fn from_body(headers: &HeaderMap, bytes: &Bytes) -> Result<Self, Refused>;
}

impl FromBody for NoBody {
    fn from_body(_: &HeaderMap, _: &Bytes) -> Result<Self, Refused> {
        Ok(Self)
    }
}

impl<B: DeserializeOwned + ToSchema> FromBody for MaybeBody<B> {
    fn from_body(headers: &HeaderMap, bytes: &Bytes) -> Result<Self, Refused> {
        if bytes.is_empty() {
            Ok(Self(None))
        } else {
            B::from_body(headers, bytes).map(|body| Self(Some(body)))
        }
    }
}

impl<B: DeserializeOwned + ToSchema> FromBody for B {
    fn from_body(headers: &HeaderMap, bytes: &Bytes) -> Result<Self, Refused> {
        demand_json(headers)?;
        read_json(bytes)
    }
}

pub(super) fn demand_json(headers: &HeaderMap) -> Result<(), Refused> {
    if is_json(headers) {
        return Ok(());
    }
    Err(NOT_JSON.because("Send it with Content-Type: application/json."))
}

/// Whether a body says that it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|value| value.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

impl<P: Permission, B: FromBody> FromRequest<App> for Call<P, B> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        let right = proof(app, &parts).await?;
        let bytes = read_body(body, B::MAX).await?;
        let idempotency = idempotency_key(&parts, &right, &bytes)?;
        let expected = precondition::expected(&parts.headers)?;
        let body = B::from_body(&parts.headers, &bytes)?;
        Ok(Self { app: app.clone(), right, body, expected, idempotency })
    }
}

/// For requests whose body is a stream: the proof of right, and the body as it comes.
pub(crate) async fn authorize<P: Permission>(
    app: &App,
    request: Request,
) -> Result<(Right<P>, Body), Refused> {
    let (parts, body) = request.into_parts();
    Ok((proof(app, &parts).await?, body))
}

async fn proof<P: Permission>(app: &App, parts: &Parts) -> Result<Right<P>, Refused> {
    let now = app.clock.now();
    let principal = recognise(app, &parts.headers, now).await?;
    identity::still_there(&app.db, &principal).await?;
    Right::of(Arc::unwrap_or_clone(principal), origin(parts), now, app.random.clone())
}

impl<P: Permission, B> Call<P, B> {
    /// For answers that show a secret: they are not kept, so a repeated key is told what was made and not
    /// the secret. The answer has an `id`.
    pub(crate) fn shows_secret(self) -> Self {
        let keeping_the_id = |key| IdempotencyKey { keeps: Keeps::Id, ..key };
        Self { idempotency: self.idempotency.map(keeping_the_id), ..self }
    }

    /// The body apart from the rest, for what is not to be copied with the unit of work.
    pub(crate) fn take_body(self) -> (Call<P>, B) {
        let Self { app, right, body, expected, idempotency } = self;
        (Call { app, right, body: NoBody, expected, idempotency }, body)
    }

    /// Runs a unit of work to its end, whether or not the client waits for it, and answers with how far
    /// it moved the logs. A request that was answered before under the same key is not run again.
    pub(crate) async fn write<T, F>(self, unit: F) -> Result<Answer<T>, Refused>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>) -> BoxFuture<'t, Result<T, Refused>>
            + Clone
            + Send
            + 'static,
    {
        let Self { app, right, idempotency, .. } = self;
        let now = right.now();
        let committed = app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let Some(key) = idempotency else { return Ok((unit(tx, &right).await?, None)) };
                    if let Some((answer, freshness)) = idempotency::begin(tx, &key, now).await? {
                        let value = serde_json::from_str(&answer).map_err(Refused::internal)?;
                        return Ok((value, Some(freshness)));
                    }
                    let value = unit(tx, &right).await?;
                    let answer = serde_json::to_value(&value).map_err(Refused::internal)?;
                    idempotency::finish(tx, &key, answer).await?;
                    Ok::<_, Refused>((value, None))
                })
            })
            .await?;
        let (value, replayed) = committed.value;
        Ok(match replayed {
            Some(freshness) => Answer::replayed(value, freshness),
            None => Answer::written(value, freshness(&committed.marks)),
        })
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<T, F>(self, unit: F) -> Result<Answer<T>, Refused>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>) -> BoxFuture<'t, Result<T, Refused>> + Send + 'static,
    {
        let Self { app, right, .. } = self;
        let value = app.db.read(move |tx| Box::pin(async move { unit(tx, &right).await })).await?;
        Ok(Answer::read(value))
    }
}

/// Who asks.
pub(crate) async fn recognise(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Arc<Principal>, Refused> {
    let token = bearer(headers)?;
    if let Some(known) = app.verified.find(token, now) {
        return Ok(known);
    }
    // Apart, because it is seldom and large.
    Box::pin(identity::authenticate(&app.db, (&app.keys, &app.verified), token, now)).await
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| {
            NO_TOKEN.because("Send Authorization: Bearer with a session, personal or access token.")
        })
}

/// The address of the peer, for the log of events.
pub(crate) fn origin(parts: &Parts) -> Origin {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string())
}

/// Limits are whole megabytes or kilobytes.
fn readable(bytes: usize) -> String {
    match bytes {
        few if few < 1024 || !few.is_multiple_of(1024) => format!("{few} bytes"),
        some if some.is_multiple_of(1024 * 1024) => format!("{} MB", some / (1024 * 1024)),
        some => format!("{} KB", some / 1024),
    }
}

/// The body as a whole. Who sends slowly takes the place of somebody else, so it has a time that fits its length.
pub(crate) async fn read_body(body: Body, limit: usize) -> Result<Bytes, Refused> {
    let seconds = 30 + limit / PER_SECOND;
    let read = axum::body::to_bytes(body, limit);
    let Ok(read) = tokio::time::timeout(Duration::from_secs(seconds as u64), read).await else {
        return Err(TIMED_OUT.because(format!("The whole body must arrive within {seconds} seconds.")));
    };
    read.map_err(|_| {
        TOO_LARGE.because(format!("At most {} are read here, and all of it must arrive.", readable(limit)))
    })
}

fn idempotency_key<P: Permission>(
    parts: &Parts,
    right: &Right<P>,
    bytes: &Bytes,
) -> Result<Option<IdempotencyKey>, Refused> {
    let Some(key) = parts.headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=200).contains(&key.len())).ok_or_else(|| {
        MALFORMED_HEADER.because("Idempotency-Key must be 1 to 200 visible ASCII characters.")
    })?;
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), bytes] {
        hash.update(&u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part);
    }
    let actor = idempotency::actor(right)?;
    let fingerprint = hash.finish().as_ref().to_vec();
    Ok(Some(IdempotencyKey { actor, key: key.to_owned(), fingerprint, keeps: Keeps::Answer }))
}
