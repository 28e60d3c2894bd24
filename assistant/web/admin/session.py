"""Sessions of staff: signed cookies, form tokens, a gate before the staff's pages, a limit of wrong passwords.

Open sessions are held in memory: signing out forgets them at once, and a restart signs everybody out. Several
servers over one data directory know each their own.
"""

import contextlib
import hashlib
import hmac
import ipaddress
import os
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts, StaffWrong, tidy_name, write_private
from ingest.refusal import Refusal

COOKIE = "assistant_staff"
SIGN_IN_COOKIE = "assistant_staff_form"  # its own: a sign-in page opened from elsewhere must not end a session
PAGES, API = "/admin", "/api/admin"
SIGN_IN, WEBHOOK = f"{PAGES}/connexion", f"{API}/webhook"
LASTS = timedelta(hours=8)
_MOST_FAILURES = 5
_WAIT = timedelta(minutes=5)
_MOST_KNOWN = 20_000  # names, and as many addresses, whose failures are remembered
_SHORTEST_SECRET = 16  # characters
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class SecretWrong(Refusal):
    """The key of the signatures cannot be used; the message says how to mend it, in French."""


@dataclass
class Session:
    """Someone of the staff, signed in. `mark` stands for the account and its password; `message` is told once."""

    id: str
    name: str
    mark: str
    ends: float
    message: str = ""

    def take_message(self) -> str:
        """What is to be told on the next page, once."""
        message, self.message = self.message, ""
        return message


class Sessions:
    """The open sessions of this server, and the signatures of cookies and forms."""

    def __init__(self, secret: str, accounts: StaffAccounts) -> None:
        self._accounts = accounts
        self._secret = secret.encode()
        options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        self._serializer = URLSafeTimedSerializer(self._secret, salt="staff-session", signer_kwargs=options)
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, name: str) -> Session:
        """Sign someone in, under an id that nobody had before."""
        now = time.monotonic()
        mark = self._accounts.find_mark(name) or ""
        session = Session(secrets.token_urlsafe(32), name, mark, now + LASTS.total_seconds())
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if each.ends > now}
            self._open[session.id] = session
        return session

    def find(self, cookie: str) -> Session | None:
        """The open session of a cookie, while the account and its password are what they were."""
        session = self._open.get(self.unseal(cookie))
        if session is None:
            return None
        try:
            same = self._accounts.find_mark(session.name) == session.mark
        except StaffWrong:  # told on the page of signing in
            return None
        if not same or session.ends < time.monotonic():
            self.close(session)
            return None
        return session

    def close(self, session: Session) -> None:
        """Sign someone out: the cookie is worth nothing from now on."""
        with self._lock:
            self._open.pop(session.id, None)

    def seal(self, key: str) -> str:
        """The content of a cookie that holds this id."""
        return str(self._serializer.dumps(key))

    def unseal(self, cookie: str) -> str:
        """The id that a cookie of ours holds, "" in any other."""
        try:
            return str(self._serializer.loads(cookie, max_age=int(LASTS.total_seconds())))
        except BadSignature:
            return ""

    def make_token(self, key: str) -> str:
        """The token of the forms shown to whoever has this id."""
        return hmac.new(self._secret, f"form:{key}".encode(), "sha256").hexdigest()

    def is_token(self, token: str, key: str) -> bool:
        """Whether a form was shown to whoever has this id."""
        return bool(key) and hmac.compare_digest(token.encode(), self.make_token(key).encode())


class SignInLimit:
    """Refuses to check passwords for a name or an address that failed five times, for five minutes; in memory."""

    def __init__(self) -> None:
        self._names: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._addresses: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, address: str) -> bool:
        """Count an attempt as a failure before it is made, so that many at once count too; False when to wait."""
        now = time.monotonic()
        with self._lock:
            keys = ((self._names, _digest(tidy_name(name))), (self._addresses, _digest(_network(address))))
            if any(_count(known, key, now) >= _MOST_FAILURES for known, key in keys):
                return False
            for known, key in keys:
                known[key] = (_count(known, key, now) + 1, now)
                known.move_to_end(key)
                if len(known) > _MOST_KNOWN:
                    known.popitem(last=False)
            return True

    def forget(self, name: str, address: str) -> None:
        """The password was right."""
        with self._lock:
            self._names.pop(_digest(tidy_name(name)), None)
            self._addresses.pop(_digest(_network(address)), None)


class StaffGate:
    """Lets nobody but staff to /admin and /api/admin, whatever the route; what leaves from there is not kept."""

    def __init__(self, app: ASGIApp, sessions: Sessions, token: str) -> None:
        self._app, self._sessions, self._token = app, sessions, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its session in `request.state.session`, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (_is_under(path, PAGES) or _is_under(path, API)):
            await self._app(scope, receive, send)
            return

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        request = Request(scope)
        session = self._sessions.find(request.cookies.get(COOKIE, ""))
        request.state.session = session
        answer = None if path in (SIGN_IN, WEBHOOK) else self._refuse(request, path, session)
        await (answer or self._app)(scope, receive, send_private)

    def _refuse(self, request: Request, path: str, session: Session | None) -> Response | None:
        """The answer to whoever may not pass."""
        if _is_under(path, PAGES):
            return None if session else _lead_to_sign_in(request.method, path)
        given = request.headers.get("authorization", "")
        if given.lower().startswith("bearer "):
            right = hmac.compare_digest(given[7:].strip().encode(), self._token.encode())
            return None if right and self._token else _problem(401, "Ce jeton d'accès n'est pas le bon.")
        if session is None:
            return _problem(401, "Connectez-vous dans /admin, ou donnez le jeton ASSISTANT_ADMIN_TOKEN.")
        token = request.headers.get("x-csrf-token", "")
        if request.method in _WRITING and not self._sessions.is_token(token, session.id):
            return _problem(403, "L'en-tête X-CSRF-Token manque, ou n'est pas celui de cette session.")
        return None


def read_secret(settings: Settings) -> str:
    """The key of the signatures: the settings' own, or else a random one kept in the data directory."""
    if chosen := settings.secret.get_secret_value():
        if len(chosen) < _SHORTEST_SECRET:
            raise SecretWrong(f"Réglage ASSISTANT_SECRET : au moins {_SHORTEST_SECRET} caractères, tirés au hasard.")
        return chosen
    path = settings.data_dir / "secret"
    if not path.exists():
        # Two servers may start at once: the first to link its key wins, and both read that one.
        aside = path.with_name(f".secret-{os.getpid()}")
        write_private(aside, secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    kept = path.read_text(encoding="utf-8").strip()
    if len(kept) < _SHORTEST_SECRET:
        raise SecretWrong(f"Le fichier {str(path)!r} est abîmé. Supprimez-le : il sera refait au démarrage.")
    return kept


def _lead_to_sign_in(method: str, path: str) -> Response:
    wanted = path if method in ("GET", "HEAD") else PAGES
    return RedirectResponse(f"{SIGN_IN}?suite={quote(wanted)}" if wanted != PAGES else SIGN_IN, 303)


def _problem(status: int, detail: str) -> Response:
    title = {401: "Connexion nécessaire", 403: "Refusé"}[status]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _is_under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _count(known: OrderedDict[bytes, tuple[int, float]], key: bytes, now: float) -> int:
    """The failures that still count."""
    failures, last = known.get(key, (0, 0.0))
    return failures if now - last < _WAIT.total_seconds() else 0


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _network(address: str) -> str:
    """An IPv6 address has billions of neighbours in the same hands: they count as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/64", strict=False)) if known.version == 6 else address
