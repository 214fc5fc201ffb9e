#!/usr/bin/env python3
"""Writes docs/client-vectors.json, the cases of docs/client-state-machine.md (format: docs/client-vectors.md).

Usage: sdks/vectors/generate.py            needs the package `cryptography`

Keys are made at each run and forgotten: no private key is kept anywhere. All but keys and signatures is the same each time.
"""
import base64
import copy
import hashlib
import hmac
import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from tokens import (
    ANA, BEN, BLOCK, CONTOSO, DAY, ED, GOLD, ISSUER, KEY_SETS, LEASE, NEW, NORTHWIND, OLD, PUBLISHER, SILVER, STRANGER, T,
    b64, block, claims, compact, lease, name, resigned, revoked_list, tampered, token,
)

# --- steps -----------------------------------------------------------------------------------------------------------

def keys(at, key_set):
    return {"at": at, "keys": key_set}


def restart(at):
    return {"at": at, "restart": True}


def take(at, text, cause=None):
    return {"at": at, "lease": text, "expect": {"kept": False, "cause": cause} if cause else {"kept": True}}


def take_list(at, text, cause=None):
    return {"at": at, "revocations": text, "expect": {"kept": False, "cause": cause} if cause else {"kept": True}}


def of(user=ANA, tenant=CONTOSO, **thing):
    return {"tenant": tenant, "user": user, **(thing or {"service_id": GOLD})}


def answer(at, allowed=True, fresh=60, grace=3600, reason=None, **more):
    reason = reason or ("licensed" if allowed else "no_seat")
    times = {"at": at, "fresh_seconds": fresh, "grace_seconds": grace}
    return {"allowed": allowed, "reason": reason, **{k: v for k, v in times.items() if v is not None}, **more}


def yes(how, reason="licensed"):
    return {"allowed": True, "how": how, **({"reason": reason} if how != "leased" else {})}


def no(how, reason="no_seat"):
    return {"allowed": False, "how": how, "reason": reason}


def refused(reason):
    return no("refused", reason)


def ask(at, expect, question=None, server=None):
    """Asks with the server not reachable, unless `server` says what it answers."""
    return {"at": at, "ask": question or of(), "server": server, "expect": expect}


CASES = []


def case(title, *steps):
    CASES.append({"name": title, "steps": list(steps)})


OLD_KEYS = keys(T, "old")
YES, NO = answer(T), answer(T, False)


# --- the server's answers --------------------------------------------------------------------------------------------

case("Nothing known and no server: refused", ask(T, refused("unknown")))
case("The server is asked and answers", ask(T, yes("fresh"), server=YES), ask(T + 1, no("fresh"), of(BEN), server=answer(T + 1, False)))
case("An answer is used without asking while it is fresh, not a second longer",
     ask(T, yes("fresh"), server=YES),
     ask(T + 1, yes("cached"), server=answer(T + 1, False)),
     ask(T + 59, yes("cached")),
     ask(T + 60, no("fresh"), server=answer(T + 60, False)))
case("An answer is used while the server is gone until its grace is over, not a second longer",
     ask(T, yes("fresh"), server=YES),
     ask(T + 60, yes("grace")),
     ask(T + 3599, yes("grace")),
     ask(T + 3600, refused("expired")))
case("Being used does not lengthen grace",
     ask(T, yes("fresh"), server=answer(T, fresh=10, grace=100)),
     *[ask(T + n, yes("grace")) for n in (10, 50, 99)],
     ask(T + 100, refused("expired")))
case("In grace, the server that is back is asked first",
     ask(T, yes("fresh"), server=YES), ask(T + 60, yes("grace")), ask(T + 70, no("fresh"), server=answer(T + 70, False)),
     ask(T + 71, no("cached")))
case("Refusals are cached and have grace as well",
     ask(T, no("fresh"), server=NO),
     ask(T + 59, no("cached")),
     ask(T + 60, no("grace")),
     ask(T + 3600, refused("expired")))
