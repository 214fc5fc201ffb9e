"""A small web app with a base page for everybody and a premium page for who has a license.

    SEATLINE_SERVER=… SEATLINE_CLIENT_ID=… SEATLINE_CLIENT_SECRET=… python examples/forecast.py [port]
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Optional

from seatline import Refusal, Seatline

SERVER = os.environ["SEATLINE_SERVER"]
seatline = Seatline(
    SERVER, client_id=os.environ["SEATLINE_CLIENT_ID"], client_secret=os.environ["SEATLINE_CLIENT_SECRET"]
)


@dataclass
class User:
    id: str
    name: str
    tenant: str


@dataclass
class Page:
    title: str
    body: str
    status: int = 200
    cookie: Optional[str] = None


def scheduling() -> Page:
    return Page("Scheduling", '<p>Everybody may plan the week.</p><p><a href="/forecast">Forecast</a></p>')


def forecast(user: User) -> Page:
    decision = seatline.check(user.id, tenant=user.tenant, component="fab_Forecast")
    if decision:
        return Page("Forecast", f'<p>Sales will grow by 12 %.</p><p class="note">Allowed: {escape(decision.how)}</p>')
    assert decision.refusal is not None  # It is there whenever a decision refuses.
    return refusal_page(decision.refusal)


def refusal_page(refusal: Refusal) -> Page:
    """What a person without a license sees: what is missing, and for the administrator what would do."""
    url = refusal.more_info_url or ""
    more = f'<p><a href="{escape(url)}">More information</a></p>' if re.match("https?:", url) else ""
    body = f"""<p>{escape(refusal.message)}</p>
    <details open><summary>For your administrator</summary><p>{escape(refusal.details)}</p></details>
    {more}<p class="note">Error code {escape(refusal.code)}</p><p><a href="/">Back to Scheduling</a></p>"""
    return Page(refusal.title, body, 403)


# Signing in: your app has its own way. This one asks the marketplace who somebody is.
sessions: Dict[str, User] = {}


def sign_in(form: Dict[str, str]) -> Page:
    def call(path: str, body: Any, headers: Dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(SERVER + path, data, headers), timeout=10) as response:
            return json.load(response)

    credentials = {"email": form.get("email", ""), "password": form.get("password", "")}
    try:
        session = call("/api/v1/sessions", credentials, {"Content-Type": "application/json"})
    except urllib.error.HTTPError:
        return sign_in_page("That is not right.")
    me = call("/api/v1/me", None, {"Authorization": f"Bearer {session['token']}"})
    cookie = secrets.token_urlsafe()
    sessions[cookie] = User(me["user"]["id"], me["user"]["name"], me["tenant"]["id"])
    return Page("Signed in", "", 303, cookie)


def sign_in_page(error: str = "") -> Page:
    body = f"""<form method="post" action="/sign-in"><p>{escape(error)}</p>
    <p><label>E-mail <input name="email" type="email" required></label></p>
    <p><label>Password <input name="password" type="password" required></label></p><p><button>Sign in</button></p></form>"""
    return Page("Sign in", body)


STYLE = "body{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}.note{color:#595959}input{font:inherit}"


class App(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        user = self.user()
        pages = {"/": lambda _: scheduling(), "/forecast": forecast}
        page = pages.get(self.path)
        if user is None:
            self.show(None, sign_in_page())
        else:
            self.show(user, page(user) if page else Page("Not found", "", 404))

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/sign-in":
            self.show(None, sign_in(dict(urllib.parse.parse_qsl(form))))
        else:
            self.show(None, Page("Not found", "", 404))

    def user(self) -> Optional[User]:
        cookie = re.search(r"session=([^;]+)", self.headers.get("Cookie") or "")
        return sessions.get(cookie[1]) if cookie else None

    def show(self, user: Optional[User], page: Page) -> None:
        html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{escape(page.title)} – Fabrikam 365</title><style>{STYLE}</style>
        <p class="note">Fabrikam 365{" – " + escape(user.name) if user else ""}</p>
        <main><h1>{escape(page.title)}</h1>{page.body}</main></html>""".encode()
        self.send_response(page.status)
        if page.cookie:
            self.send_header("Location", "/")
            self.send_header("Set-Cookie", f"session={page.cookie}; HttpOnly; SameSite=Lax")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(html)))
        self.end_headers()
        self.wfile.write(html)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8301
    server = ThreadingHTTPServer(("127.0.0.1", port), App)
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
