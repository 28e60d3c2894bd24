"""A small OpenID Connect provider: authorization code with PKCE, tokens signed with a key of its own."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "assistant", "le secret du client"


class SmallProvider:
    """Whoever comes is signed in as `person` at once. `spoil` changes what the token claims, or who signs it."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.signer = self.key
        self.person: dict[str, object] = {}
        self.spoil: dict[str, object] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def make_app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, str]:
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            return {"issuer": self.issuer, **{name: f"{self.issuer}/{name}" for name in names}}

        @app.get("/jwks_uri")
        def keys() -> dict[str, object]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorization_endpoint")
        def authorize(request: Request) -> RedirectResponse:
            asked = dict(request.query_params)
            assert asked["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe()
            self._codes[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

        @app.post("/token_endpoint")
        def exchange(
            request: Request, code: str = Form(), code_verifier: str = Form(), redirect_uri: str = Form()
        ) -> dict[str, object]:
            asked = self._codes.pop(code, {})
            login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
            if (
                request.headers.get("authorization") != f"Basic {login}"
                or challenge != asked.get("code_challenge")
                or redirect_uri != asked["redirect_uri"]
            ):
                raise HTTPException(400, "invalid_grant")
            now = int(time.time())
            claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": asked.get("nonce")}
            token = jwt.encode({"alg": "RS256", "kid": "1"}, {**claims, **self.person, **self.spoil}, self.signer)
            return {"access_token": "x", "token_type": "Bearer", "id_token": token}

        return app


@contextmanager
def run_provider(port: int) -> Iterator[SmallProvider]:
    provider = SmallProvider(port)
    server = uvicorn.Server(uvicorn.Config(provider.make_app(), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield provider
    server.should_exit = True
    thread.join(5)
