//! The keys that sign access tokens: ES256, in the database so that every node has them.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Db;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use types::{SigningKeyId, Timestamp};

use super::token::{Claims, decode, encode};
use super::{UNAUTHENTICATED, store, token};
use crate::kit::Refused;

db::rows! {
    /// A key pair as stored.
    pub(super) struct SigningKey in "signing_keys" {
        pub(super) id: SigningKeyId,
        pub(super) private_key: Vec<u8>,
        pub(super) public_key: Vec<u8>,
    }
}

/// The key pairs of this marketplace; the newest signs.
#[derive(Debug, Clone)]
pub struct Keys {
    pairs: Arc<Vec<Key>>,
    setup: hmac::Key,
}

/// What the token of the set-up is the authentication code of.
const SETUP: &[u8] = b"the set-up of this marketplace";

#[derive(Debug)]
struct Key {
    id: SigningKeyId,
    pair: EcdsaKeyPair,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    kid: SigningKeyId,
}

impl Keys {
    /// Reads the keys; makes the first one. Two nodes that start at once agree on the older.
    pub async fn open(db: &Db, now: Timestamp) -> Result<Self, Refused> {
        let mut stored = Self::stored(db).await?;
        if stored.is_empty() {
            let document =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                    .map_err(Refused::internal)?;
            let private_key = document.as_ref().to_vec();
            let public_key = pair(&private_key)?.public_key().as_ref().to_vec();
            let key = SigningKey { id: SigningKeyId::from_bytes([0; 16]), private_key, public_key };
            db.write(move |tx| {
                Box::pin(async move {
                    store::insert_first_signing_key(tx, &key, now).await.map_err(Refused::from)
                })
            })
            .await?;
            stored = Self::stored(db).await?;
        }
        let oldest = stored.first().ok_or_else(|| Refused::internal("no signing key"))?;
        let setup = hmac::Key::new(hmac::HMAC_SHA256, &oldest.private_key);
        let pairs = stored.into_iter().map(|key| Ok(Key { id: key.id, pair: pair(&key.private_key)? }));
        Ok(Self { pairs: Arc::new(pairs.collect::<Result<_, Refused>>()?), setup })
    }

    async fn stored(db: &Db) -> Result<Vec<SigningKey>, Refused> {
        db.read(|tx| Box::pin(async move { store::list_signing_keys(tx).await.map_err(Refused::from) })).await
    }

    /// The token of the set-up: the same on every node, and only from who can read the database.
    pub(crate) fn setup_token(&self) -> String {
        format!("{}_{}", token::SETUP, URL_SAFE_NO_PAD.encode(hmac::sign(&self.setup, SETUP)))
    }

    /// Compares in constant time.
    pub(super) fn is_setup_token(&self, text: &str) -> bool {
        let code = text.strip_prefix(token::SETUP).and_then(|rest| rest.strip_prefix('_'));
        let code = code.and_then(|code| URL_SAFE_NO_PAD.decode(code).ok());
        code.is_some_and(|code| hmac::verify(&self.setup, SETUP, &code).is_ok())
    }

    /// A signed access token (JWT, ES256).
    pub(super) fn sign(&self, claims: &Claims) -> Result<String, Refused> {
        let key = self.pairs.last().ok_or_else(|| Refused::internal("no signing key"))?;
        let header = Header { alg: "ES256".to_owned(), typ: "at+jwt".to_owned(), kid: key.id };
        let head = encode(&header).map_err(Refused::internal)?;
        let body = encode(claims).map_err(Refused::internal)?;
        let message = format!("{head}.{body}");
        let signature = key.pair.sign(&SystemRandom::new(), message.as_bytes()).map_err(Refused::internal)?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that one of these keys signed and that has not expired.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refused> {
        let refuse = |why: &str| UNAUTHENTICATED.because(format!("The access token {why}: get a new one."));
        let forged = || refuse("is not one of ours");
        let (message, signature) = token.rsplit_once('.').ok_or_else(forged)?;
        let (head, body) = message.split_once('.').ok_or_else(forged)?;
        let header: Header = decode(head).ok_or_else(forged)?;
        let key = self.pairs.iter().find(|key| key.id == header.kid).ok_or_else(forged)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| forged())?;
        if header.alg != "ES256" || header.typ != "at+jwt" {
            return Err(forged());
        }
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.pair.public_key().as_ref())
            .verify(message.as_bytes(), &signature)
            .map_err(|_| forged())?;
        let claims: Claims = decode(body).ok_or_else(forged)?;
        if claims.exp <= now.seconds() {
            return Err(refuse("has expired"));
        }
        Ok(claims)
    }

    /// The public keys (RFC 7517), for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> serde_json::Value {
        let keys = self.pairs.iter().map(|key| {
            // An uncompressed point: 0x04, then x and y of 32 bytes each.
            let point = key.pair.public_key().as_ref();
            json!({
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": key.id,
                "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
            })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}

fn pair(private_key: &[u8]) -> Result<EcdsaKeyPair, Refused> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private_key, &SystemRandom::new())
        .map_err(Refused::internal)
}
