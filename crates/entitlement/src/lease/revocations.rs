//! Revocation lists: ids of 16 bytes, sorted, one after the other.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use types::{LeaseId, TenantId};

use super::Unverified;

/// What was revoked of a publisher and one of its customers and is not over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    pub tenant: TenantId,
    /// Seconds.
    pub issued_at: i64,
    /// Grows with each revocation.
    pub sequence: i64,
    ids: Vec<[u8; 16]>,
}

/// A list as it travels.
#[derive(Serialize, Deserialize)]
pub(super) struct ListClaims {
    pub(super) iss: String,
    pub(super) aud: String,
    tenant: TenantId,
    iat: i64,
    seq: i64,
    revoked: String,
}

impl RevocationList {
    pub fn new(tenant: TenantId, issued_at: i64, sequence: i64, revoked: &[LeaseId]) -> Self {
        let mut ids: Vec<[u8; 16]> = revoked.iter().map(|id| *id.as_bytes()).collect();
        ids.sort_unstable();
        ids.dedup();
        Self { tenant, issued_at, sequence, ids }
    }

    pub fn revokes(&self, lease: &LeaseId) -> bool {
        self.ids.binary_search(lease.as_bytes()).is_ok()
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The claims, to be signed as [`super::REVOCATIONS`].
    pub fn claims(&self, issuer: &str, audience: &str) -> impl Serialize + use<> {
        ListClaims {
            iss: issuer.to_owned(),
            aud: audience.to_owned(),
            tenant: self.tenant,
            iat: self.issued_at,
            seq: self.sequence,
            revoked: self.encode(),
        }
    }

    /// The ids alone, as the claim `revoked` has them.
    pub(crate) fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.ids.as_flattened())
    }

    /// Reads them back. Ids that are not in order would be looked for in vain.
    pub(crate) fn decode(tenant: TenantId, issued_at: i64, sequence: i64, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (ids, rest) = bytes.as_chunks::<16>();
        let ids = (rest.is_empty() && ids.is_sorted()).then(|| ids.to_vec())?;
        Some(Self { tenant, issued_at, sequence, ids })
    }
}

impl ListClaims {
    pub(super) fn read(self) -> Result<RevocationList, Unverified> {
        RevocationList::decode(self.tenant, self.iat, self.seq, &self.revoked)
            .ok_or_else(|| Unverified::Claims("revoked is not ids of 16 bytes in order".to_owned()))
    }
}
