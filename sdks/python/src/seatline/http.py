"""Calls to the server, with the standard library."""

from __future__ import annotations

import base64
import email.utils
import http.client
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Dict, Mapping, Optional, Protocol

_LARGEST = 16 * 1024 * 1024
_LONGEST_PAUSE = 300.0


class Unreachable(Exception):
    """There is no answer: no connection, too slow, overloaded, failed, or something else answers at this address."""


class SeatlineError(Exception):
    """The server refused the call itself: the secret is wrong, a field is, something is not allowed."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{detail} ({status} {code})")
        self.status, self.code, self.detail = status, code, detail


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    # A token must not follow to wherever an address points.
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Http:
    """Authenticated JSON over HTTP. After a failure the server is left alone for as long as it said, or a little longer each time."""

    def __init__(
        self, server: str, client_id: Optional[str], client_secret: Optional[str], token: Optional[str],
        timeout: float, language: str,
    ) -> None:  # fmt: skip
        if urllib.parse.urlsplit(server).scheme not in ("http", "https"):
            raise ValueError("server must be an address: https://…")
        if (token is None) == (client_id is None or client_secret is None):
            raise ValueError("give either a token, or client_id and client_secret")
        self._server, self._timeout = server.rstrip("/"), timeout
        self._client_id, self._client_secret = client_id, client_secret
        self._language = language
        self._token, self._renew_at = token, float("inf") if token else 0.0
        self._renewing = threading.Lock()
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._paused_until, self._failures = 0.0, 0

    def call(self, method: str, path: str, body: Any = None, headers: Optional[Mapping[str, str]] = None) -> "Reply":
        """Raises :class:`Unreachable` or :class:`SeatlineError`."""
        data = None if body is None else json.dumps(body).encode()
        for again in (True, False):
            token = self._current_token()
            sent = {"Authorization": f"Bearer {token}", "Accept-Language": self._language, **(headers or {})}
            if data is not None:
                sent["Content-Type"] = "application/json"
            try:
                return self._send(method, path, data, sent)
            except SeatlineError as error:
                if error.status != 401 or self._client_id is None or not again:
                    raise
                self._forget(token)
        raise AssertionError("the second attempt answers or raises")

    def public(self, path: str) -> "Reply":
        """GET without a token."""
        return self._send("GET", path, None, {})

    def _current_token(self) -> str:
        with self._renewing:
            if self._token is None or time.monotonic() >= self._renew_at:
                form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
                pair = ":".join(urllib.parse.quote(part or "", safe="") for part in (self._client_id, self._client_secret))
                headers = {
                    "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                    "Content-Type": "application/x-www-form-urlencoded",
                }
                asked = time.monotonic()
                body = self._send("POST", "/oauth2/token", form, headers).body
                token = body.get("access_token") if isinstance(body, dict) else None
                if not isinstance(token, str) or not token.isascii() or not token.isprintable():
                    raise Unreachable("the answer of /oauth2/token has no token")
                seconds = body.get("expires_in")
                seconds = seconds if isinstance(seconds, (int, float)) else 0
                self._token, self._renew_at = token, asked + max(seconds - 30, seconds / 2)
            return self._token

    def _forget(self, token: str) -> None:
        with self._renewing:
            if self._token == token:
                self._token = None

    def _send(self, method: str, path: str, data: Optional[bytes], headers: Dict[str, str]) -> "Reply":
        if time.monotonic() < self._paused_until:
            raise Unreachable("the server is left alone for a while")
        request = urllib.request.Request(self._server + path, data, headers, method=method)
        deadline = time.monotonic() + self._timeout
        try:
            try:
                reply = self._attempt(request, deadline)
            except (OSError, http.client.HTTPException):
                # The server may just have been restarted: once more, within the same time.
                reply = self._attempt(request, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._failed(None) from error
        if 200 <= reply.status < 300:
            self._failures = 0
            return reply
        refused = reply.refused()
        if refused is None:
            raise self._failed(reply)
        self._failures = 0
        raise refused

    def _attempt(self, request: urllib.request.Request, deadline: float) -> "Reply":
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        try:
            response = self._opener.open(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            response = error  # An answer like any other.
        with response:
            return Reply(response.status, response.headers, _read(response, deadline))

    def _failed(self, reply: Optional["Reply"]) -> Unreachable:
        pause = reply.retry_after() if reply else None
        if pause is None:
            pause = min(2.0**self._failures, 30.0)
            self._failures = min(self._failures + 1, 5)
        self._paused_until = time.monotonic() + min(pause, _LONGEST_PAUSE)
        return Unreachable(f"the server answered {reply.status}" if reply else "the server does not answer")


class _Headers(Protocol):
    def get(self, name: str, /) -> Optional[str]: ...


class Reply:
    def __init__(self, status: int, headers: _Headers, data: bytes) -> None:
        self.status, self.headers, self.data = status, headers, data

    @property
    def body(self) -> Any:
        """The JSON; None if it is none."""
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            return None

    def refused(self) -> Optional[SeatlineError]:
        """What the server says is wrong with the call; None if it is the server that is, or not ours."""
        body = self.body
        if not 400 <= self.status < 500 or self.status in (408, 429) or not isinstance(body, dict):
            return None
        code = body.get("code")
        if body.get("type") == f"urn:seatline:problem:{code}":
            return SeatlineError(self.status, str(code), str(body.get("detail")))
        if self.status in (400, 401) and isinstance(body.get("error"), str):  # of /oauth2/token, RFC 6749
            return SeatlineError(self.status, body["error"], str(body.get("error_description")))
        return None

    def retry_after(self) -> Optional[float]:
        text = (self.headers.get("Retry-After") or "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), _LONGEST_PAUSE)
        try:
            return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
        except (ValueError, TypeError, OverflowError):
            return None


def _read(response: Any, deadline: float) -> bytes:
    """The body, as far as it comes before the deadline: a timeout of sockets starts again with each byte."""
    data = b""
    while True:
        part = response.read1(65_536)
        if not part:
            return data
        data += part
        if len(data) > _LARGEST or time.monotonic() > deadline:
            raise OSError("the answer is too long or too slow")
