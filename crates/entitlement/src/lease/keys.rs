//! The issuer's public keys, read once.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256: what every common library verifies.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    pub const ALL: [Self; 2] = [Self::Es256, Self::EdDsa];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}

/// One public key: an uncompressed point of P-256, or the 32 bytes of Ed25519.
#[derive(Clone)]
pub(super) struct PublicKey {
    pub(super) id: String,
    pub(super) algorithm: Algorithm,
    key: UnparsedPublicKey<Vec<u8>>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm.as_str(), self.id)
    }
}

impl PublicKey {
    pub(super) fn new(id: String, algorithm: Algorithm, bytes: Vec<u8>) -> Self {
        let key = match algorithm {
            Algorithm::Es256 => UnparsedPublicKey::new(
                &ECDSA_P256_SHA256_FIXED as &dyn ring::signature::VerificationAlgorithm,
                bytes,
            ),
            Algorithm::EdDsa => {
                UnparsedPublicKey::new(&ED25519 as &dyn ring::signature::VerificationAlgorithm, bytes)
            }
        };
        Self { id, algorithm, key }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(message, signature).is_ok()
    }

    /// As RFC 7517 and RFC 8037 write it.
    fn json(&self) -> Value {
        let bytes = self.key.as_ref();
        let encode = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
        match self.algorithm {
            Algorithm::Es256 => json!({
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
                "x": encode(bytes.get(1..33)), "y": encode(bytes.get(33..65)),
            }),
            Algorithm::EdDsa => json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id,
                "x": encode(Some(bytes)),
            }),
        }
    }

    /// Nothing for a key of another kind, or none at all.
    fn read(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name).and_then(Value::as_str);
        let coordinate = |name: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text(name)?).ok()?;
            (bytes.len() == 32).then_some(bytes)
        };
        if json.get("use").is_some_and(|used_for| used_for != "sig") {
            return None;
        }
        let id = text("kid")?.to_owned();
        let algorithm = Algorithm::parse(text("alg")?)?;
        let bytes = match (algorithm, text("kty")?, text("crv")?) {
            (Algorithm::Es256, "EC", "P-256") => [vec![4], coordinate("x")?, coordinate("y")?].concat(),
            (Algorithm::EdDsa, "OKP", "Ed25519") => coordinate("x")?,
            _ => return None,
        };
        Some(Self::new(id, algorithm, bytes))
    }
}

/// A set of public keys (RFC 7517), prepared for verifying.
#[derive(Debug, Clone, Default)]
pub struct Jwks(Vec<PublicKey>);

impl Jwks {
    /// Keys of other kinds are left out: an issuer may have some for other purposes.
    pub fn read(json: &Value) -> Self {
        let keys = json.get("keys").and_then(Value::as_array);
        Self(keys.into_iter().flatten().filter_map(PublicKey::read).collect())
    }

    pub(super) fn of(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        Self(keys.into_iter().collect())
    }

    pub(super) fn find(&self, id: &str) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// As it is published.
    pub fn json(&self) -> Value {
        json!({ "keys": self.0.iter().map(PublicKey::json).collect::<Vec<_>>() })
    }
}
