//! The keys that sign access tokens and leases: in the database, so that every node has them.
//!
//! ```text
//! published ──signs_from──► signs ──the next one signs──► verifies ──retires_at──► gone
//! ```
//!
//! A new key is published for a while before it signs, so whoever keeps the published keys has it by then; an old
//! one is published until whatever it signed is over. Nodes read them again from time to time, never for a
//! request.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::Db;
use entitlement::lease::{Algorithm, Jwks, SigningKey as Pair};
use ring::hmac;
use ring::rand::SystemRandom;
use serde::Serialize;
use types::{SigningKeyId, Timestamp};

use super::token::Claims;
use super::{UNAUTHENTICATED, store, token};
use crate::kit::Refused;

db::rows! {
    /// A key pair as stored.
    pub(super) struct SigningKey in "signing_keys" {
        pub(super) id: SigningKeyId,
        pub(super) private_key: Vec<u8>,
        pub(super) public_key: Vec<u8>,
        pub(super) algorithm: String,
        pub(super) signs_from: Timestamp,
        /// Set when a successor was made.
        pub(super) retires_at: Option<Timestamp>,
    }
}

impl SigningKey {
    /// A new pair that signs from this time on.
    pub(super) fn new(id: SigningKeyId, algorithm: Algorithm, from: Timestamp) -> Result<Self, Refused> {
        let random = SystemRandom::new();
        let private_key = Pair::generate(algorithm, &random).map_err(Refused::internal)?;
        let pair = Pair::read(id.to_string(), algorithm, &private_key, &random).map_err(Refused::internal)?;
        let public_key = pair.public_key().to_vec();
        let algorithm = algorithm.as_str().to_owned();
        Ok(Self { id, private_key, public_key, algorithm, signs_from: from, retires_at: None })
    }
}

/// The key pairs of this marketplace, as this node knows them.
#[derive(Debug, Clone)]
pub struct Keys(Arc<RwLock<Arc<Ring>>>);

#[derive(Debug)]
struct Ring {
    keys: Vec<Arc<Key>>,
    published: Jwks,
    setup: hmac::Key,
}

/// What the token of the set-up is the authentication code of.
const SETUP: &[u8] = b"the set-up of this marketplace";
pub(super) const ACCESS_TOKEN: &str = "at+jwt";

/// A key pair with its times.
#[derive(Debug)]
pub(crate) struct Key {
    pub(super) id: SigningKeyId,
    pair: Pair,
    signs_from: Timestamp,
    retires_at: Option<Timestamp>,
}

impl Key {
    /// A JWT of this type.
    pub(crate) fn sign(&self, kind: &str, claims: &impl Serialize) -> Result<String, Refused> {
        self.pair.sign(kind, claims, &SystemRandom::new()).map_err(Refused::internal)
    }
}

impl Ring {
    fn read(stored: Vec<SigningKey>) -> Result<Self, Refused> {
        let oldest = stored.first().ok_or_else(|| Refused::internal("no signing key"))?;
        let setup = hmac::Key::new(hmac::HMAC_SHA256, &oldest.private_key);
        let key = |key: SigningKey| {
            let algorithm =
                Algorithm::parse(&key.algorithm).ok_or_else(|| Refused::internal("an unknown algorithm"))?;
            let pair = Pair::read(key.id.to_string(), algorithm, &key.private_key, &SystemRandom::new());
            let pair = pair.map_err(Refused::internal)?;
            Ok(Arc::new(Key { id: key.id, pair, signs_from: key.signs_from, retires_at: key.retires_at }))
        };
        let keys: Vec<Arc<Key>> = stored.into_iter().map(key).collect::<Result<_, Refused>>()?;
        let published = Jwks::of_keys(keys.iter().map(|key| &key.pair));
        Ok(Self { keys, published, setup })
    }
}

impl Keys {
    /// Reads the keys; makes the first one of each algorithm. Two nodes that start at once agree.
    pub async fn open(db: &Db, now: Timestamp) -> Result<Self, Refused> {
        let mut stored = stored(db).await?;
        for (number, algorithm) in (0_u8..).zip(Algorithm::ALL) {
            if stored.iter().any(|key| key.algorithm == algorithm.as_str()) {
                continue;
            }
            let mut id = [0; 16];
            id[15] = number;
            let key = SigningKey::new(SigningKeyId::from_bytes(id), algorithm, now)?;
            let inserted = db.write(move |tx| {
                Box::pin(async move { store::insert_signing_key(tx, &key, now).await.map_err(Refused::from) })
            });
            inserted.await?;
        }
        stored = self::stored(db).await?;
        Ok(Self(Arc::new(RwLock::new(Arc::new(Ring::read(stored)?)))))
    }

    /// Reads them again, as other nodes may have changed them.
    pub(super) async fn read_again(&self, db: &Db) -> Result<(), Refused> {
        let ring = Arc::new(Ring::read(stored(db).await?)?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The token of the set-up: the same on every node, and only from who can read the database.
    pub(crate) fn setup_token(&self) -> String {
        format!("{}_{}", token::SETUP, URL_SAFE_NO_PAD.encode(hmac::sign(&self.ring().setup, SETUP)))
    }

    /// Compares in constant time.
    pub(super) fn is_setup_token(&self, text: &str) -> bool {
        let code = text.strip_prefix(token::SETUP).and_then(|rest| rest.strip_prefix('_'));
        let code = code.and_then(|code| URL_SAFE_NO_PAD.decode(code).ok());
        code.is_some_and(|code| hmac::verify(&self.ring().setup, SETUP, &code).is_ok())
    }

    /// The key that signs now.
    pub(crate) fn signing(&self, algorithm: Algorithm, now: Timestamp) -> Result<Arc<Key>, Refused> {
        let ring = self.ring();
        let may = |key: &&Arc<Key>| key.pair.algorithm() == algorithm && key.signs_from <= now;
        let newest = ring.keys.iter().filter(may).max_by_key(|key| key.signs_from);
        newest.cloned().ok_or_else(|| Refused::internal("no key signs now"))
    }

    /// Whether there are keys whose time is over.
    pub(super) fn has_retired(&self, now: Timestamp) -> bool {
        self.ring().keys.iter().any(|key| key.retires_at.is_some_and(|at| at <= now))
    }

    /// A signed access token (JWT, ES256).
    pub(super) fn sign(&self, claims: &Claims, now: Timestamp) -> Result<String, Refused> {
        self.signing(Algorithm::Es256, now)?.sign(ACCESS_TOKEN, claims)
    }

    /// The claims of a token that one of these keys signed and that has not expired.
    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refused> {
        let refuse = |why: &str| UNAUTHENTICATED.because(format!("The access token {why}: get a new one."));
        let claims: Claims =
            self.ring().published.verify(ACCESS_TOKEN, token).map_err(|_| refuse("is not one of ours"))?;
        if claims.exp <= now.seconds() {
            return Err(refuse("has expired"));
        }
        Ok(claims)
    }

    /// The public keys (RFC 7517), for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> serde_json::Value {
        self.ring().published.json()
    }
}

async fn stored(db: &Db) -> Result<Vec<SigningKey>, Refused> {
    db.read(|tx| Box::pin(async move { store::list_signing_keys(tx).await.map_err(Refused::from) })).await
}
