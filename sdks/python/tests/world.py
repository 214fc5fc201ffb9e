"""A server, a clock, and clients of both."""

from __future__ import annotations

import unittest
from typing import Any, Dict

from fake_server import FakeServer, Script

from seatline import Decision, Seatline

T = 1_800_000_000
GOLD = "fabrikam.f365.gold"
REFUSAL = {"title": "Invalid License", "code": "0x80050301", "message": "m", "details": "d", "more_info_url": None}


def yes(**more: Any) -> Dict[str, Any]:
    times = {"at": T, "fresh_seconds": 60, "grace_seconds": 3600}
    return {"allowed": True, "reason": "licensed", "service_ids": [GOLD], "features": {"export": True}, **times, **more}


def no(**more: Any) -> Dict[str, Any]:
    return yes(allowed=False, reason="no_seat", refusal=REFUSAL, **more)


class WithServer(unittest.TestCase):
    def setUp(self) -> None:
        self.now = float(T)
        self.server = FakeServer(lambda _: (200, {}, yes()))
        self.addCleanup(self.server.stop)

    def answers(self, script: Script) -> None:
        self.server.script = script

    def client(self, **more: Any) -> Seatline:
        if "token" not in more:
            more = {"client_id": "cli_1", "client_secret": "s/:é", **more}
        return Seatline(self.server.address, clock=lambda: self.now, timeout=0.5, publisher="fabrikam", **more)

    def refused(self, decision: Decision, reason: str = "unknown") -> None:
        self.assertEqual((decision.allowed, decision.how, decision.reason), (False, "refused", reason))
        self.assertFalse(decision)
        assert decision.refusal is not None
        self.assertEqual((decision.refusal.title, decision.refusal.code), ("Invalid License", "0x80050301"))
        self.assertTrue(decision.refusal.message and GOLD in decision.refusal.details)
