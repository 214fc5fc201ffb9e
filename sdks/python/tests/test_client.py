"""CHK-04, CHK-09: the client, with a server that is there, gone, slow, overloaded, or not ours."""

from __future__ import annotations

import socket
import threading
import time
import unittest
from typing import Any, List, Optional

from fake_server import Answer, Asked, FakeServer, problem
from world import GOLD, WithServer, no, yes

from seatline import Question, Seatline, SeatlineError, Unreachable


class Asking(WithServer):
    def test_a_publishers_client_asks_for_a_user_of_a_customer(self) -> None:
        decision = self.client(language="ko").check("usr_1", tenant="ten_1", service=GOLD)
        self.assertTrue(decision)
        self.assertEqual((decision.how, decision.reason, decision.features), ("fresh", "licensed", {"export": True}))
        asked = self.server.asked[0]
        self.assertEqual((asked.method, asked.path), ("POST", "/api/v1/customer-checks"))
        self.assertEqual(asked.json, {"tenant": "ten_1", "user": "usr_1", "service_id": GOLD})
        self.assertEqual(asked.headers["Authorization"], "Bearer token-1")
        self.assertEqual(asked.headers["Accept-Language"], "ko")

    def test_others_ask_for_their_own(self) -> None:
        client = self.client()
        client.check("usr_1", component="fab_Forecast", offer="fabrikam.f365")
        client.check("me", component="fab_Forecast")
        self.assertEqual([a.path for a in self.server.asked], ["/api/v1/checks", "/api/v1/me/checks"])
        self.assertEqual(self.server.asked[1].json, {"component": "fab_Forecast"})

    def test_a_question_is_about_one_thing(self) -> None:
        for service, component in ((None, None), (GOLD, "c")):
            with self.assertRaises(ValueError):
                self.client().check("usr_1", service=service, component=component)

    def test_nobody_is_not_whoever_the_token_belongs_to(self) -> None:
        for nobody in (None, ""):
            with self.assertRaises(ValueError):
                self.client().check(nobody, service=GOLD)  # type: ignore[arg-type]
        self.assertEqual(self.server.asked, [])

    def test_a_refusal_carries_its_screen_and_is_no_yes(self) -> None:
        self.answers(lambda _: (200, {}, no()))
        client = self.client()
        for how in ("fresh", "cached"):
            decision = client.check("usr_1", tenant="ten_1", service=GOLD)
            self.assertFalse(decision)
            self.assertEqual((decision.how, decision.reason), (how, "no_seat"))
            assert decision.refusal is not None
            self.assertEqual((decision.refusal.code, decision.refusal.message), ("0x80050301", "m"))
        self.assertEqual(len(self.server.asked), 1)

    def test_with_freshness_the_server_decides_or_nobody(self) -> None:
        client = self.client()
        client.check("usr_1", tenant="ten_1", service=GOLD)
        self.answers(lambda _: (200, {}, no()))
        decision = client.check("usr_1", tenant="ten_1", service=GOLD, freshness="latest")
        self.assertEqual((decision.allowed, decision.how), (False, "fresh"))
        self.assertEqual(self.server.asked[1].headers["Freshness-Token"], "latest")
        self.answers(lambda _: (200, {}, yes()))
        self.now += 61
        client.check("usr_1", tenant="ten_1", service=GOLD)
        self.server.stop()
        self.refused(client.check("usr_1", tenant="ten_1", service=GOLD, freshness="t"))
        self.assertTrue(client.check("usr_1", tenant="ten_1", service=GOLD))

    def test_many_at_once_in_order_and_only_what_is_not_known(self) -> None:
        def script(asked: Asked) -> Answer:
            if not asked.path.endswith("/batch"):
                return 200, {}, yes()
            results = [yes() if check["user"] != "usr_2" else no() for check in asked.json["checks"]]
            return 200, {}, {"results": results}

        self.answers(script)
        client = self.client()
        client.check("usr_1", tenant="ten_1", service=GOLD)
        of = [Question(f"usr_{n}", "ten_1", GOLD) for n in (2, 1, 3, 2)]
        decisions = client.check_many(of)
        self.assertEqual([(d.allowed, d.how) for d in decisions], [(False, "fresh"), (True, "cached"), (True, "fresh"), (False, "fresh")])
        self.assertEqual(self.server.asked[1].path, "/api/v1/customer-checks/batch")
        self.assertEqual([c["user"] for c in self.server.asked[1].json["checks"]], ["usr_2", "usr_3"])
        client.check_many([Question(f"usr_{n}", "ten_2", GOLD) for n in range(2500)])
        self.assertEqual([len(a.json["checks"]) for a in self.server.asked[2:]], [1000, 1000, 500])
        self.assertEqual(client.check_many([]), [])

    def test_a_batch_that_answers_too_little_or_in_part_answers_nothing_else(self) -> None:
        of = [Question(f"usr_{n}", "ten_1", GOLD) for n in (1, 2)]
        for body in ({"results": [yes()]}, {"results": [yes()] * 3}, {"results": yes()}, {}, [yes(), yes()]):
            self.answers(lambda _, body=body: (200, {}, body))  # type: ignore[misc]
            for decision in self.client().check_many(of):
                self.refused(decision)
        self.answers(lambda _: (200, {}, {"results": [None, yes()]}))
        first, second = self.client().check_many(of)
        self.refused(first)
        self.assertTrue(second)

    def test_all_rights_of_a_user(self) -> None:
        right = {"service_id": GOLD, "plan": "Gold", "state": "active", "usable": True, "since": "2026-01-01T00:00:00Z"}
        self.answers(lambda _: (200, {}, {"items": [right], "version": 3}))
        client = self.client()
        [held] = client.rights("usr/1", tenant="ten_1")
        self.assertEqual((held.service_id, held.usable, held.usable_until, held.features), (GOLD, True, None, {}))
        client.rights("a@b.example")
        client.rights("me")
        paths = ["/api/v1/customers/ten_1/users/usr%2F1/rights", "/api/v1/users/a%40b.example/rights", "/api/v1/me/rights"]
        self.assertEqual([a.path for a in self.server.asked], paths)
        garbages: List[Any] = ["", {"items": {}}, {"items": [1]}, []]
        for garbage in garbages:
            self.answers(lambda _, body=garbage: (200, {}, body))  # type: ignore[misc]
            with self.assertRaises(Unreachable):
                client.rights("me")
        with self.assertRaises(ValueError):
            client.rights("")

    def test_who_asks_the_same_meanwhile_shares_the_call(self) -> None:
        go = threading.Event()

        def script(_: Asked) -> Answer:
            go.wait(5)
            return 200, {}, yes()

        self.answers(script)
        client, decisions = self.client(), []
        threads = [
            threading.Thread(target=lambda: decisions.append(client.check("usr_1", tenant="ten_1", service=GOLD)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        go.set()
        for thread in threads:
            thread.join()
        self.assertEqual(([d.allowed for d in decisions], len(self.server.asked), self.server.tokens), ([True] * 8, 1, 1))


class Tokens(WithServer):
    def test_a_token_is_used_until_shortly_before_its_end(self) -> None:
        client = self.client()
        for n in range(3):
            client.check(f"usr_{n}", service=GOLD)
        self.assertEqual(self.server.tokens, 1)

    def test_a_token_that_ends_is_renewed(self) -> None:
        self.server.expires_in = 0
        client = self.client()
        for n in range(3):
            client.check(f"usr_{n}", service=GOLD)
        self.assertEqual(self.server.tokens, 3)

    def test_a_token_that_is_refused_is_renewed_once(self) -> None:
        def script(asked: Asked) -> Answer:
            fine = asked.headers["Authorization"] == "Bearer token-2"
            return (200, {}, yes()) if fine else problem(401, "identity.unauthenticated")

        self.answers(script)
        self.assertTrue(self.client().check("usr_1", service=GOLD))
        self.assertEqual(self.server.tokens, 2)
        self.answers(lambda _: problem(401, "identity.unauthenticated"))
        with self.assertRaises(SeatlineError) as raised:
            self.client().check("usr_1", service=GOLD)
        self.assertEqual((raised.exception.status, raised.exception.code), (401, "identity.unauthenticated"))

    def test_a_given_token_is_sent_as_it_is(self) -> None:
        self.client(token="slp_1").check("me", service=GOLD)
        self.assertEqual((self.server.asked[0].headers["Authorization"], self.server.tokens), ("Bearer slp_1", 0))

    def test_credentials_are_one_or_the_other(self) -> None:
        for wrong in ({}, {"client_id": "c"}, {"token": "t", "client_id": "c", "client_secret": "s"}):
            with self.assertRaises(ValueError):
                Seatline("https://market.example", **wrong)  # type: ignore[arg-type]
        with self.assertRaises(ValueError):
            Seatline("market.example", token="t")


class Trouble(WithServer):
    """Whatever the server does: the last answer for its grace, then no."""

    def goes_on_with_the_last_answer(self, client: Optional[Seatline] = None) -> None:
        client = client or self.client()
        script, self.server.script = self.server.script, lambda _: (200, {}, yes())
        drip, self.server.drip = self.server.drip, None
        self.assertTrue(client.check("usr_1", tenant="ten_1", service=GOLD))
        self.server.script, self.server.drip = script, drip
        self.now += 61
        decision = client.check("usr_1", tenant="ten_1", service=GOLD)
        self.assertEqual((decision.allowed, decision.how), (True, "grace"))
        self.refused(client.check("usr_2", tenant="ten_1", service=GOLD))
        self.now += 3600
        self.refused(client.check("usr_1", tenant="ten_1", service=GOLD), "expired")
        self.now -= 3600

    def test_gone(self) -> None:
        client = self.client()
        client.check("usr_1", tenant="ten_1", service=GOLD)
        self.server.stop()
        self.now += 61
        self.assertEqual(client.check("usr_1", tenant="ten_1", service=GOLD).how, "grace")
        self.refused(client.check("usr_2", tenant="ten_1", service=GOLD))

    def test_never_there(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            client = Seatline(f"http://127.0.0.1:{taken.getsockname()[1]}", token="t")
            self.refused(client.check("usr_1", service=GOLD))

    def test_hanging_up_once_is_tried_again(self) -> None:
        self.answers(lambda _: (200, {}, yes()) if len(self.server.asked) % 2 == 0 else (0, {}, ""))
        self.assertTrue(self.client().check("usr_1", tenant="ten_1", service=GOLD))
        self.answers(lambda _: (0, {}, ""))
        self.goes_on_with_the_last_answer()

    def test_failing(self) -> None:
        for status in (500, 502, 503, 408):
            self.answers(lambda _, status=status: (status, {}, "…"))  # type: ignore[misc]
            self.goes_on_with_the_last_answer()
            self.answers(lambda _, status=status: problem(status, "server.failed"))  # type: ignore[misc]
            self.goes_on_with_the_last_answer()

    def test_garbage(self) -> None:
        bodies = ("", "<html>Welcome to the hotel</html>", "true", "[]", "null", '{"allowed":"true"}', '{"allowed":1}',
                  '{"allowed":true', "[" * 100_000, "\x00", '"allowed"', "{}")  # fmt: skip
        for body in bodies:
            self.answers(lambda _, body=body: (200, {}, body))  # type: ignore[misc]
            with self.subTest(body=body[:40]):
                self.goes_on_with_the_last_answer()

    def test_something_else_refuses(self) -> None:
        for status in (400, 401, 403, 404, 407, 410):
            for body in ("<html>no</html>", {"message": "no"}, {"code": "resource.not_found"}):
                self.answers(lambda _, a=(status, {}, body): a)  # type: ignore[misc]
                with self.subTest(status=status, body=body):
                    self.goes_on_with_the_last_answer()

    def test_cut_off(self) -> None:
        self.answers(lambda _: (200, {"Content-Length": "9999"}, '{"allowed":true}'[:-1]))
        self.goes_on_with_the_last_answer()

    def test_redirected(self) -> None:
        elsewhere = FakeServer(lambda _: (200, {}, yes()))
        self.addCleanup(elsewhere.stop)
        for status in (301, 302, 303, 307, 308):
            self.answers(lambda _, status=status: (status, {"Location": elsewhere.address + "/x"}, ""))  # type: ignore[misc]
            self.goes_on_with_the_last_answer()
        self.assertEqual(elsewhere.asked, [])

    def test_slow(self) -> None:
        stop = threading.Event()
        self.addCleanup(stop.set)
        self.answers(lambda _: (stop.wait(5) and None) or (200, {}, yes()))
        self.goes_on_with_the_last_answer()

    def test_slow_byte_by_byte(self) -> None:
        self.server.drip = 0.05
        self.goes_on_with_the_last_answer()

    def test_overloaded_it_is_left_alone_for_as_long_as_it_says(self) -> None:
        def in_seconds() -> str:
            return "2"

        def at_that_time() -> str:
            return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3))

        for status in (429, 503):
            for retry_after in (in_seconds, at_that_time):
                client = self.client()
                self.server.asked.clear()
                self.answers(lambda _, s=status, r=retry_after(): problem(s, "server.busy", **{"Retry-After": r}))  # type: ignore[misc]
                for _ in range(3):
                    self.refused(client.check("usr_1", service=GOLD))
                self.assertEqual(len(self.server.asked), 1)
                self.answers(lambda _: (200, {}, yes()))
                deadline = time.monotonic() + 10
                while not client.check("usr_1", service=GOLD) and time.monotonic() < deadline:
                    time.sleep(0.02)
                self.assertTrue(client.check("usr_1", service=GOLD))

    def test_a_retry_after_that_is_none_or_for_ever_stops_nobody_for_ever(self) -> None:
        for retry_after in ("never", "-1", "1e9", "", "²", "99999999999999999999999", "Thu, 99 Foo 2026"):
            self.answers(lambda _, r=retry_after: problem(429, "server.busy", **{"Retry-After": r.encode().decode("latin-1")}))  # type: ignore[misc]
            client = self.client()
            self.refused(client.check("usr_1", service=GOLD))
            self.assertLessEqual(client._http._paused_until - time.monotonic(), 300)

    def test_a_customer_that_is_none_any_more_is_refused_and_forgotten(self) -> None:
        client = self.client()
        client.check("usr_1", tenant="ten_1", service=GOLD)
        self.now += 61
        self.answers(lambda _: problem(404, "resource.not_found"))
        decision = client.check("usr_1", tenant="ten_1", service=GOLD)
        self.assertEqual((decision.allowed, decision.how, decision.reason), (False, "fresh", "resource.not_found"))
        assert decision.refusal is not None
        self.assertIn("Ask your administrator", decision.refusal.message)
        self.server.stop()
        self.refused(client.check("usr_1", tenant="ten_1", service=GOLD))

    def test_what_the_app_does_wrong_is_raised_not_decided(self) -> None:
        for status in (400, 403, 422):
            self.answers(lambda _, status=status: problem(status, "request.wrong"))  # type: ignore[misc]
            with self.assertRaises(SeatlineError):
                self.client().check("usr_1", service=GOLD)
            with self.assertRaises(SeatlineError):
                self.client().check_many([Question("usr_1", service=GOLD)])


if __name__ == "__main__":
    unittest.main()