case("A new answer takes the place of the old one, its times too",
     ask(T, yes("fresh"), server=YES),
     ask(T + 60, no("fresh", "suspended"), server=answer(T + 60, False, 5, 10, "suspended")),
     ask(T + 64, no("cached", "suspended")),
     ask(T + 69, no("grace", "suspended")),
     ask(T + 70, refused("expired")))
case("An answer may come in without having been asked for",
     {"at": T, "answer": YES, "for": of()}, ask(T + 1, yes("cached")))
case("An answer without times is never kept",
     ask(T, yes("fresh"), server=answer(None, fresh=None, grace=None)),
     ask(T, refused("unknown")))
case("An answer with some of its times is never kept",
     ask(T, yes("fresh"), server=answer(T, grace=None)),
     ask(T + 1, refused("unknown")),
     ask(T + 2, yes("fresh"), server=answer(T + 2, fresh=None)),
     ask(T + 3, refused("unknown")),
     ask(T + 4, yes("fresh"), server=answer(None)),
     ask(T + 5, refused("unknown")))
case("An answer that may not be kept ends the one before it",
     ask(T, yes("fresh"), server=YES),
     ask(T + 60, no("fresh"), server=answer(T + 60, False, None, None)),
     ask(T + 61, refused("unknown")))
case("An answer for no time at all is asked for each time",
     ask(T, yes("fresh"), server=answer(T, fresh=0, grace=0)), ask(T, refused("expired")))
case("Times that are no whole numbers, or negative, are no times",
     ask(T, yes("fresh"), server=answer(T, fresh="60", grace="3600")), ask(T + 1, refused("unknown")),
     ask(T + 2, yes("fresh"), server=answer(T + 2, fresh=-1, grace=3600)), ask(T + 3, refused("unknown")),
     ask(T + 4, yes("fresh"), server=answer(T + 4, fresh=True, grace=True)), ask(T + 4, refused("unknown")))
case("What is no answer is as if the server were not reachable",
     ask(T, refused("unknown"), server={}),
     ask(T, refused("unknown"), server={"allowed": "true", "reason": "licensed"}),
     ask(T, refused("unknown"), server={"allowed": 1, "reason": "licensed"}),
     ask(T, refused("unknown"), server=["allowed"]),
     ask(T, yes("fresh"), server=YES),
     ask(T + 60, yes("grace"), server={"allowed": "false", "reason": "no_seat"}))
case("An answer is for its user, tenant and thing alone",
     ask(T, yes("fresh"), server=YES),
     ask(T + 1, refused("unknown"), of(BEN)),
     ask(T + 1, refused("unknown"), of(tenant=NORTHWIND)),
     ask(T + 1, refused("unknown"), of(service_id=SILVER)),
     ask(T + 1, yes("cached")))
case("A component is not the service id of the same name, nor that of another offer",
     ask(T, yes("fresh"), of(component=GOLD), server=YES),
     ask(T + 1, refused("unknown")),
     ask(T + 1, refused("unknown"), of(component=GOLD, offer="fabrikam.f365")),
     ask(T + 1, yes("cached"), of(component=GOLD)))
case("Answers outlive a restart",
     ask(T, yes("fresh"), server=YES), restart(T + 10),
     ask(T + 20, yes("cached")), restart(T + 70), ask(T + 80, yes("grace")), restart(T + 3600), ask(T + 3600, refused("expired")))

# --- leases ----------------------------------------------------------------------------------------------------------

case("A lease by service id", OLD_KEYS, take(T, lease()), ask(T + DAY, yes("leased")))
case("A lease by component", OLD_KEYS, take(T, lease()), ask(T + DAY, yes("leased"), of(component="fab_Forecast")),
     ask(T + DAY, refused("unknown"), of(component="fab_forecast")))
case("A lease answers for nothing else",
     OLD_KEYS, take(T, lease()),
     ask(T, refused("unknown"), of(service_id=SILVER)),
     ask(T, refused("unknown"), of(component=GOLD)),
     ask(T, refused("unknown"), of(service_id="fab_Forecast")),
     ask(T, refused("unknown"), of(BEN)),
     ask(T, refused("unknown"), of(CONTOSO)),
     ask(T, refused("unknown"), of(tenant=NORTHWIND)))
