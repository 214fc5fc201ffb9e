"""The client: asks the server, keeps what it may keep, and decides without it where that is allowed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, TypeVar
from urllib.parse import quote

from .http import Http, SeatlineError, Unreachable
from .leases import ME, Leases, Revocations, once
from .machine import Decision, Machine, Question, is_answer
from .refusals import own_refusal
from .store import Store
from .tokens import Rejected

T = TypeVar("T")

_BATCH = 1000
_KEYS_EVERY = 86_400
# The time that is known to have been is written down this often, not with each question.
_CLOCK_EVERY = 60


@dataclass(frozen=True)
class HeldRight:
    """One service id that a user has. Times are RFC 3339."""

    service_id: str
    #: The plan's name for people, None if the offer is not live.
    plan: Optional[str]
    state: str
    usable: bool
    since: Optional[str]
    usable_until: Optional[str]
    features: Dict[str, Any]


class Seatline:
    """A connection to a marketplace. One for the whole app: it may be used from many threads.

    :param server: the address to ask, of the marketplace or of an edge near the app.
    :param client_id: of an API client, with its ``client_secret``; or a ``token``.
    :param publisher: your publisher id; needed for leases.
    :param issuer: the marketplace's address as its ``base_url`` says, where that is not ``server``; leases name it.
    :param store: where what is known is kept between runs; in memory only if left out.
    :param clock: what time it is, in seconds.
    :param timeout: seconds that one call may take.
    :param language: of refusals, ``en`` or ``ko``.
    """

    def __init__(
        self,
        server: str,
        *,
        client_id: Optional[str] = None,
        client_secret: Optional[str] = None,
        token: Optional[str] = None,
        publisher: Optional[str] = None,
        issuer: Optional[str] = None,
        store: Optional[Store] = None,
        clock: Callable[[], float] = time.time,
        timeout: float = 5.0,
        language: str = "en",
    ) -> None:
        self._http = Http(server, client_id, client_secret, token, timeout, language)
        self._language, self._store, self._clock = language, store, clock
        self._publisher = publisher
        self._machine = Machine(issuer or server.rstrip("/"), publisher)
        self._lock = threading.RLock()
        self._asking: Dict[Question, "Future[Decision]"] = {}
        self._keys_at: Optional[float] = None
        self._saved_high_water = 0
        self.leases = Leases(self)
        self.revocations = Revocations(self)
        saved = store.load() if store else None
        if saved is not None:
            try:
                self._machine.restore(saved)
            except ValueError:
                pass  # As at the first run.

    def check(
        self, user: str, *, tenant: Optional[str] = None, service: Optional[str] = None,
        component: Optional[str] = None, offer: Optional[str] = None, freshness: Optional[str] = None,
    ) -> Decision:  # fmt: skip
        """May this user use ``service``, or open ``component``?

        A publisher's client names ``tenant`` and ``user``, a tenant's own client ``user`` alone; ``me`` is whoever the
        token belongs to. Never raises because the server is gone: the decision says ``how`` it is
        known. Raises :class:`SeatlineError` if the server refuses the call itself.

        :param freshness: the ``Freshness-Token`` of a write, or ``latest``: decided by the server at that point or
            later, or refused.
        """
        question = Question(user, tenant, service, component, offer)
        if freshness is None:
            known = self._known(question)
            return known if known is not None else self._shared(question)
        decision = self._asked(question, freshness)
        # What is kept may be older than what was asked for.
        return self._shown(_NOT_FRESH if decision is None else decision, question)

    def check_many(self, questions: Sequence[Question]) -> List[Decision]:
        """As :meth:`check`, in the order of the questions; the server is asked for all that it has to be asked at once."""
        decisions: Dict[Question, Decision] = {}
        to_ask: List[Question] = []
        for question in dict.fromkeys(questions):
            known = self._known(question)
            if known is None:
                to_ask.append(question)
            else:
                decisions[question] = known
        for path, part in _batches(to_ask):
            decisions.update(self._batch(path, part))
        return [decisions[question] for question in questions]

    def rights(self, user: str, *, tenant: Optional[str] = None) -> List[HeldRight]:
        """All that a user has a right to, usable now or not. Raises :class:`Unreachable` or :class:`SeatlineError`."""
        body = self._http.call("GET", f"{_person_path(tenant, user)}/rights").body
        items = body.get("items") if isinstance(body, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise Unreachable("the answer has no rights")
        return [
            HeldRight(
                item.get("service_id", ""), item.get("plan"), item.get("state", ""), item.get("usable") is True,
                item.get("since"), item.get("usable_until"), item.get("features") or {},
            )
            for item in items
        ]  # fmt: skip

    def _known(self, question: Question) -> Optional[Decision]:
        with self._lock:
            known = self._machine.at_once(question, self._now())
            self._save(changed=False)
        return self._shown(known, question) if known is not None else None

    def _shared(self, question: Question) -> Decision:
        """Asks the server once however many threads ask the same meanwhile."""
        with self._lock:
            asking = self._asking.get(question)
            if asking is None:
                mine = self._asking[question] = Future()
        if asking is not None:
            return asking.result()
        try:
            mine.set_result(self._answered_or_not(question))
        except BaseException as error:
            mine.set_exception(error)
        finally:
            with self._lock:
                del self._asking[question]
        return mine.result()

    def _answered_or_not(self, question: Question) -> Decision:
        decision = self._asked(question)
        if decision is None:
            return self._without_server(question)
        if self._keys_due() and any(True for _ in self.leases):
            self._fetch_keys()
        return self._shown(decision, question)

    def _asked(self, question: Question, freshness: Optional[str] = None) -> Optional[Decision]:
        headers = {"Freshness-Token": freshness} if freshness else {}
        try:
            body = self._http.call("POST", _path(question), _wire(question), headers).body
        except SeatlineError as error:
            # Not a mistake of the app: a customer that is none, or none any more, is refused.
            if error.status != 404:
                raise
            body = {"allowed": False, "reason": error.code}
        except Unreachable:
            return None
        return self._took(question, body)

    def _batch(self, path: str, questions: List[Question]) -> Dict[Question, Decision]:
        try:
            body = self._http.call("POST", path, {"checks": [_wire(question) for question in questions]}).body
        except Unreachable:
            body = None
        results = body.get("results") if isinstance(body, dict) else None
        if not isinstance(results, list) or len(results) != len(questions):
            results = [None] * len(questions)
        decisions = {}
        for question, result in zip(questions, results):
            decision = self._took(question, result)
            known = self._shown(decision, question) if decision is not None else self._without_server(question)
            decisions[question] = known
        return decisions

    def _took(self, question: Question, body: Any) -> Optional[Decision]:
        if not is_answer(body):
            return None
        with self._lock:
            decision = self._machine.answer(question, body, self._now())
            self._save()
        return decision

    def _without_server(self, question: Question) -> Decision:
        with self._lock:
            decision = self._machine.without_server(question, self._now())
            self._save(changed=False)
        return self._shown(decision, question)

    def _shown(self, decision: Decision, question: Question) -> Decision:
        if decision.allowed or decision.refusal is not None:
            return decision
        return replace(decision, refusal=own_refusal(decision, question, self._language))

    # Keys, leases, lists

    def _token(self, method: str, path: str, body: Any = None) -> str:
        """What the server signs."""
        answer = self._http.call(method, path, body, {} if body is None else once()).body
        token = answer.get("token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise Unreachable("the answer has no token")
        return token

    def _take(self, take: Callable[[str], T], text: str) -> T:
        """Takes a lease or a list; fetches the keys where they are not known, or are a day old."""
        if self._keys_due():
            self._fetch_keys()
        try:
            return self._taken(take, text)
        except Rejected as rejected:
            if rejected.cause != "key_unknown" or not self._fetch_keys():
                raise
        return self._taken(take, text)

    def _taken(self, take: Callable[[str], T], text: str) -> T:
        with self._lock:
            try:
                # Files end with a line end.
                return take(text.strip())
            finally:
                self._save()

    def _keys_due(self) -> bool:
        return self._keys_at is None or time.monotonic() - self._keys_at > _KEYS_EVERY

    def _fetch_keys(self) -> bool:
        try:
            jwks = self._http.public("/.well-known/jwks.json").body
        except (Unreachable, SeatlineError):
            return False
        if not isinstance(jwks, dict) or not isinstance(jwks.get("keys"), list):
            return False
        with self._lock:
            self._machine.keys(jwks)
            self._keys_at = time.monotonic()
            self._save()
        return True

    def load_keys(self, jwks: Any) -> None:
        """Takes the keys of the marketplace from its JWKS that came by file, for an app that is never online."""
        with self._lock:
            self._machine.keys(jwks)
            self._save()

    def _now(self) -> int:
        return int(self._clock())

    def _save(self, changed: bool = True) -> None:
        if self._store and (changed or self._machine.high_water >= self._saved_high_water + _CLOCK_EVERY):
            try:
                self._store.save(self._machine.save())
            except OSError:
                return  # A full disk locks nobody out; it is tried again with the next change.
            self._saved_high_water = self._machine.high_water


_NOT_FRESH = Decision(False, "refused", "unknown")


def _path(question: Question) -> str:
    if question.tenant is not None:
        return "/api/v1/customer-checks"
    return "/api/v1/me/checks" if question.user == ME else "/api/v1/checks"


def _person_path(tenant: Optional[str], user: str) -> str:
    if not isinstance(user, str) or user == "" or tenant == "":
        raise ValueError("user and tenant are texts that are not empty")
    if tenant is not None:
        return f"/api/v1/customers/{quote(tenant, safe='')}/users/{quote(user, safe='')}"
    return "/api/v1/me" if user == ME else f"/api/v1/users/{quote(user, safe='')}"


def _wire(question: Question) -> Dict[str, str]:
    fields = {
        "tenant": question.tenant, "user": None if question.user == ME else question.user, "service_id": question.service,
        "component": question.component, "offer": question.offer,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def _batches(questions: List[Question]) -> Iterator[Tuple[str, List[Question]]]:
    by_path: Dict[str, List[Question]] = {}
    for question in questions:
        by_path.setdefault(f"{_path(question)}/batch", []).append(question)
    for path, all_of_them in by_path.items():
        for start in range(0, len(all_of_them), _BATCH):
            yield path, all_of_them[start : start + _BATCH]
