//! Verifying.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::revocations::ListClaims;
use super::{Jwks, LEASE, Lease, REVOCATIONS, RevocationList};

/// Characters of a token that are looked at: some hundred thousand revoked leases.
const CHARACTERS: usize = 8 * 1024 * 1024;

/// Why a token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    #[error("it has more than {CHARACTERS} characters")]
    TooLong,
    #[error("it is not three parts of base64url without padding")]
    Malformed,
    #[error("its header cannot be read")]
    Header,
    #[error("its header demands an extension that is not known")]
    Critical,
    #[error("it is another type of token")]
    Type,
    #[error("its algorithm is not the one of its key")]
    Algorithm,
    #[error("it names a key that is not known; fetching the keys may help")]
    KeyUnknown,
    #[error("its signature is wrong")]
    Signature,
    #[error("its claims cannot be read: {0}")]
    Claims(String),
    #[error("somebody else issued it")]
    Issuer,
    #[error("it is for another publisher's apps")]
    Audience,
}

impl Unverified {
    /// `key_unknown`, where fetching the keys may help; else `forged`.
    pub fn cause(&self) -> &'static str {
        if *self == Self::KeyUnknown { "key_unknown" } else { "forged" }
    }
}

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    alg: Cow<'a, str>,
    #[serde(borrow)]
    typ: Cow<'a, str>,
    #[serde(borrow)]
    kid: Cow<'a, str>,
    /// RFC 7515: who does not know what is named here refuses.
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl Jwks {
    /// The claims of a token of this type that one of these keys signed.
    pub fn verify<T: DeserializeOwned>(&self, kind: &str, token: &str) -> Result<T, Unverified> {
        if token.len() > CHARACTERS {
            return Err(Unverified::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Unverified::Malformed)?;
        let (head, body) = message.split_once('.').ok_or(Unverified::Malformed)?;
        let mut bytes = [0; 72];
        let length = URL_SAFE_NO_PAD.decode_slice(signature, &mut bytes);
        let signature = length.ok().and_then(|length| bytes.get(..length)).ok_or(Unverified::Malformed)?;
        let head = URL_SAFE_NO_PAD.decode(head).map_err(|_| Unverified::Malformed)?;
        let header: Header<'_> = serde_json::from_slice(&head).map_err(|_| Unverified::Header)?;
        if header.crit {
            return Err(Unverified::Critical);
        }
        if header.typ != kind {
            return Err(Unverified::Type);
        }
        let key = self.find(&header.kid).ok_or(Unverified::KeyUnknown)?;
        if header.alg != key.algorithm.as_str() {
            return Err(Unverified::Algorithm);
        }
        if !key.verifies(message.as_bytes(), signature) {
            return Err(Unverified::Signature);
        }
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| Unverified::Malformed)?;
        serde_json::from_slice(&body).map_err(|error| Unverified::Claims(error.to_string()))
    }
}

/// What whoever verifies believes: one marketplace, one publisher's apps, and the keys published now.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub issuer: String,
    pub audience: String,
    pub keys: Jwks,
}

impl Trust {
    /// A lease that the marketplace gave for apps of this publisher. Whether it is the time for it, and whether it
    /// was revoked, is another question.
    pub fn lease(&self, token: &str) -> Result<Lease, Unverified> {
        let lease: Lease = self.keys.verify(LEASE, token)?;
        self.known(&lease.issuer, &lease.audience)?;
        Ok(lease)
    }

    /// A list of what was revoked of this publisher and one of its customers.
    pub fn revocations(&self, token: &str) -> Result<RevocationList, Unverified> {
        let claims: ListClaims = self.keys.verify(REVOCATIONS, token)?;
        self.known(&claims.iss, &claims.aud)?;
        claims.read()
    }

    fn known(&self, issuer: &str, audience: &str) -> Result<(), Unverified> {
        if issuer != self.issuer {
            return Err(Unverified::Issuer);
        }
        if audience != self.audience {
            return Err(Unverified::Audience);
        }
        Ok(())
    }
}
