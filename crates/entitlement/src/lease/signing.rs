//! Signing.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SecureRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, Signature};
use serde::Serialize;
use serde_json::json;

use super::keys::PublicKey;
use super::{Algorithm, Jwks};

/// A key pair could not be made, read, or used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    #[error("no key pair could be made")]
    Make,
    #[error("the key pair cannot be read: {0}")]
    Read(String),
    #[error("the claims cannot be written: {0}")]
    Write(String),
    #[error("nothing could be signed")]
    Sign,
}

/// A key pair, and the name it is published under.
pub struct SigningKey {
    id: String,
    pair: Pair,
}

enum Pair {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm().as_str(), self.id)
    }
}

impl SigningKey {
    /// A new pair, as PKCS#8.
    pub fn generate(algorithm: Algorithm, random: &dyn SecureRandom) -> Result<Vec<u8>, Failed> {
        let document = match algorithm {
            Algorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, random),
            Algorithm::EdDsa => Ed25519KeyPair::generate_pkcs8(random),
        };
        document.map(|document| document.as_ref().to_vec()).map_err(|_| Failed::Make)
    }

    /// Reads PKCS#8.
    pub fn read(
        id: String,
        algorithm: Algorithm,
        pkcs8: &[u8],
        random: &dyn SecureRandom,
    ) -> Result<Self, Failed> {
        let pair = match algorithm {
            Algorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, random).map(Pair::Es256)
            }
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Pair::EdDsa),
        };
        Ok(Self { id, pair: pair.map_err(|error| Failed::Read(error.to_string()))? })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Es256(_) => Algorithm::Es256,
            Pair::EdDsa(_) => Algorithm::EdDsa,
        }
    }

    /// An uncompressed point of P-256, or the 32 bytes of Ed25519.
    pub fn public_key(&self) -> &[u8] {
        match &self.pair {
            Pair::Es256(pair) => pair.public_key().as_ref(),
            Pair::EdDsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// A JWT (RFC 7519) of these claims.
    pub fn sign(
        &self,
        kind: &str,
        claims: &impl Serialize,
        random: &dyn SecureRandom,
    ) -> Result<String, Failed> {
        let header = json!({ "alg": self.algorithm(), "typ": kind, "kid": self.id });
        let claims = serde_json::to_vec(claims).map_err(|error| Failed::Write(error.to_string()))?;
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self.signature(token.as_bytes(), random)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, message: &[u8], random: &dyn SecureRandom) -> Result<Signature, Failed> {
        match &self.pair {
            Pair::Es256(pair) => pair.sign(random, message).map_err(|_| Failed::Sign),
            Pair::EdDsa(pair) => Ok(pair.sign(message)),
        }
    }

    #[cfg(test)]
    pub(super) fn sign_bytes(&self, message: &[u8]) -> Vec<u8> {
        self.signature(message, &ring::rand::SystemRandom::new()).unwrap().as_ref().to_vec()
    }
}

impl Jwks {
    /// What these keys sign can be verified with.
    pub fn of_keys<'a>(keys: impl IntoIterator<Item = &'a SigningKey>) -> Self {
        Self::of(
            keys.into_iter()
                .map(|key| PublicKey::new(key.id.clone(), key.algorithm(), key.public_key().to_vec())),
        )
    }
}
