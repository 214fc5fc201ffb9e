//! How fresh an answer must be, as the request says it (CHK-05).

use std::borrow::Cow;

use axum::http::HeaderMap;
use types::{Freshness, TenantId};
use utoipa::IntoParams;

use crate::entitlements::Wanted;
use crate::kit::Refused;

/// Documents the header.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes the header that `wanted` reads")]
pub(crate) struct Header {
    /// The token of a write, to be answered as of that write or later; `latest`, to be answered as of all that is
    /// committed now. Without it the answer is as fresh as this node, which knows its own writes at once and those
    /// of others within a moment. A token that says nothing of whom is asked about is refused.
    #[param(rename = "Freshness-Token", max_length = 1024)]
    freshness_token: Option<String>,
}

/// `own`: who asks; `asked`: about whom else.
pub(super) fn wanted(
    headers: &HeaderMap,
    own: TenantId,
    asked: impl Iterator<Item = TenantId>,
) -> Result<Wanted, Refused> {
    let Some(token) = token(headers) else { return Ok(Wanted::AtLeast(Freshness::default())) };
    let wanted = Wanted::parse(&token).and_then(|wanted| wanted.of(own, asked));
    wanted.map_err(|violation| Refused::fields(vec![violation.at("Freshness-Token")]))
}

/// Several headers are one, as of any that is a list.
pub(crate) fn token(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut tokens = headers.get_all("freshness-token").iter().map(|token| token.to_str().unwrap_or("?"));
    let first = Cow::Borrowed(tokens.next()?);
    Some(tokens.fold(first, |all, token| Cow::Owned(format!("{all},{token}"))))
}
