//! The rights of tenants as a stream of lines, for whoever answers from an index of its own.

use std::collections::BTreeMap;
use std::io::Write as _;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use entitlement::feed::{Position, Positions};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use types::TenantId;
use utoipa::ToSchema;

use crate::App;
use crate::access::{CheckAny, CheckCustomers, RightsFollow};
use crate::edge::{Call, Refusals};
use crate::entitlements::following::{Following, Scope};
use crate::kit::{Fields, Refused, in_pieces};

/// How far a follower has come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowBody {
    /// Of each tenant that it has, how far it has come in the tenant's log; at first empty.
    tenants: BTreeMap<String, PositionBody>,
    /// In the marketplace's own log; absent: it has no catalogue.
    #[serde(default)]
    catalog: Option<PositionBody>,
}

/// A position in a log.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionBody {
    at: i64,
    /// What was told with the position. Without it, or where the log has another entry there, what is there is told whole.
    #[serde(default)]
    mark: Option<u32>,
}

impl From<PositionBody> for Position {
    fn from(PositionBody { at, mark }: PositionBody) -> Self {
        Self { at: at.max(-1), mark }
    }
}

impl FollowBody {
    fn positions(self) -> Result<Positions, Refused> {
        let mut fields = Fields::default();
        let tenants = self.tenants.into_iter().filter_map(|(tenant, position)| {
            let name = format!("tenants.{tenant}");
            fields.parse(&name, &tenant, TenantId::parse).map(|tenant| (tenant, position.into()))
        });
        let tenants = tenants.collect();
        fields.finish()?;
        Ok(Positions { tenants, catalog: self.catalog.map(Position::from) })
    }
}

/// Follow the rights of your own tenant. One JSON object a line: at first `hello`, then the catalogue and, where the
/// follower has nothing or is far behind, each tenant whole (`begin`, `part`, `end`), then `steps` as they are
/// committed, and `alive` every two seconds, when all that is known has been sent. Ends after five minutes, to be asked for
/// again with the positions reached and their marks.
#[utoipa::path(post, path = "/rights/follow", tag = "entitlements", operation_id = "follow_rights",
    request_body = FollowBody, responses((status = 200, body = String, content_type = "application/x-ndjson"), Refusals),
    extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn follow_rights(
    headers: HeaderMap,
    call: Call<CheckAny, FollowBody>,
) -> Result<Response, Refused> {
    let scope = Scope::Own(call.right.tenant());
    respond(call.app, &headers, scope, call.body)
}

/// Follow the rights of your customers' users to your own services, as `/rights/follow` tells them; `forget` ends a
/// tenant whose relationship ended.
#[utoipa::path(post, path = "/customer-rights/follow", tag = "entitlements", operation_id = "follow_customer_rights",
    request_body = FollowBody, responses((status = 200, body = String, content_type = "application/x-ndjson"), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn follow_customer_rights(
    headers: HeaderMap,
    call: Call<CheckCustomers, FollowBody>,
) -> Result<Response, Refused> {
    let scope = Scope::Customers { tenant: call.right.tenant(), publisher: call.right.publisher()?.clone() };
    respond(call.app, &headers, scope, call.body)
}

/// Follow the rights of every tenant of the marketplace, as `/rights/follow` tells them.
#[utoipa::path(post, path = "/all-rights/follow", tag = "entitlements", operation_id = "follow_all_rights",
    request_body = FollowBody, responses((status = 200, body = String, content_type = "application/x-ndjson"), Refusals),
    extensions(("x-permission" = json!("rights.follow"))))]
pub(super) async fn follow_all_rights(
    headers: HeaderMap,
    call: Call<RightsFollow, FollowBody>,
) -> Result<Response, Refused> {
    respond(call.app, &headers, Scope::Everything, call.body)
}

fn respond(app: App, headers: &HeaderMap, scope: Scope, body: FollowBody) -> Result<Response, Refused> {
    let following = Following::new(app, scope, body.positions()?)?;
    let gzip = accepts_gzip(headers).then(|| GzEncoder::new(Vec::new(), Compression::fast()));
    let hello = following.hello()?;
    let mut sending = Sending { following, gzip, first: None };
    sending.first = Some(sending.pack(hello)?);
    let compressed = sending.gzip.is_some();
    let body = in_pieces(sending, |sending| Box::pin(async move { Ok(sending.next().await) }));
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson"), (header::CACHE_CONTROL, "no-store")];
    let mut response = (headers, body).into_response();
    if compressed {
        let gzip = axum::http::HeaderValue::from_static("gzip");
        response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(response)
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut coded =
        accepted.flat_map(|value| value.split(',')).map(|coding| coding.trim().to_ascii_lowercase());
    coded.any(|coding| coding == "gzip" || (coding.starts_with("gzip;") && !coding.ends_with("q=0")))
}

struct Sending {
    following: Following,
    gzip: Option<GzEncoder<Vec<u8>>>,
    /// Not sent yet.
    first: Option<Bytes>,
}

impl Sending {
    /// As it is sent, to its last byte: a piece does not wait for the next.
    fn pack(&mut self, piece: Vec<u8>) -> Result<Bytes, Refused> {
        let Some(gzip) = &mut self.gzip else { return Ok(Bytes::from(piece)) };
        gzip.write_all(&piece).and_then(|()| gzip.flush()).map_err(Refused::internal)?;
        Ok(Bytes::from(std::mem::take(gzip.get_mut())))
    }

    /// Ends where the database does not answer: a follower that hears nothing knows that it grows old.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if let Some(first) = self.first.take() {
            return Some((first, self));
        }
        let told =
            self.following.next().await.and_then(|piece| piece.map(|piece| self.pack(piece)).transpose());
        match told {
            Ok(piece) => piece.map(|piece| (piece, self)),
            Err(refused) => {
                tracing::warn!(error.cause = refused.cause(), "a follower could not be told");
                None
            }
        }
    }
}
