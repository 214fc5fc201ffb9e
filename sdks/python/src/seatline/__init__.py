"""Seatline: may this user? Online, and without the server as far as that is allowed."""

from .client import HeldRight, Seatline
from .http import SeatlineError, Unreachable
from .leases import Leases, Revocations
from .machine import Decision, Question, Refusal
from .store import FileStore, Store
from .tokens import Lease, Rejected, RevocationList

__all__ = [
    "Decision", "FileStore", "HeldRight", "Lease", "Leases", "Question", "Refusal", "Rejected", "RevocationList", "Revocations",
    "Seatline", "SeatlineError", "Store", "Unreachable",
]  # fmt: skip
