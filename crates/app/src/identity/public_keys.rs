//! A marketplace's keys as it publishes them: what an edge verifies access tokens with.

use std::sync::Arc;

use entitlement::lease::Jwks;
use types::Timestamp;

use super::keys::ACCESS_TOKEN;
use super::token::Claims;
use super::{UNAUTHENTICATED, Verified};
use crate::access::Principal;
use crate::kit::Refused;

/// The keys of a JWKS (RFC 7517) that verify access tokens.
#[derive(Debug, Default)]
pub struct PublicKeys(Jwks);

impl PublicKeys {
    /// Keys of other kinds are passed over.
    pub fn read(jwks: &serde_json::Value) -> Self {
        Self(Jwks::read(jwks))
    }

    /// Recognises the bearer of an access token that `issuer` signed. Each token is verified once.
    pub(crate) fn recognise(
        &self,
        verified: &Verified,
        issuer: &str,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<Principal>, Refused> {
        if let Some(known) = verified.find(token, now) {
            return Ok(known);
        }
        let claims = self.0.verify::<Claims>(ACCESS_TOKEN, token).ok().filter(|claims| claims.iss == issuer);
        let claims = claims.ok_or_else(|| {
            UNAUTHENTICATED
                .because("An edge takes access tokens of API clients, which its marketplace issues.")
        })?;
        if claims.exp <= now.seconds() {
            return Err(UNAUTHENTICATED.because("The access token has expired: get a new one."));
        }
        let (scopes, expires) = (claims.scopes(), claims.exp);
        let principal = Principal::client(claims.client_id, claims.tenant, claims.publisher, &scopes);
        let principal = Arc::new(principal);
        verified.remember(token, Arc::clone(&principal), expires, now);
        Ok(principal)
    }
}
