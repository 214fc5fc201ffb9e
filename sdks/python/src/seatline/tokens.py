"""Leases and revocation lists: JWTs signed with ES256 or EdDSA (docs/client-state-machine.md)."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Union

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

PublicKey = Union[ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey]

# Python's own decoder passes over what is no base64; a signature must not.
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_LEASE_ID = re.compile(r"lse_[0-9a-f]{32}")


class Rejected(Exception):
    """Not kept. ``cause`` is ``forged``, ``key_unknown``, ``refused`` (a lease) or ``older`` (a list)."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Lease:
    """What a lease says that verified."""

    id: str
    tenant: str
    #: The user's id, or the tenant's in a lease of a tenant.
    subject: str
    #: ``user``, or ``tenant`` for a block of its seats.
    kind: str
    services: List[Dict[str, Any]]
    components: List[str]
    issued_at: int
    not_before: int
    expires_at: int
    #: The token itself.
    text: str


@dataclass(frozen=True)
class RevocationList:
    tenant: str
    issued_at: int
    seq: int
    #: Ids of leases.
    revoked: "frozenset[str]"


def read_lease(text: str, keys: Mapping[str, PublicKey], issuer: str, audience: Optional[str]) -> Lease:
    claims = _verified(text, "seatline-lease+jwt", keys, issuer, audience)
    services, components, kind = claims.get("services"), claims.get("components"), claims.get("kind")
    _require(isinstance(claims.get("jti"), str) and _LEASE_ID.fullmatch(claims["jti"]) is not None)
    _require(_text(claims.get("tenant")) and _text(claims.get("sub")))
    _require(kind == "user" or (kind == "tenant" and claims["sub"] == claims["tenant"]))
    _require(isinstance(services, list) and all(_service(s, kind == "tenant") for s in services))
    _require(isinstance(components, list) and all(isinstance(c, str) for c in components))
    _require(all(_whole(claims.get(name)) for name in ("iat", "nbf", "exp", "version")))
    return Lease(
        claims["jti"], claims["tenant"], claims["sub"], str(kind), claims["services"], claims["components"],
        claims["iat"], claims["nbf"], claims["exp"], text,
    )  # fmt: skip


def read_list(text: str, keys: Mapping[str, PublicKey], issuer: str, audience: Optional[str]) -> RevocationList:
    claims = _verified(text, "seatline-revocations+jwt", keys, issuer, audience)
    _require(_text(claims.get("tenant")) and _whole(claims.get("iat")) and _whole(claims.get("seq")))
    _require(isinstance(claims.get("revoked"), str))
    ids = _decode(claims["revoked"])
    _require(len(ids) % 16 == 0)
    revoked = frozenset("lse_" + ids[i : i + 16].hex() for i in range(0, len(ids), 16))
    return RevocationList(claims["tenant"], claims["iat"], claims["seq"], revoked)


def read_keys(jwks: Any) -> Dict[str, PublicKey]:
    """The keys of a JWKS that can sign for us, by ``kid``; others are passed over."""
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    keys: Dict[str, PublicKey] = {}
    for jwk in entries if isinstance(entries, list) else []:
        try:
            keys[jwk["kid"]] = _public_key(jwk)
        except (Rejected, ValueError, LookupError, TypeError):
            continue
    return keys


def _public_key(jwk: Dict[str, Any]) -> PublicKey:
    kind = (jwk["kty"], jwk["crv"])
    _require(isinstance(jwk["kid"], str) and jwk.get("use", "sig") == "sig")
    if kind == ("EC", "P-256") and jwk.get("alg", "ES256") == "ES256":
        x, y = _decode(jwk["x"]), _decode(jwk["y"])
        return ec.EllipticCurvePublicNumbers(
            int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1()
        ).public_key()
    _require(kind == ("OKP", "Ed25519") and jwk.get("alg", "EdDSA") == "EdDSA")
    return ed25519.Ed25519PublicKey.from_public_bytes(_decode(jwk["x"]))


def _verified(
    text: str, typ: str, keys: Mapping[str, PublicKey], issuer: str, audience: Optional[str]
) -> Dict[str, Any]:
    parts = text.split(".")
    _require(len(parts) == 3)
    header, body, signature = _object(_decode(parts[0])), _decode(parts[1]), _decode(parts[2])
    alg, kid = header.get("alg"), header.get("kid")
    _require(alg in ("ES256", "EdDSA") and header.get("typ") == typ and "crit" not in header)
    _require(isinstance(kid, str))
    key = keys.get(str(kid))
    if key is None:
        raise Rejected("key_unknown")
    _require(alg == ("ES256" if isinstance(key, ec.EllipticCurvePublicKey) else "EdDSA"))
    _verify(key, signature, f"{parts[0]}.{parts[1]}".encode())
    claims = _object(body)
    _require(claims.get("iss") == issuer and audience is not None and claims.get("aud") == audience)
    return claims


def _verify(key: PublicKey, signature: bytes, data: bytes) -> None:
    _require(len(signature) == 64)
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, data)
        else:
            r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Rejected("forged") from None


def _decode(text: Any) -> bytes:
    _require(isinstance(text, str) and _BASE64URL.fullmatch(text) is not None)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Rejected("forged") from None


def _object(data: bytes) -> Dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Rejected("forged") from None
    _require(isinstance(value, dict))
    return dict(value)


def _service(value: Any, block: bool) -> bool:
    return (
        isinstance(value, dict)
        and _text(value.get("id"))
        and isinstance(value.get("features"), dict)
        and (not block or _whole(value.get("seats")))
    )


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _whole(value: Any) -> bool:
    # True is an int to Python.
    return isinstance(value, int) and not isinstance(value, bool)


def _require(condition: bool) -> None:
    if not condition:
        raise Rejected("forged")
