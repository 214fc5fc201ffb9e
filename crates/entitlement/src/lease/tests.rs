//! What verifies, and everything that must not.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use ring::rand::SystemRandom;
use serde_json::{Value, json};
use types::{LeaseId, ServiceId, TenantId, UserId};

use super::*;
use crate::FeatureValue;

const ISSUER: &str = "https://market.example";

struct Issuer {
    es256: SigningKey,
    ed25519: SigningKey,
    trust: Trust,
}

fn key(id: &str, algorithm: Algorithm) -> SigningKey {
    let random = SystemRandom::new();
    let pair = SigningKey::generate(algorithm, &random).unwrap();
    SigningKey::read(id.to_owned(), algorithm, &pair, &random).unwrap()
}

fn issuer() -> Issuer {
    let (es256, ed25519) = (key("key_1", Algorithm::Es256), key("key_2", Algorithm::EdDsa));
    let published = Jwks::of_keys([&es256, &ed25519]).json();
    let trust =
        Trust { issuer: ISSUER.to_owned(), audience: "fabrikam".to_owned(), keys: Jwks::read(&published) };
    Issuer { es256, ed25519, trust }
}

fn lease() -> Lease {
    Lease {
        issuer: ISSUER.to_owned(),
        audience: "fabrikam".to_owned(),
        id: LeaseId::from_bytes([1; 16]),
        tenant: TenantId::from_bytes([2; 16]),
        holder: Holder::User(UserId::from_bytes([3; 16])),
        services: vec![LeasedService {
            id: ServiceId::parse("fabrikam.f365.gold").unwrap(),
            features: BTreeMap::from([("export".to_owned(), FeatureValue::Flag(true))]),
            seats: None,
        }],
        components: vec!["fab_Forecast".to_owned()],
        issued_at: 1_800_000_000,
        not_before: 1_800_000_000,
        expires_at: 1_800_086_400,
        version: 41,
    }
}

fn sign(key: &SigningKey, claims: &impl serde::Serialize) -> String {
    key.sign(LEASE, claims, &SystemRandom::new()).unwrap()
}

/// A token with this header, signed whatever it says.
fn with_header(key: &SigningKey, header: &Value) -> String {
    let token = sign(key, &lease());
    let body = token.split('.').nth(1).unwrap();
    let message = format!("{}.{body}", URL_SAFE_NO_PAD.encode(header.to_string()));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign_bytes(message.as_bytes())))
}

/// A token of this body, signed whatever it says.
fn of_body(key: &SigningKey, body: &str) -> String {
    let header = json!({ "alg": key.algorithm(), "typ": LEASE, "kid": key.id() }).to_string();
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(body));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign_bytes(message.as_bytes())))
}

/// CHK-08: what the marketplace signs verifies with nothing but its published keys.
#[test]
fn a_lease_verifies_with_the_published_keys_alone() {
    let Issuer { es256, ed25519, trust } = issuer();
    let mut block = lease();
    block.holder = Holder::Tenant;
    block.services[0].seats = Some(5);
    for lease in [lease(), block] {
        for key in [&es256, &ed25519] {
            assert_eq!(trust.lease(&sign(key, &lease)), Ok(lease.clone()));
        }
    }
}

/// CHK-08: only the key's own algorithm, the right type and a known key are believed.
#[test]
fn the_header_must_be_right() {
    let Issuer { es256, ed25519, trust } = issuer();
    let refused = |key: &SigningKey, header: Value| trust.lease(&with_header(key, &header)).unwrap_err();
    let header = |alg: &str, typ: &str, kid: &str| json!({ "alg": alg, "typ": typ, "kid": kid });
    assert_eq!(refused(&es256, header("EdDSA", LEASE, "key_1")), Unverified::Algorithm);
    assert_eq!(refused(&es256, header("none", LEASE, "key_1")), Unverified::Algorithm);
    assert_eq!(refused(&es256, header("HS256", LEASE, "key_1")), Unverified::Algorithm);
    assert_eq!(refused(&es256, header("ES256", "JWT", "key_1")), Unverified::Type);
    assert_eq!(refused(&es256, header("ES256", REVOCATIONS, "key_1")), Unverified::Type);
    assert_eq!(refused(&es256, header("ES256", LEASE, "key_9")), Unverified::KeyUnknown);
    // A signature of the one key under the name of the other, whatever algorithm it claims.
    assert_eq!(refused(&es256, header("ES256", LEASE, "key_2")), Unverified::Algorithm);
    assert_eq!(refused(&es256, header("EdDSA", LEASE, "key_2")), Unverified::Signature);
    assert_eq!(refused(&ed25519, header("ES256", LEASE, "key_1")), Unverified::Signature);
    let critical = json!({ "alg": "ES256", "typ": LEASE, "kid": "key_1", "crit": ["b64"] });
    assert_eq!(refused(&es256, critical), Unverified::Critical);
    assert_eq!(refused(&es256, json!({ "alg": "ES256", "typ": LEASE })), Unverified::Header);
    assert_eq!(Unverified::KeyUnknown.cause(), "key_unknown");
    assert_eq!(Unverified::Signature.cause(), "forged");
}

/// CHK-08: a lease of another marketplace, or for another publisher's apps, opens nothing.
#[test]
fn issuer_and_audience_must_be_those_that_are_trusted() {
    let Issuer { es256, trust, .. } = issuer();
    let elsewhere = Lease { issuer: "https://other.example".to_owned(), ..lease() };
    assert_eq!(trust.lease(&sign(&es256, &elsewhere)), Err(Unverified::Issuer));
    let others = Lease { audience: "northwind".to_owned(), ..lease() };
    assert_eq!(trust.lease(&sign(&es256, &others)), Err(Unverified::Audience));
}

