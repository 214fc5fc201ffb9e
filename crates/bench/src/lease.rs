//! What verifying a lease costs against the bare verification of its signature by the same library.

use std::hint::black_box;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitlement::lease::{Algorithm, Holder, Jwks, LEASE, Lease, LeasedService, SigningKey, Trust};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::json;
use types::{LeaseId, ServiceId, TenantId, UserId};

use crate::{Outcome, at_most};

/// A lease may cost so many times a bare verification with Ed25519.
const REQUIRED: f64 = 1.2;
const ROUNDS: usize = 200;
const EACH: u32 = 20;

pub(crate) fn run() -> Outcome<bool> {
    let ed25519 = Leased::signed(Algorithm::EdDsa)?;
    let (lease, bare) = ed25519.measure()?;
    let met = at_most("verifying a lease, EdDSA (µs)", lease, "Ed25519 bare, ring", bare, Some(REQUIRED));
    let (lease, own) = Leased::signed(Algorithm::Es256)?.measure()?;
    at_most("verifying a lease, ES256 (µs)", lease, "ECDSA P-256 bare, ring", own, None);
    Ok(met)
}

/// A lease as an app has it, and what its signature is verified with.
struct Leased {
    token: String,
    trust: Trust,
    key: UnparsedPublicKey<Vec<u8>>,
    signature: Vec<u8>,
}

impl Leased {
    fn signed(algorithm: Algorithm) -> Outcome<Self> {
        let random = SystemRandom::new();
        let pkcs8 = SigningKey::generate(algorithm, &random)?;
        let key = SigningKey::read("key_1".to_owned(), algorithm, &pkcs8, &random)?;
        let service = |id: &str| ServiceId::parse(id).map_err(|violation| violation.message);
        let features = serde_json::from_value(json!({ "export": true, "rows": 5000 }))?;
        let lease = Lease {
            issuer: "https://market.example".to_owned(),
            audience: "fabrikam".to_owned(),
            id: LeaseId::from_bytes([1; 16]),
            tenant: TenantId::from_bytes([2; 16]),
            holder: Holder::User(UserId::from_bytes([3; 16])),
            services: vec![LeasedService { id: service("fabrikam.f365.gold")?, features, seats: None }],
            components: ["fab_Forecast", "fab_Scheduling"].map(str::to_owned).into(),
            issued_at: 1_800_000_000,
            not_before: 1_800_000_000,
            expires_at: 1_800_086_400,
            version: 1234,
        };
        let token = key.sign(LEASE, &lease, &random)?;
        let (_, signature) = token.rsplit_once('.').ok_or("no signature")?;
        let signature = URL_SAFE_NO_PAD.decode(signature)?;
        let by: &'static dyn VerificationAlgorithm = match algorithm {
            Algorithm::EdDsa => &ED25519,
            Algorithm::Es256 => &ECDSA_P256_SHA256_FIXED,
        };
        let public = UnparsedPublicKey::new(by, key.public_key().to_vec());
        let keys = Jwks::of_keys([&key]);
        let (issuer, audience) = (lease.issuer, lease.audience);
        Ok(Self { trust: Trust { issuer, audience, keys }, key: public, signature, token })
    }

    /// Microseconds of the lease, and of its signature alone: taken in turns, the fastest round of each, since
    /// what else runs on the machine costs neither.
    fn measure(&self) -> Outcome<(f64, f64)> {
        let (message, _) = self.token.rsplit_once('.').ok_or("no signature")?;
        let bare = || self.key.verify(black_box(message.as_bytes()), &self.signature).is_ok();
        let lease = || self.trust.lease(black_box(&self.token)).is_ok();
        if !bare() || !lease() {
            return Err("a lease that was just signed does not verify".into());
        }
        let rounds = (0..ROUNDS).map(|_| (micros(lease), micros(bare)));
        Ok(rounds.fold((f64::MAX, f64::MAX), |least, round| (least.0.min(round.0), least.1.min(round.1))))
    }
}

/// Of one call, over many.
fn micros(what: impl Fn() -> bool) -> f64 {
    let began = Instant::now();
    for _ in 0..EACH {
        black_box(what());
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(EACH)
}
