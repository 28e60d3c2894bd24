"""A server with members: how tests sign in, and who vouches for whom."""

import html
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
from joserfc import jws
from joserfc.jwk import OctKey
from sqlalchemy import Engine

from assistant.members.accounts import MemberAccounts
from assistant.members.member import Member
from assistant.settings import Settings
from assistant.store.database import open_settings_database

PASSWORD = "quatre mots sans lien"
HOST, SECRET = "https://www.exemple.fr", "un secret de trente-deux caractères tirés"


@dataclass(frozen=True)
class MembersSite:
    """A running server, and its database."""

    url: str
    data_dir: Path
    log: Path
    framing: str  # another site, whose page frames the chat

    def database(self) -> Engine:
        return open_settings_database(Settings(data_dir=self.data_dir))

    def accounts(self) -> MemberAccounts:
        return MemberAccounts(self.database())

    def add_member(self, name: str = "Camille Durand") -> Member:
        """A new member; the password is `PASSWORD`."""
        return self.accounts().add(f"{uuid4().hex[:12]}@exemple.fr", name, PASSWORD)

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, headers=headers)

    @contextmanager
    def signed_in(self, member: Member | None = None) -> Iterator[httpx.Client]:
        """A browser's worth of cookies, signed in."""
        with self.client() as client:
            answer = sign_in(client, (member or self.add_member()).email or "")
            assert answer.status_code == 303, answer.text
            yield client


@contextmanager
def run_framing_site() -> Iterator[str]:
    """The origin of a site that frames what its address asks for: "http://localhost:1234/?http://127.0.0.1:5678/chat/"."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            framed = html.escape(self.path.partition("?")[2])
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!doctype html><iframe src="{framed}" width="380" height="700"></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            """Nothing is noted."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


def sign_in(client: httpx.Client, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
    """Fill the form of /connexion; a client that tried too often takes another address."""
    form = {"csrf": token_of(client.get("/connexion").text), "email": email, "password": password, **fields}
    return client.post("/connexion", data=form)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found, page
    return found[1]


def vouch_token(audience: str, key: OctKey | None = None, algorithm: str = "HS256", **claims: object) -> str:
    """A token as a host site makes one; claims given here win."""
    now = int(time.time())
    usual = {"iss": HOST, "aud": audience, "sub": "1234", "name": "Alix", "exp": now + 120, "jti": uuid4().hex}
    content = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    head = {"alg": algorithm, "typ": "JWT"}
    return jws.serialize_compact(head, json.dumps(content), key or OctKey.import_key(SECRET))
