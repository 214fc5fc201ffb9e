"""A server that answers as a test says."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict, List, Optional, Tuple

#: status, headers, body (text as it is, else JSON)
Answer = Tuple[int, Dict[str, str], Any]
Script = Callable[["Asked"], Answer]


class Asked:
    def __init__(self, method: str, path: str, headers: Any, body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class FakeServer:
    """Gives tokens by itself; all else is answered by ``script``."""

    def __init__(self, script: Script) -> None:
        self.script, self.tokens, self.expires_in = script, 0, 600
        self.drip: Optional[float] = None
        self.asked: List[Asked] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(self.command, self.path, self.headers, self.rfile.read(length))
                status, headers, body = fake.answer(asked)
                if status == 0:  # Hangs up.
                    self.close_connection = True
                    return
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                try:
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(data)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    for byte in data if fake.drip else ():
                        self.wfile.write(bytes([byte]))
                        time.sleep(fake.drip or 0)
                    self.wfile.write(b"" if fake.drip else data)
                except OSError:
                    pass  # The client went away, which some tests are about.

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def answer(self, asked: Asked) -> Answer:
        if asked.path == "/oauth2/token":
            self.tokens += 1
            return 200, {}, {"access_token": f"token-{self.tokens}", "token_type": "Bearer", "expires_in": self.expires_in}
        self.asked.append(asked)
        return self.script(asked)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def problem(status: int, code: str, **headers: str) -> Answer:
    body = {"type": f"urn:seatline:problem:{code}", "status": status, "code": code, "title": "…", "detail": "…"}
    return status, {"Content-Type": "application/problem+json", **headers}, body
