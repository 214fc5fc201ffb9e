"""Leases and revocation lists of a client."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Dict, Iterator, Optional, Sequence
from urllib.parse import quote

from .tokens import Lease, Rejected, RevocationList

if TYPE_CHECKING:
    from .client import Seatline

#: Whoever the token belongs to.
ME = "me"


class Leases:
    """Licenses that are carried along, for when the server is not there."""

    def __init__(self, client: Seatline) -> None:
        self._client = client

    def __iter__(self) -> Iterator[Lease]:
        with self._client._lock:
            return iter(self._client._machine.leases())

    def acquire(
        self, user: Optional[str] = None, *, tenant: Optional[str] = None, seats: Optional[int] = None,
        services: Optional[Sequence[str]] = None, component: Optional[str] = None, offer: Optional[str] = None,
        seconds: Optional[int] = None, algorithm: Optional[str] = None,
    ) -> Lease:  # fmt: skip
        """Asks the server for a lease of ``services``, or of what opens ``component`` of ``offer``, and keeps it.

        For a user as in :meth:`Seatline.check`; or, by a tenant's own client, for a block of ``seats`` of the tenant.
        Raises :class:`Unreachable` or :class:`SeatlineError`.

        :param seconds: how long it is wished for, a day if left out; it may be shorter.
        :param algorithm: ``ES256`` if left out, or ``EdDSA``.
        """
        if (user is None) == (seats is None) or user == "":
            raise ValueError("a lease is for a user, or a block of seats")
        wanted = {
            "tenant": tenant, "user": None if user == ME else user, "seats": seats, "component": component,
            "offer": offer, "service_ids": None if services is None else list(services), "seconds": seconds,
            "algorithm": algorithm,
        }  # fmt: skip
        body = {name: value for name, value in wanted.items() if value is not None}
        return self.load(self._client._token("POST", _lease_path("leases", tenant, user), body))

    def load(self, text: str) -> Lease:
        """Keeps a lease that came by file. Raises :class:`Rejected` if it is forged, refused, or its key unknown."""
        return self._client._take(self._client._machine.lease, text)

    def give_back(self, id: str, user: Optional[str] = None, *, tenant: Optional[str] = None) -> None:
        """Frees its seats before it ends; ``user`` and ``tenant`` as it was acquired.

        Raises :class:`Unreachable` or :class:`SeatlineError`.
        """
        path = f"{_lease_path('leases', tenant, user)}/{quote(id, safe='')}/return"
        self._client._http.call("POST", path, {} if tenant is None else {"tenant": tenant}, once())
        with self._client._lock:
            self._client._machine.drop_lease(id)
            self._client._save()


class Revocations:
    """Lists of leases that were taken back before their end."""

    def __init__(self, client: Seatline) -> None:
        self._client = client

    def fetch(self, user: Optional[str] = None, *, tenant: Optional[str] = None) -> Optional[RevocationList]:
        """Asks the server for the list: a publisher's client names ``tenant``, a user's ``me``; without both it is that of
        the client's own tenant. None if it is kept already. Raises :class:`Unreachable` or :class:`SeatlineError`.
        """
        of = ("publisher", self._client._publisher) if tenant is None else ("tenant", tenant)
        path = f"{_lease_path('lease-revocations', tenant, user)}?{of[0]}={quote(of[1] or '', safe='')}"
        return self.load(self._client._token("GET", path))

    def load(self, text: str) -> Optional[RevocationList]:
        """Keeps a list that came by file; None if a later one is kept already. Raises :class:`Rejected` if it is forged."""
        try:
            return self._client._take(self._client._machine.revocations, text)
        except Rejected as rejected:
            if rejected.cause != "older":
                raise
            return None


def _lease_path(noun: str, tenant: Optional[str], user: Optional[str]) -> str:
    if tenant is not None:
        return f"/api/v1/customer-{noun}"
    return f"/api/v1/me/{noun}" if user == ME else f"/api/v1/{noun}"


def once() -> Dict[str, str]:
    """A write that is sent again is done once."""
    return {"Idempotency-Key": str(uuid.uuid4())}
