"""The client's state machine (docs/client-state-machine.md): told the time and what came in, it does no I/O."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from .tokens import Lease, PublicKey, Rejected, RevocationList, read_keys, read_lease, read_list

TOLERANCE = 300
NOT_BEFORE_TOLERANCE = 60


@dataclass(frozen=True)
class Question:
    """May this user use this service id, or open this component?

    ``tenant`` is left out by an app of the tenant itself.
    """

    #: An id, or ``me`` for whoever the token belongs to. Nobody is nobody: an empty one is an error.
    user: str
    tenant: Optional[str] = None
    #: ``publisherid.offerid.planid``
    service: Optional[str] = None
    #: The unique name of a component.
    component: Optional[str] = None
    #: ``publisherid.offerid``, where several offers have a component of this name.
    offer: Optional[str] = None

    def __post_init__(self) -> None:
        if (self.service is None) == (self.component is None):
            raise ValueError("ask about either a service or a component")
        if not isinstance(self.user, str) or self.user == "" or "" in (self.tenant, self.service, self.component):
            raise ValueError("user, tenant, service and component are texts that are not empty")


@dataclass(frozen=True)
class Refusal:
    """What a refused person reads."""

    title: str
    code: str
    message: str
    #: For the administrator: what was asked for, and the plans that would do.
    details: str
    more_info_url: Optional[str] = None


@dataclass(frozen=True)
class Decision:
    """Whether, how it is known, and why. ``if decision:`` means allowed."""

    allowed: bool
    #: ``fresh``, ``cached``, ``leased``, ``grace`` or ``refused``.
    how: str
    #: Of the server, or ``unknown``, ``expired``, ``revoked``, ``clock_rolled_back`` where ``how`` is ``refused``.
    reason: Optional[str] = None
    state: Optional[str] = None
    #: The service ids that would do.
    service_ids: List[str] = field(default_factory=list)
    enforcement: Optional[str] = None
    features: Dict[str, Any] = field(default_factory=dict)
    version: Optional[int] = None
    #: What to show; there whenever a :class:`~seatline.Seatline` refuses.
    refusal: Optional[Refusal] = None
    #: What to show to who was let in without a license, because the plan only warns.
    notice: Optional[Refusal] = None
    #: The lease that allows it. Of a block (``kind`` is ``tenant``) the app counts the seats itself.
    lease: Optional[Lease] = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class _Kept:
    question: Question
    answer: Dict[str, Any]
    received: int

    def lasts(self, name: str, now: int) -> bool:
        return self.received - TOLERANCE <= now < self.received + int(self.answer[name])


class Machine:
    def __init__(self, issuer: str, audience: Optional[str] = None, answers: int = 10_000) -> None:
        """``answers``: how many are kept; the one that was received first goes first."""
        self._issuer, self._audience, self._most = issuer, audience, answers
        self.high_water = 0
        self._answers: Dict[Question, _Kept] = {}
        self._leases: Dict[str, Lease] = {}
        self._lists: Dict[str, RevocationList] = {}
        self._jwks: Any = {"keys": []}
        self._keys: Dict[str, PublicKey] = {}

    # What comes in

    def answer(self, question: Question, body: Any, now: int) -> Optional[Decision]:
        """Takes what the server said; None if that is no answer."""
        if not is_answer(body):
            return None
        self._answers.pop(question, None)
        at = body.get("at")
        if _seconds(at):
            self.high_water = at
        if not body["allowed"]:
            issued_until = at if _seconds(at) else now
            self._leases = {
                id: lease
                for id, lease in self._leases.items()
                if not (_refuses(question, lease) and lease.issued_at <= issued_until)
            }
        if all(_seconds(body.get(name)) for name in ("at", "fresh_seconds", "grace_seconds")):
            self._answers[question] = _Kept(question, body, now)
            if len(self._answers) > self._most:
                del self._answers[next(iter(self._answers))]
        return _as_it_says(body, "fresh")

    def lease(self, text: str) -> Lease:
        """Takes a lease; raises :class:`Rejected` with the cause if it is not kept."""
        lease = read_lease(text, self._keys, self._issuer, self._audience)
        self.high_water = max(self.high_water, lease.issued_at)
        for kept in self._answers.values():
            refused = not kept.answer["allowed"] and _refuses(kept.question, lease)
            if refused and lease.issued_at <= kept.answer["at"]:
                raise Rejected("refused")
        self._leases[lease.id] = lease
        return lease

    def drop_lease(self, id: str) -> None:
        """It was given back."""
        self._leases.pop(id, None)

    def revocations(self, text: str) -> RevocationList:
        """Takes a revocation list; raises :class:`Rejected` with the cause if it is not kept."""
        revoked = read_list(text, self._keys, self._issuer, self._audience)
        self.high_water = max(self.high_water, revoked.issued_at)
        kept = self._lists.get(revoked.tenant)
        if kept is not None and revoked.seq <= kept.seq:
            raise Rejected("older")
        self._lists[revoked.tenant] = revoked
        return revoked

    def keys(self, jwks: Any) -> None:
        """Takes the issuer's JWKS in place of those kept; leases whose key is gone are dropped."""
        self._jwks, self._keys = jwks, read_keys(jwks)
        self._verify([lease.text for lease in self._leases.values()])

    # What is decided

    def at_once(self, question: Question, now: int) -> Optional[Decision]:
        """Without asking the server; None if it is to be asked."""
        kept = self._answers.get(question)
        if self._rolled_back(now) or kept is None or not kept.lasts("fresh_seconds", now):
            return None
        return _as_it_says(kept.answer, "cached")

    def without_server(self, question: Question, now: int) -> Decision:
        """Where :meth:`at_once` was None and the server is not reachable."""
        if self._rolled_back(now):
            return Decision(False, "refused", "clock_rolled_back")
        over = revoked = False
        for lease in self._leases.values():
            if not _covers(lease, question) or now < lease.not_before - NOT_BEFORE_TOLERANCE:
                continue
            if now >= lease.expires_at:
                over = True
            elif lease.tenant in self._lists and lease.id in self._lists[lease.tenant].revoked:
                revoked = True
            else:
                return _leased(lease, question)
        kept = self._answers.get(question)
        if kept is not None and kept.lasts("grace_seconds", now):
            return _as_it_says(kept.answer, "grace")
        over = over or (kept is not None and now >= kept.received + kept.answer["grace_seconds"])
        return Decision(False, "refused", "revoked" if revoked else "expired" if over else "unknown")

    def leases(self) -> List[Lease]:
        return list(self._leases.values())

    def _rolled_back(self, now: int) -> bool:
        if now + TOLERANCE < self.high_water:
            return True
        self.high_water = max(self.high_water, now)
        return False

    # The store

    def save(self) -> str:
        answers = [[vars(kept.question), kept.answer, kept.received] for kept in self._answers.values()]
        lists = [[kept.tenant, kept.issued_at, kept.seq, sorted(kept.revoked)] for kept in self._lists.values()]
        leases = [lease.text for lease in self._leases.values()]
        state = {
            "format": 1, "high_water": self.high_water, "keys": self._jwks,
            "answers": answers, "leases": leases, "revocations": lists,
        }  # fmt: skip
        return json.dumps(state, separators=(",", ":"))

    def restore(self, text: str) -> None:
        """Reads what :meth:`save` wrote; leases are verified anew. Raises ValueError and changes nothing if it is no state."""
        try:
            state = json.loads(text)
            high_water = int(state["high_water"])
            kept = [_Kept(Question(**q), answer, int(received)) for q, answer, received in state["answers"]]
            if not all(is_answer(k.answer) and all(_seconds(k.answer.get(n)) for n in _TIMES) for k in kept):
                raise ValueError("answers")
            lists = [RevocationList(t, int(iat), int(seq), frozenset(ids)) for t, iat, seq, ids in state["revocations"]]
            jwks, leases = state["keys"], [str(lease) for lease in state["leases"]]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ValueError("this is no state of a client") from error
        self.high_water = high_water
        self._answers = {k.question: k for k in kept}
        self._lists = {revoked.tenant: revoked for revoked in lists}
        self._jwks, self._keys = jwks, read_keys(jwks)
        self._verify(leases)

    def _verify(self, texts: List[str]) -> None:
        self._leases = {}
        for text in texts:
            try:
                lease = read_lease(text, self._keys, self._issuer, self._audience)
            except Rejected:
                continue
            self._leases[lease.id] = lease


