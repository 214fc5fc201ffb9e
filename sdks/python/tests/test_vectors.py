"""CHK-08, CHK-09: the cases that every SDK runs (docs/client-vectors.md)."""

import json
import unittest
from pathlib import Path
from typing import Any, Dict

from seatline.machine import Machine, Question
from seatline.tokens import Rejected

VECTORS = json.loads((Path(__file__).parents[3] / "docs/client-vectors.json").read_text())


def question(of: Dict[str, Any]) -> Question:
    return Question(of["user"], of["tenant"], of.get("service_id"), of.get("component"), of.get("offer"))


class Client:
    def __init__(self) -> None:
        self.machine = Machine(VECTORS["issuer"], VECTORS["audience"])

    def step(self, step: Dict[str, Any]) -> Any:
        now = step["at"]
        if "keys" in step:
            self.machine.keys(VECTORS["key_sets"][step["keys"]])
        elif "lease" in step:
            return self.kept(self.machine.lease, step["lease"])
        elif "revocations" in step:
            return self.kept(self.machine.revocations, step["revocations"])
        elif "answer" in step:
            self.machine.answer(question(step["for"]), step["answer"], now)
        elif "restart" in step:
            state = self.machine.save()
            self.machine = Machine(VECTORS["issuer"], VECTORS["audience"])
            self.machine.restore(state)
        else:
            return self.asked(question(step["ask"]), step["server"], now)

    def kept(self, take: Any, text: str) -> Dict[str, Any]:
        try:
            take(text)
        except Rejected as rejected:
            return {"kept": False, "cause": rejected.cause}
        return {"kept": True}

    def asked(self, of: Question, server: Any, now: int) -> Dict[str, Any]:
        decision = self.machine.at_once(of, now)
        if decision is None and server is not None:
            decision = self.machine.answer(of, server, now)
        if decision is None:
            decision = self.machine.without_server(of, now)
        said = {"allowed": decision.allowed, "how": decision.how}
        return said if decision.reason is None else {**said, "reason": decision.reason}


class Vectors(unittest.TestCase):
    def test_every_case(self) -> None:
        self.assertEqual(VECTORS["format"], 1)
        self.assertGreaterEqual(len(VECTORS["cases"]), 100)
        for case in VECTORS["cases"]:
            client = Client()
            for number, step in enumerate(case["steps"], 1):
                with self.subTest(case=case["name"], step=number):
                    self.assertEqual(client.step(step), step.get("expect"))


if __name__ == "__main__":
    unittest.main()
