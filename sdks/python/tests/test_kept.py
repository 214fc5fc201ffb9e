"""CHK-08: what is kept, in a case of the vectors: files, keys, the store."""

from __future__ import annotations

import base64
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from fake_server import Answer, Asked
from test_vectors import VECTORS
from world import GOLD, T, WithServer

from seatline import FileStore, Question, Rejected, Seatline


class Kept(WithServer):
    def setUp(self) -> None:
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = Path(directory.name) / "seatline.json"
        case = next(c for c in VECTORS["cases"] if c["name"] == "A list revokes a lease")
        self.lease, self.list = case["steps"][1]["lease"], case["steps"][3]["revocations"]
        question = case["steps"][2]["ask"]
        self.about = {"user": question["user"], "tenant": question["tenant"], "service": question["service_id"]}
        self.online = True
        self.answers(lambda _: (200, {}, VECTORS["key_sets"]["old"]) if self.online else (503, {}, ""))

    def client(self, **more: Any) -> Seatline:
        return super().client(store=FileStore(self.path), issuer=VECTORS["issuer"], **more)

    def test_a_lease_from_a_file_is_carried_through_restarts_until_a_list_revokes_it(self) -> None:
        self.client().leases.load(self.lease + "\n")
        self.online = False
        client = self.client()
        self.assertEqual(client.check(**self.about).how, "leased")
        self.assertEqual(len(list(client.leases)), 1)
        self.assertIsNotNone(client.revocations.load(self.list))
        self.assertIsNone(client.revocations.load(self.list))
        self.refused(client.check(**self.about), "revoked")
        self.refused(self.client().check(**self.about), "revoked")

    def test_a_lease_is_acquired_checked_and_given_back(self) -> None:
        signed = {"leases": self.lease, "revocations": self.list}

        def script(asked: Asked) -> Answer:
            if asked.path == "/.well-known/jwks.json":
                return 200, {}, VECTORS["key_sets"]["old"]
            token = next(token for noun, token in signed.items() if noun in asked.path)
            return 201, {}, {"id": "lse_1", "token": token}

        self.answers(script)
        client, about = self.client(), self.about
        lease = client.leases.acquire(about["user"], tenant=about["tenant"], services=[GOLD], seconds=3600)
        of_customer = {"tenant": about["tenant"], "user": about["user"], "service_ids": [GOLD], "seconds": 3600}
        asked = self.server.asked[0]
        self.assertEqual((asked.path, asked.json), ("/api/v1/customer-leases", of_customer))
        self.assertTrue(asked.headers["Idempotency-Key"])
        self.assertEqual(client._machine.without_server(Question(about["user"], about["tenant"], GOLD), T).how, "leased")
        client.leases.give_back(lease.id, about["user"], tenant=about["tenant"])
        self.assertEqual(list(client.leases), [])
        returned = self.server.asked[-1]
        self.assertEqual((returned.path, returned.json), (f"/api/v1/customer-leases/{lease.id}/return", {"tenant": about["tenant"]}))
        client.leases.acquire("me", component="fab_Forecast", offer="fabrikam.f365")
        client.leases.give_back(lease.id, "me")
        client.leases.acquire(seats=5, services=[GOLD], algorithm="EdDSA")
        client.leases.give_back(lease.id)
        client.revocations.fetch("me")
        client.revocations.fetch()
        client.revocations.fetch(tenant="ten_1")
        self.assertEqual(
            [a.path for a in self.server.asked[3:]],
            ["/api/v1/me/leases", f"/api/v1/me/leases/{lease.id}/return", "/api/v1/leases", f"/api/v1/leases/{lease.id}/return",
             "/api/v1/me/lease-revocations?publisher=fabrikam", "/api/v1/lease-revocations?publisher=fabrikam",
             "/api/v1/customer-lease-revocations?tenant=ten_1"],
        )  # fmt: skip
        self.assertEqual(self.server.asked[5].json, {"seats": 5, "service_ids": [GOLD], "algorithm": "EdDSA"})
        for user, seats in ((None, None), ("usr_1", 5), ("", None)):
            with self.assertRaises(ValueError):
                client.leases.acquire(user, seats=seats, services=[GOLD])

    def test_why_a_lease_is_not_kept_is_told(self) -> None:
        self.online = False
        with self.assertRaises(Rejected) as raised:
            self.client().leases.load(self.lease)
        self.assertEqual(raised.exception.cause, "key_unknown")
        self.online = True
        with self.assertRaises(Rejected) as raised:
            self.client().leases.load(self.lease[:-8])
        self.assertEqual(raised.exception.cause, "forged")

    def test_keys_by_file(self) -> None:
        self.online = False
        client = self.client()
        client.load_keys(VECTORS["key_sets"]["old"])
        client.leases.load(self.lease)
        self.assertEqual(client.check(**self.about).how, "leased")

    def test_a_lease_in_the_store_that_was_changed_is_dropped(self) -> None:
        self.client().leases.load(self.lease)
        state = json.loads(self.path.read_text())
        header, body, signature = state["leases"][0].split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        forged = base64.urlsafe_b64encode(json.dumps({**claims, "exp": claims["exp"] * 2}).encode()).rstrip(b"=").decode()
        state["leases"] = [f"{header}.{forged}.{signature}"]
        self.path.write_text(json.dumps(state))
        self.online = False
        self.refused(self.client().check(**self.about))

    def test_a_store_that_is_broken_is_as_at_the_first_run(self) -> None:
        self.online = False
        for text in ("", "{", "[]", "null", '{"format":1}', "\udcff", '{"high_water":0,"answers":[[1,2,3]]}'):
            self.path.write_bytes(text.encode(errors="surrogateescape"))
            self.refused(self.client().check(**self.about))

    def test_the_time_is_known_after_a_restart_without_a_lease(self) -> None:
        self.online = False
        self.client().check(**self.about)
        self.now -= 301
        self.refused(self.client().check(**self.about), "clock_rolled_back")


if __name__ == "__main__":
    unittest.main()
