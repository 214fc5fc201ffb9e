"""Keys that are made and forgotten, and what they sign: genuine, tampered with, or odd."""
import base64
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ISSUER, PUBLISHER = "https://market.example", "fabrikam"
T = 1_800_000_000  # where most cases begin
DAY = 86_400


def name(prefix, number):
    return f"{prefix}_{number:032x}"


CONTOSO, NORTHWIND = name("ten", 0xC0), name("ten", 0xD0)
ANA, BEN = name("usr", 0xA1), name("usr", 0xB1)
GOLD, SILVER = "fabrikam.f365.gold", "fabrikam.f365.silver"
LEASE, BLOCK = name("lse", 0xAB01), name("lse", 0xAB02)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return b64(json.dumps(value, separators=(",", ":")).encode())


class Key:
    def __init__(self, number, alg="ES256"):
        self.kid, self.alg = name("key", number), alg
        self.private = ec.generate_private_key(ec.SECP256R1()) if alg == "ES256" else ed25519.Ed25519PrivateKey.generate()

    def jwk(self):
        public = self.private.public_key()
        if self.alg == "ES256":
            numbers = public.public_numbers()
            point = {"x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
            return {"alg": "ES256", "crv": "P-256", "kid": self.kid, "kty": "EC", "use": "sig", **point}
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"alg": "EdDSA", "crv": "Ed25519", "kid": self.kid, "kty": "OKP", "use": "sig", "x": b64(raw)}

    def sign(self, data, der=False):
        if self.alg == "EdDSA":
            return self.private.sign(data)
        signature = self.private.sign(data, ec.ECDSA(hashes.SHA256()))
        if der:
            return signature
        r, s = decode_dss_signature(signature)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


OLD, NEW, ED, STRANGER = Key(1), Key(2), Key(3, "EdDSA"), Key(1)
RSA = {"alg": "RS256", "e": "AQAB", "kid": name("key", 4), "kty": "RSA", "use": "sig", "n": "u1SU1LfVLPHCozMxH2Mo"}
SECP256K1 = {"alg": "ES256K", "crv": "secp256k1", "kid": name("key", 5), "kty": "EC", "x": "AA", "y": "AA"}
KEY_SETS = {
    "old": {"keys": [OLD.jwk()]},
    "old_and_new": {"keys": [NEW.jwk(), OLD.jwk()]},
    "new": {"keys": [NEW.jwk()]},
    "es256_and_eddsa": {"keys": [OLD.jwk(), ED.jwk()]},
    "with_others": {"keys": [RSA, SECP256K1, {"kty": "EC"}, OLD.jwk()]},
}


def token(claims, key=OLD, typ="seatline-lease+jwt", header=None, der=False, without=()):
    claims = {field: value for field, value in claims.items() if field not in without}
    header = {"alg": key.alg, "typ": typ, "kid": key.kid, **(header or {})}
    header = {field: value for field, value in header.items() if value is not None}
    text = f"{compact(header)}.{compact(claims)}"
    return f"{text}.{b64(key.sign(text.encode(), der))}"


def claims(**changes):
    """Of a user's lease for a week."""
    base = {
        "iss": ISSUER, "aud": PUBLISHER, "jti": LEASE, "tenant": CONTOSO, "sub": ANA, "kind": "user",
        "services": [{"id": GOLD, "features": {"export": True}}], "components": ["fab_Forecast"],
        "iat": T, "nbf": T, "exp": T + 7 * DAY, "version": 41,
    }
    return {**base, **changes}


def block(**changes):
    services = [{"id": GOLD, "features": {"export": True}, "seats": 5}]
    return claims(**{"jti": BLOCK, "sub": CONTOSO, "kind": "tenant", "services": services, **changes})


def lease(key=OLD, **changes):
    return token(claims(**changes), key)


def revocation_claims(seq, *ids, **changes):
    packed = b"".join(sorted(bytes.fromhex(i[4:]) for i in ids))
    return {"iss": ISSUER, "aud": PUBLISHER, "tenant": CONTOSO, "iat": T + 60, "seq": seq, "revoked": b64(packed), **changes}


def revoked_list(seq, *ids, key=OLD, typ="seatline-revocations+jwt", **changes):
    return token(revocation_claims(seq, *ids, **changes), key, typ)


def tampered(text, **changes):
    header, body, signature = text.split(".")
    old = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return f"{header}.{compact({**old, **changes})}.{signature}"


def resigned(text, signature):
    return f"{text.rsplit('.', 1)[0]}.{signature}"
