//! Secrets that programs carry, and the access tokens that nodes verify without a look-up.

use serde::{Deserialize, Serialize};
use types::{ApiClientId, PublisherId, TenantId};

use crate::access::PermissionKind;
pub(super) use crate::kit::secret_hash as hash;

/// `sls_…`: a session.
pub(super) const SESSION: &str = "sls";
/// `slp_…`: a personal access token.
pub(super) const PERSONAL: &str = "slp";
/// `slc_…`: the secret of an API client.
pub(super) const CLIENT: &str = "slc";

/// `slu_…`: the token that makes the first operator.
pub(super) const SETUP: &str = "slu";

/// `slr_…`: the token of a link to a new password.
pub(super) const RESET: &str = "slr";

/// Seconds an access token is good for: a deleted client is locked out within this.
pub(super) const ACCESS_TOKEN_SECONDS: i64 = 600;

/// The claims of an access token (RFC 9068).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: ApiClientId,
    pub client_id: ApiClientId,
    pub tenant: TenantId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<PublisherId>,
    /// Space-separated.
    pub scope: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
}

impl Claims {
    pub(super) fn scopes(&self) -> Vec<PermissionKind> {
        self.scope.split(' ').filter_map(PermissionKind::parse).collect()
    }
}