/// CHK-08: one changed character anywhere is one too many; so is one that is missing.
#[test]
fn what_was_changed_or_cut_is_refused() {
    let Issuer { es256, ed25519, trust } = issuer();
    for key in [&es256, &ed25519] {
        let token = sign(key, &lease());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(trust.lease(std::str::from_utf8(&changed).unwrap()).is_err(), "changed at {at}");
            assert!(trust.lease(&token[..at]).is_err(), "cut at {at}");
        }
        for longer in [format!("{token}A"), format!("{token}="), format!("{token}."), format!(".{token}")] {
            assert!(trust.lease(&longer).is_err(), "{longer}");
        }
        let (message, _) = token.rsplit_once('.').unwrap();
        for signature in ["", "AA", &URL_SAFE_NO_PAD.encode([0; 64]), &"A".repeat(10_000)] {
            assert!(trust.lease(&format!("{message}.{signature}")).is_err(), "{signature}");
        }
    }
}

/// CHK-08: claims that are missing, of other types, or there twice are no lease, though the signature is right.
#[test]
fn all_claims_must_be_there_once_and_of_their_types() {
    let Issuer { es256, trust, .. } = issuer();
    let whole = serde_json::to_value(lease()).unwrap();
    for name in whole.as_object().unwrap().keys() {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(name);
        assert!(matches!(trust.lease(&sign(&es256, &without)), Err(Unverified::Claims(_))), "{name}");
        let mut other = whole.clone();
        other[name] = json!({ "of": ["another type"] });
        assert!(matches!(trust.lease(&sign(&es256, &other)), Err(Unverified::Claims(_))), "{name}");
        let text = whole.to_string();
        let twice = format!("{},\"{name}\":{}}}", &text[..text.len() - 1], whole[name]);
        assert!(matches!(trust.lease(&of_body(&es256, &twice)), Err(Unverified::Claims(_))), "{name} twice");
    }
    let mut block = whole.clone();
    (block["kind"], block["sub"]) = (json!("tenant"), whole["tenant"].clone());
    assert!(trust.lease(&sign(&es256, &block)).is_err(), "a block that does not say how many seats");
}

#[test]
fn what_is_huge_is_not_looked_at() {
    let Issuer { trust, .. } = issuer();
    let huge = format!("{}.{}.{}", "A".repeat(5_000_000), "B".repeat(5_000_000), "C".repeat(86));
    assert_eq!(trust.lease(&huge), Err(Unverified::TooLong));
}

/// CHK-08: a list names what was revoked, whole ids only, in order.
#[test]
fn a_revocation_list_reads_back_and_finds_what_it_names() {
    let Issuer { es256, trust, .. } = issuer();
    let ids: Vec<LeaseId> = (0..=200).rev().map(|byte| LeaseId::from_bytes([byte; 16])).collect();
    let tenant = TenantId::from_bytes([2; 16]);
    let list = RevocationList::new(tenant, 1_800_000_000, 7, &ids);
    let sign = |claims: &Value| es256.sign(REVOCATIONS, claims, &SystemRandom::new()).unwrap();
    let claims = serde_json::to_value(list.claims(ISSUER, "fabrikam")).unwrap();
    let read = trust.revocations(&sign(&claims)).unwrap();
    assert_eq!(read, list);
    assert!(ids.iter().all(|id| read.revokes(id)));
    assert!(!read.revokes(&LeaseId::from_bytes([201; 16])));
    assert!(trust.lease(&sign(&claims)).is_err(), "a list is no lease");
    for revoked in ["AA", "AAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAA", "not base64!"] {
        let mut wrong = claims.clone();
        wrong["revoked"] = json!(revoked);
        assert!(matches!(trust.revocations(&sign(&wrong)), Err(Unverified::Claims(_))), "{revoked}");
    }
}

#[test]
fn keys_of_other_kinds_are_left_out() {
    let Issuer { es256, trust, .. } = issuer();
    let mut set = trust.keys.json();
    let others = [
        json!({}),
        json!("key"),
        json!({ "kty": "RSA", "kid": "r", "alg": "RS256", "n": "AA", "e": "AQAB" }),
    ];
    let keys = set["keys"].as_array_mut().unwrap();
    keys.extend(others);
    keys.reverse();
    let trust = Trust { keys: Jwks::read(&set), ..trust };
    assert!(trust.lease(&sign(&es256, &lease())).is_ok());
    for nothing in [json!(null), json!([]), json!({ "keys": 1 })] {
        let trust = Trust { keys: Jwks::read(&nothing), ..trust.clone() };
        assert_eq!(trust.lease(&sign(&es256, &lease())), Err(Unverified::KeyUnknown));
    }
}

proptest! {
    #[test]
    fn no_text_is_believed_or_breaks_anything(text in "\\PC*", parts in prop::collection::vec("[A-Za-z0-9_-]{0,90}", 3)) {
        let Issuer { trust, .. } = issuer();
        prop_assert!(trust.lease(&text).is_err());
        prop_assert!(trust.revocations(&parts.join(".")).is_err());
    }

    #[test]
    fn no_claims_break_anything(body in "\\PC*") {
        let Issuer { es256, trust, .. } = issuer();
        prop_assert!(matches!(trust.lease(&of_body(&es256, &body)), Err(Unverified::Claims(_))));
    }
}