case("A component of a named offer needs a service of that offer",
     OLD_KEYS, take(T, lease()),
     ask(T, yes("leased"), of(component="fab_Forecast", offer="fabrikam.f365")),
     ask(T, refused("unknown"), of(component="fab_Forecast", offer="fabrikam.f36")),
     ask(T, refused("unknown"), of(component="fab_Forecast", offer="fabrikam.other")))
case("A lease of several services",
     OLD_KEYS, take(T, lease(services=[{"id": GOLD, "features": {}}, {"id": SILVER, "features": {"limit": 3}}], components=[])),
     ask(T, yes("leased")), ask(T, yes("leased"), of(service_id=SILVER)), ask(T, refused("unknown"), of(component="fab_Forecast")))
case("A lease with EdDSA", keys(T, "es256_and_eddsa"), take(T, lease(ED)), ask(T, yes("leased")))
case("Keys of other kinds among those of the issuer disturb nothing", keys(T, "with_others"), take(T, lease()), ask(T, yes("leased")))
case("A block of a tenant is for all of its users, and no other tenant's",
     OLD_KEYS, take(T, token(block())),
     ask(T, yes("leased")), ask(T, yes("leased"), of(BEN)), ask(T, refused("unknown"), of(tenant=NORTHWIND)))
case("The server is asked before a lease is used", OLD_KEYS, take(T, lease()), ask(T, no("fresh"), of(), server=answer(T - 1, False)))
case("A lease that begins later: a minute of tolerance",
     OLD_KEYS, take(T, lease(nbf=T + 100)),
     ask(T + 39, refused("unknown")), ask(T + 40, yes("leased")))
case("A lease ends to the second",
     OLD_KEYS, take(T, lease(exp=T + 100)),
     ask(T + 99, yes("leased")), ask(T + 100, refused("expired")), ask(T + 101, refused("expired"), of(component="fab_Forecast")),
     ask(T + 101, refused("unknown"), of(BEN)))
case("A lease that is over already is kept, and opens nothing",
     OLD_KEYS, take(T + 200, lease(exp=T + 100)), ask(T + 200, refused("expired")))
case("Grace helps where the lease is over, and a lease where grace is",
     OLD_KEYS, take(T, lease(exp=T + 100)),
     ask(T, yes("fresh"), server=answer(T, fresh=10, grace=200)),
     ask(T + 99, yes("leased")), ask(T + 150, yes("grace")), ask(T + 200, refused("expired")),
     take(T + 200, lease(jti=name("lse", 0xAB03), iat=T + 150)), ask(T + 200, yes("leased")))
case("Leases outlive a restart", OLD_KEYS, take(T, lease()), restart(T + 10), ask(T + 20, yes("leased")))

# --- refusals end leases ---------------------------------------------------------------------------------------------

case("A refusal ends an older lease of that user and thing",
     OLD_KEYS, take(T, lease()),
     ask(T + 10, no("fresh"), server=answer(T + 10, False, 5, 20)),
     ask(T + 16, no("grace")), ask(T + 40, refused("expired")))
case("A refusal ends an older lease by component as well",
     OLD_KEYS, take(T, lease()),
     ask(T + 10, no("fresh"), of(component="fab_Forecast"), server=answer(T + 10, False, 5, 20)),
     ask(T + 16, refused("unknown")))
case("A lease that a refusal ended does not come back by being read again",
     OLD_KEYS, take(T, lease()),
     ask(T + 10, no("fresh"), server=answer(T + 10, False, 5, 20)),
     take(T + 50, lease(), "refused"), restart(T + 60), take(T + 60, lease(), "refused"), ask(T + 60, refused("expired")))
case("A refusal that may not be kept ends older leases all the same",
     OLD_KEYS, take(T, lease()),
     ask(T + 10, no("fresh"), server=answer(T + 10, False, None, None)), ask(T + 11, refused("unknown")),
     take(T + 20, lease(iat=T + 15)), ask(T + 20, yes("leased")),
     ask(T + 20, no("fresh"), server=answer(None, False, None, None)), ask(T + 21, refused("unknown")))