_TIMES: Tuple[str, ...] = ("at", "fresh_seconds", "grace_seconds")


def is_answer(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("allowed"), bool)


def _seconds(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _covers(lease: Lease, question: Question) -> bool:
    if lease.tenant != question.tenant or (lease.kind == "user" and lease.subject != question.user):
        return False
    if question.service is not None:
        return any(service["id"] == question.service for service in lease.services)
    offered = question.offer is None or any(s["id"].startswith(question.offer + ".") for s in lease.services)
    return offered and question.component in lease.components


def _refuses(question: Question, lease: Lease) -> bool:
    """Whether a refusal of this question is one of this lease: a block is not a single user's to lose."""
    return lease.kind == "user" and _covers(lease, question)


def _leased(lease: Lease, question: Question) -> Decision:
    named = [s for s in lease.services if question.service is None or s["id"] == question.service]
    features: Dict[str, Any] = {}
    for service in named:
        features = {**service["features"], **features}
    return Decision(True, "leased", service_ids=[s["id"] for s in named], features=features, lease=lease)


def _as_it_says(body: Dict[str, Any], how: str) -> Decision:
    def of(name: str, kind: type) -> Any:
        value = body.get(name)
        return value if isinstance(value, kind) else None

    # Copies: what an app does with them must not change what is kept.
    return Decision(
        body["allowed"], how, of("reason", str), of("state", str), list(of("service_ids", list) or []),
        of("enforcement", str), dict(of("features", dict) or {}), of("version", int),
        _refusal(body.get("refusal")), _refusal(body.get("notice")),
    )  # fmt: skip


def _refusal(value: Any) -> Optional[Refusal]:
    if not isinstance(value, dict):
        return None
    texts = [str(value.get(name) or "") for name in ("title", "code", "message", "details")]
    return Refusal(texts[0], texts[1], texts[2], texts[3], value.get("more_info_url"))
