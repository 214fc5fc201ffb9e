//! A marketplace's keys as it publishes them: what an edge verifies access tokens with.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use types::Timestamp;

use super::token::{Claims, decode};
use super::{UNAUTHENTICATED, Verified};
use crate::access::Principal;
use crate::kit::Refused;

/// The keys of a JWKS (RFC 7517) that verify access tokens.
#[derive(Debug, Default)]
pub struct PublicKeys(Vec<(String, Vec<u8>)>);

#[derive(Deserialize)]
struct Key {
    kid: String,
    crv: String,
    x: String,
    y: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl PublicKeys {
    /// Keys of other kinds are passed over.
    pub fn read(jwks: &serde_json::Value) -> Self {
        let keys = jwks["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        Self(keys.iter().filter_map(point).collect())
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
        let claims = self.claims(token).filter(|claims| claims.iss == issuer);
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

    fn claims(&self, token: &str) -> Option<Claims> {
        let (message, signature) = token.rsplit_once('.')?;
        let (head, body) = message.split_once('.')?;
        let header: Header = decode(head)?;
        let (_, point) = self.0.iter().find(|(kid, _)| *kid == header.kid)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let genuine = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(message.as_bytes(), &signature)
            .is_ok();
        (genuine && header.alg == "ES256" && header.typ == "at+jwt").then(|| decode(body))?
    }
}

/// An uncompressed point: 0x04, then x and y.
fn point(key: &serde_json::Value) -> Option<(String, Vec<u8>)> {
    let Key { kid, crv, x, y } = Key::deserialize(key).ok()?;
    let (x, y) = (URL_SAFE_NO_PAD.decode(x).ok()?, URL_SAFE_NO_PAD.decode(y).ok()?);
    (crv == "P-256").then(|| (kid, [&[4], x.as_slice(), y.as_slice()].concat()))
}