case("A lease given in the second of the refusal is ended, a later one is not",
     OLD_KEYS, take(T + 10, lease(iat=T + 10)),
     ask(T + 10, no("fresh"), server=answer(T + 10, False, 5, 20)), ask(T + 16, no("grace")),
     take(T + 16, lease(iat=T + 10), "refused"),
     take(T + 16, lease(iat=T + 11)), ask(T + 16, yes("leased")))
case("A lease given after a refusal that arrives late is not ended",
     OLD_KEYS, take(T + 11, lease(iat=T + 11)), ask(T + 11, no("fresh"), server=answer(T + 10, False, 5, 20)), ask(T + 16, yes("leased")))
case("A fresh refusal goes before a later lease",
     OLD_KEYS, ask(T, no("fresh"), server=NO), take(T + 5, lease(iat=T + 1)), ask(T + 5, no("cached")), ask(T + 60, yes("leased")))
case("A refusal of one user or thing ends no lease of another",
     OLD_KEYS, take(T, lease()),
     ask(T + 10, no("fresh"), of(BEN), server=answer(T + 10, False)),
     ask(T + 10, no("fresh"), of(service_id=SILVER), server=answer(T + 10, False)),
     ask(T + 10, no("fresh"), of(tenant=NORTHWIND), server=answer(T + 10, False)),
     ask(T + 10, yes("leased")))
case("A refusal of a user does not end the tenant's block",
     OLD_KEYS, take(T, token(block())),
     ask(T + 10, no("fresh"), server=answer(T + 10, False)), ask(T + 11, no("cached")),
     ask(T + 11, yes("leased"), of(BEN)), ask(T + 70, yes("leased")))
case("A yes ends no lease", OLD_KEYS, take(T, lease()), ask(T + 10, yes("fresh"), server=answer(T + 10, fresh=0, grace=0)), ask(T + 11, yes("leased")))

# --- revocation ------------------------------------------------------------------------------------------------------

case("A list revokes a lease", OLD_KEYS, take(T, lease()), ask(T + 1, yes("leased")), take_list(T + 61, revoked_list(7, LEASE)),
     ask(T + 61, refused("revoked")), ask(T + 61, refused("revoked"), of(component="fab_Forecast")))
case("A list that came first revokes a lease that is read later", OLD_KEYS, take_list(T + 61, revoked_list(7, LEASE)),
     take(T + 61, lease()), ask(T + 61, refused("revoked")))
case("A list revokes a block", OLD_KEYS, take(T, token(block())), take_list(T + 61, revoked_list(7, BLOCK)),
     ask(T + 61, refused("revoked"), of(BEN)))
case("A list names many leases",
     OLD_KEYS, take(T, lease()), take(T, lease(jti=name("lse", 0xAB04), sub=BEN)),
     take_list(T + 61, revoked_list(7, *[name("lse", n << 64) for n in range(1, 40)], LEASE, name("lse", 2**128 - 1))),
     ask(T + 61, refused("revoked")), ask(T + 61, yes("leased"), of(BEN)))
case("Ids are compared whole: 16 bytes that lie across two entries are none",
     OLD_KEYS, take(T, lease(jti="lse_" + "ab" * 16)),
     take_list(T + 61, revoked_list(7, "lse_" + "00" * 8 + "ab" * 8, "lse_" + "ab" * 8 + "ff" * 8)), ask(T + 61, yes("leased")))
case("An empty list revokes nothing", OLD_KEYS, take(T, lease()), take_list(T + 61, revoked_list(7)), ask(T + 61, yes("leased")))
case("A list of another tenant revokes nothing here",
     OLD_KEYS, take(T, lease()), take_list(T + 61, revoked_list(9, LEASE, tenant=NORTHWIND)), ask(T + 61, yes("leased")),
     take_list(T + 61, revoked_list(7, LEASE)), ask(T + 61, refused("revoked")))
