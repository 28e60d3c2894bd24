"""Sessions of staff: signed cookies, form tokens, a gate before the staff's pages.

Open sessions are held in memory: signing out forgets them at once, and a restart signs everybody out. Several
servers over one data directory know each their own.
"""

import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.credentials.signatures import Signatures
from assistant.staff.accounts import StaffAccounts, StaffWrong

COOKIE = "assistant_staff"
SIGN_IN_COOKIE = "assistant_staff_form"  # its own: a sign-in page opened from elsewhere must not end a session
PAGES, API = "/admin", "/api/admin"
SIGN_IN, WEBHOOK = f"{PAGES}/connexion", f"{API}/webhook"
LASTS = timedelta(hours=8)
_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


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


class Sessions(Signatures):
    """The open sessions of this server, and the signatures of cookies and forms."""

    def __init__(self, secret: str, accounts: StaffAccounts) -> None:
        super().__init__(secret, "staff-session", LASTS)
        self._accounts = accounts
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