case("An older list, or the same number again, is ignored",
     OLD_KEYS, take(T, lease()), take_list(T + 61, revoked_list(7, LEASE)),
     take_list(T + 62, revoked_list(6), "older"), ask(T + 62, refused("revoked")),
     take_list(T + 62, revoked_list(7), "older"), restart(T + 62), ask(T + 62, refused("revoked")),
     take_list(T + 63, revoked_list(6), "older"), ask(T + 63, refused("revoked")))
case("A later list counts alone", OLD_KEYS, take(T, lease()), take_list(T + 61, revoked_list(7, LEASE)),
     take_list(T + 62, revoked_list(8)), ask(T + 62, yes("leased")))
case("Another lease does where one is revoked",
     OLD_KEYS, take(T, lease()), take(T, token(block())), take_list(T + 61, revoked_list(7, LEASE)),
     ask(T + 61, yes("leased")), take_list(T + 62, revoked_list(8, LEASE, BLOCK)), ask(T + 62, refused("revoked")))
case("Grace goes on where the lease is revoked: the last answer carries its own end",
     OLD_KEYS, ask(T, yes("fresh"), server=YES), take(T, lease()), take_list(T + 61, revoked_list(7, LEASE)),
     ask(T + 61, yes("grace")), ask(T + 3600, refused("revoked")))
case("Revoked and over is over", OLD_KEYS, take(T, lease(exp=T + 100)), take_list(T + 61, revoked_list(7, LEASE)), ask(T + 100, refused("expired")))
case("What is no list of ours is not kept and revokes nothing",
     OLD_KEYS, take(T, lease()),
     take_list(T + 61, revoked_list(7, LEASE, typ="seatline-lease+jwt"), "forged"),
     take_list(T + 61, revoked_list(7, LEASE, iss="https://market.example.evil.example"), "forged"),
     take_list(T + 61, revoked_list(7, LEASE, aud="litware"), "forged"),
     take_list(T + 61, revoked_list(7, LEASE, key=STRANGER), "forged"),
     take_list(T + 61, revoked_list(7, LEASE, key=NEW), "key_unknown"),
     take_list(T + 61, revoked_list("7", LEASE), "forged"),
     take_list(T + 61, revoked_list(True, LEASE), "forged"),
     take_list(T + 61, revoked_list(7, revoked=b64(bytes(15))), "forged"),
     take_list(T + 61, revoked_list(7, revoked=[LEASE]), "forged"),
     take_list(T + 61, revoked_list(7, revoked=b64(bytes(16)) + "=="), "forged"),
     take_list(T + 61, tampered(revoked_list(7), revoked=b64(bytes.fromhex(LEASE[4:]))), "forged"),
     take_list(T + 61, "", "forged"),
     ask(T + 61, yes("leased")))
case("A list is no lease", OLD_KEYS, take(T, revoked_list(7, LEASE), "forged"))

# --- the clock -------------------------------------------------------------------------------------------------------

case("A clock that was set back is refused; five minutes are tolerated",
     OLD_KEYS, take(T, lease()), ask(T + 1000, yes("leased")), ask(T + 700, yes("leased")), ask(T + 699, refused("clock_rolled_back")),
     ask(T + 1000, yes("leased")))
case("A refused question knows what time it is, too", OLD_KEYS, ask(T + 1000, refused("unknown")), take(T + 1000, lease()),
     ask(T + 699, refused("clock_rolled_back")))
case("A clock that was set back does not bring back an answer",
     ask(T, yes("fresh"), server=YES), ask(T + 3600, refused("expired")), ask(T + 50, refused("clock_rolled_back")), restart(T + 51),
     ask(T + 51, refused("clock_rolled_back")))
case("A clock that was set back does not bring back a lease", OLD_KEYS, take(T, lease(exp=T + 1000)), ask(T + 1000, refused("expired")),
     ask(T + 500, refused("clock_rolled_back")), restart(T + 500), ask(T + 500, refused("clock_rolled_back")))
case("The time at which a lease was given has been", OLD_KEYS, take(T - 301, lease()), ask(T - 301, refused("clock_rolled_back")),
     ask(T - 300, refused("unknown")), ask(T - 60, yes("leased")))
case("The time at which a list was made has been, older ones and other tenants' too",
     OLD_KEYS, take(T, lease()), take_list(T, revoked_list(7, iat=T + 2000, tenant=NORTHWIND)), ask(T + 1699, refused("clock_rolled_back")),
     ask(T + 1700, yes("leased")), take_list(T + 1700, revoked_list(6, iat=T + 3000, tenant=NORTHWIND), "older"),
     ask(T + 2699, refused("clock_rolled_back")))
case("What is forged says nothing about the time",
     OLD_KEYS, take(T, lease()), take(T, tampered(lease(), iat=T + 99 * DAY), "forged"),
     take_list(T, tampered(revoked_list(7), iat=T + 99 * DAY), "forged"), ask(T, yes("leased")))
case("With the clock set back the server is asked, and its answer mends it",
     OLD_KEYS, take(T, lease()), ask(T + 5000, yes("leased")), ask(T + 100, refused("clock_rolled_back")),
     ask(T + 100, yes("fresh"), server=answer(T + 100)), ask(T + 101, yes("cached")), ask(T + 161, yes("leased")))
case("With the clock set back even a fresh answer is asked for again",
     ask(T, yes("fresh"), server=answer(T, fresh=10_000, grace=10_000)), ask(T + 5000, yes("cached")),
     ask(T + 100, no("fresh"), server=answer(T + 5001, False, 10_000, 10_000)), ask(T + 101, refused("clock_rolled_back")))
case("An answer lowers the time that is known to have been, the server's clock decides",
     ask(T + 5000, refused("unknown")), ask(T + 4900, yes("fresh"), server=answer(T)), ask(T + 10, refused("unknown")))
case("An answer raises it as well", ask(T, yes("fresh"), server=answer(T + 301)), ask(T, refused("clock_rolled_back")), ask(T + 1, yes("cached")))
case("An answer that may not be kept still tells the time",
     OLD_KEYS, take(T, lease()), ask(T, yes("fresh"), server=answer(T + 1000, fresh=None, grace=None)), ask(T, refused("clock_rolled_back")))
case("An answer received while the clock was ahead is not used once the clock is right",
     ask(T + DAY, yes("fresh"), server=YES), ask(T + 10, refused("unknown")), ask(T + 11, no("fresh"), server=answer(T + 11, False)))
case("A clock that is a little off the server's is no matter: times run from when the answer was received",
     ask(T + 200, yes("fresh"), server=YES), ask(T + 259, yes("cached")), ask(T + 260, yes("grace")), ask(T + 3800, refused("expired")))

# --- keys ------------------------------------------------------------------------------------------------------------

case("Keys change: old and new both verify, then the old one goes and takes its leases along",
     OLD_KEYS, take(T, lease()), keys(T + 10, "old_and_new"), take(T + 11, lease(NEW, jti=name("lse", 0xAB05), sub=BEN)),
     ask(T + 12, yes("leased")), ask(T + 12, yes("leased"), of(BEN)), restart(T + 13), ask(T + 13, yes("leased")),
     keys(T + 20, "new"), ask(T + 20, refused("unknown")), restart(T + 21), ask(T + 21, refused("unknown")), ask(T + 21, yes("leased"), of(BEN)),
     take(T + 22, lease(), "key_unknown"))
case("A key that is not known: fetching the keys helps", OLD_KEYS, take(T, lease(NEW), "key_unknown"), ask(T, refused("unknown")),
     keys(T + 1, "old_and_new"), take(T + 1, lease(NEW)), ask(T + 1, yes("leased")))
case("Before there are keys nothing verifies", take(T, lease(), "key_unknown"), take_list(T, revoked_list(7, LEASE), "key_unknown"), ask(T, refused("unknown")))
case("A list stays when its key goes: what it revoked does not come back",
     keys(T, "old_and_new"), take(T, lease(NEW)), take_list(T + 61, revoked_list(7, LEASE)), keys(T + 70, "new"), ask(T + 70, refused("revoked")),
     restart(T + 71), ask(T + 71, refused("revoked")))
case("Names that are no keys, though a language may know them",
     OLD_KEYS, *[take(T, token(claims(), header={"kid": kid}), "key_unknown") for kid in ("constructor", "__proto__", "toString", "")])

# --- forged ----------------------------------------------------------------------------------------------------------

GENUINE = lease()
SIGNATURE = GENUINE.rsplit(".", 1)[1]
RAW_SIGNATURE = base64.urlsafe_b64decode(SIGNATURE + "==")


def forged(title, *texts, key_set="old", then=()):
    case(f"Forged: {title}", keys(T, key_set), *[take(T, text, "forged") for text in texts], *then, ask(T, refused("unknown")))


def hmac_signed(secret):
    text = f"{compact({'alg': 'HS256', 'typ': 'seatline-lease+jwt', 'kid': OLD.kid})}.{compact(claims())}"
    return f"{text}.{b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def without_signature(alg):
    return f"{compact({'alg': alg, 'typ': 'seatline-lease+jwt', 'kid': OLD.kid})}.{compact(claims())}."


forged("claims that were changed after signing",
       tampered(GENUINE, sub=BEN), tampered(GENUINE, exp=T + 99 * DAY), tampered(GENUINE, services=[{"id": SILVER, "features": {}}]),
       tampered(GENUINE, tenant=NORTHWIND), tampered(GENUINE, jti=name("lse", 1)))
forged("signed by a stranger under a name that is known", lease(STRANGER))
forged("a stranger's key brought along in the header", token(claims(), STRANGER, header={"jwk": STRANGER.jwk()}))
forged("the signature of another lease", resigned(GENUINE, lease(sub=BEN).rsplit(".", 1)[1]))
forged("no algorithm", *[without_signature(alg) for alg in ("none", "None", "NONE", "")], token(claims(), header={"alg": None}))
forged("an authentication code with the public key as secret",
       hmac_signed(json.dumps(OLD.jwk()).encode()), hmac_signed(OLD.private.public_key().public_bytes(
           serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)))
forged("an algorithm that is not the key's",
       token(claims(), ED, header={"alg": "ES256"}), token(claims(), OLD, header={"alg": "EdDSA"}),
       token(claims(), OLD, header={"kid": ED.kid}), token(claims(), ED, header={"kid": OLD.kid}), key_set="es256_and_eddsa")
forged("other names for the algorithms",
       *[token(claims(), OLD, header={"alg": alg}) for alg in ("es256", "ES384", "RS256", "ES256K", ["ES256"])],
       *[token(claims(), ED, header={"alg": alg}) for alg in ("eddsa", "Ed25519")], key_set="es256_and_eddsa")
forged("another type of token", *[token(claims(), typ=typ) for typ in ("JWT", "at+jwt", "seatline-revocations+jwt", "application/seatline-lease+jwt", None)])
forged("a header with something critical", token(claims(), header={"crit": ["exp"]}))
forged("no name of a key", token(claims(), header={"kid": None}), token(claims(), header={"kid": 1}))
forged("another issuer", *[lease(iss=iss) for iss in ("https://other.example", ISSUER + "/", ISSUER.upper(), "", None)], token(claims(), without=["iss"]))
forged("another audience", *[lease(aud=aud) for aud in ("litware", "Fabrikam", "", None, ["litware", PUBLISHER], [PUBLISHER])], token(claims(), without=["aud"]))
forged("not three parts", "", ".", "..", "lease", GENUINE.rsplit(".", 1)[0], GENUINE.rsplit(".", 1)[0] + ".", GENUINE + ".", GENUINE + "." + SIGNATURE, GENUINE[1:])
forged("cut off", GENUINE[:-1], GENUINE[:-4], GENUINE[:-44], GENUINE[: len(GENUINE) // 2])
forged("a signature that is empty, of zeros, too long, or in DER",
       resigned(GENUINE, b64(bytes(64))), resigned(GENUINE, b64(b"\x01" + bytes(63))), resigned(GENUINE, SIGNATURE + "AAAA"),
       resigned(GENUINE, b64(bytes(1) + RAW_SIGNATURE)), resigned(GENUINE, b64(RAW_SIGNATURE[:32] + bytes(1) + RAW_SIGNATURE[32:])), token(claims(), der=True))
forged("a signature of EdDSA that is of zeros", resigned(lease(ED), b64(bytes(64))), key_set="es256_and_eddsa")
forged("characters that are not of base64url, or padding",
       GENUINE + "=", GENUINE + "==", GENUINE + "\n", " " + GENUINE, resigned(GENUINE, SIGNATURE[:10] + "!" + SIGNATURE[10:]),
       resigned(GENUINE, SIGNATURE[:10] + "\n" + SIGNATURE[10:]), resigned(GENUINE, "+/" + SIGNATURE[2:]))
for field in ("jti", "tenant", "sub", "kind", "services", "components", "iat", "nbf", "exp", "version"):
    forged(f"no {field}", token(claims(), without=[field]), lease(**{field: None}))
forged("times that are no whole numbers",
       *[lease(**{field: value}) for field in ("iat", "nbf", "exp") for value in (str(T), True, T + 0.5, [T], {})])
forged("ids of the wrong shape",
       *[lease(jti=jti) for jti in (LEASE[4:], LEASE.upper(), "lse_" + LEASE[4:].upper(), LEASE + "0", LEASE[:-1], LEASE + "\n", "", 1)],
       *[lease(sub=sub) for sub in ("", 1, [ANA])], *[lease(tenant=tenant) for tenant in ("", 1, [CONTOSO])])
forged("a kind there is not, or a block with another subject",
       lease(kind="users"), lease(kind="Tenant"), lease(kind=""), token(block(sub=ANA)), token(block(sub=NORTHWIND)))
forged("services and components of the wrong types",
       lease(services=GOLD), lease(services=[GOLD]), lease(services={GOLD: {}}), lease(services=[{"features": {}}]),
       lease(services=[{"id": GOLD}]), lease(services=[{"id": GOLD, "features": []}]), lease(services=[{"id": 1, "features": {}}]),
       lease(components="fab_Forecast"), lease(components=[1]), lease(components={"fab_Forecast": True}),
       token(block(services=[{"id": GOLD, "features": {}}])), token(block(services=[{"id": GOLD, "features": {}, "seats": "5"}])))
forged("no claims at all", f"{compact({'alg': 'ES256', 'typ': 'seatline-lease+jwt', 'kid': OLD.kid})}.{compact([])}.{SIGNATURE}",
       token({}), resigned(f"{b64(b'{')}.{b64(b'{')}.", SIGNATURE), f"{compact(None)}.{compact(None)}.{SIGNATURE}", f"{compact([])}.{compact(claims())}.{SIGNATURE}")
case("What is forged leaves what was there", OLD_KEYS, take(T, GENUINE), take(T, tampered(GENUINE, exp=T), "forged"), ask(T, yes("leased")))
case("Claims and parts of the header that are not known disturb nothing",
     OLD_KEYS, take(T, token(claims(colour="blue"), header={"cty": "x"})), ask(T, yes("leased")))


def main():
    path = Path(__file__).resolve().parents[2] / "docs/client-vectors.json"
    assert len({c["name"] for c in CASES}) == len(CASES), "two cases have one name"
    document = {"format": 1, "issuer": ISSUER, "audience": PUBLISHER, "key_sets": KEY_SETS, "cases": copy.deepcopy(CASES)}
    # One step a line: readable, and a change shows as what it is.
    head = json.dumps({k: v for k, v in document.items() if k != "cases"}, indent=1)[:-2]
    body = []
    for c in CASES:
        steps = ",\n   ".join(json.dumps(step) for step in c["steps"])
        body.append(f'  {{"name": {json.dumps(c["name"])}, "steps": [\n   {steps}\n  ]}}')
    text = head + ',\n "cases": [\n' + ",\n".join(body) + "\n ]\n}\n"
    assert json.loads(text) == document
    path.write_text(text)
    print(f"{len(CASES)} cases, {sum(len(c['steps']) for c in CASES)} steps: {path.name}")


if __name__ == "__main__":
    main()
