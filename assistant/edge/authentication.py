"""Authentication: who asks, from the cookie or the header of a request; what leaves for members is kept by nobody."""

import logging
from contextvars import ContextVar

from fastapi import HTTPException
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.credentials.signatures import Signatures
from assistant.edge.sealed_cookie import SealedCookie
from assistant.members.member import Member
from assistant.members.membership import Membership
from assistant.members.readers import Reader, Readers
from assistant.store.faults import name_failure

_log = logging.getLogger(__name__)
COOKIE = "assistant_member"
_OF_PROGRAMS = "/api/"
_PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
_ENDED = "Cette clé n'ouvre rien, ou plus rien. Connectez-vous de nouveau."
_cookies: ContextVar[str] = ContextVar("cookies", default="")


class Authentication:
    """Knows readers by the key that their cookie seals, or that their program gives."""

    def __init__(self, readers: Readers, membership: Membership, secret: str) -> None:
        self.readers, self.membership = readers, membership
        lasts = membership.sessions.lasts
        self._cookie = SealedCookie(COOKIE, Signatures(secret, "member-session", lasts), lasts)

    def reader(self, request: HTTPConnection) -> Reader:
        """Whoever makes a request: the same all along it, looked up anew for the next.

        Refuses a program whose key opens nothing: it would take a visitor's answer for a member's. While the database
        does not answer, whoever has a cookie reads as a visitor.
        """
        if not hasattr(request.state, "reader"):
            given = _bearer(request)
            found = self.readers.for_member(given) if given else self._of_cookie(request)
            if found is None and request.url.path.startswith(_OF_PROGRAMS):
                raise HTTPException(401, _ENDED, {"WWW-Authenticate": "Bearer"})
            request.state.reader = found or self.readers.for_visitor()
        reader: Reader = request.state.reader
        return reader

    def member(self, request: HTTPConnection) -> Member | None:
        """The member who makes a request, None for a visitor; raises what keeps the database from telling."""
        member = self.reader(request).member
        if member is None and (failure := getattr(request.state, "failure", None)):
            raise failure
        return member

    def _of_cookie(self, request: HTTPConnection) -> Reader:
        try:
            return self.readers.of(self.key_of(request))
        except SQLAlchemyError as error:
            _log.error("Whether someone is a member cannot be told: %s", name_failure(error))
            request.state.failure = error
            return self.readers.for_visitor()

    def key_of(self, request: HTTPConnection) -> str:
        """The key that the cookie of a request seals, "" without one of ours."""
        return self._cookie.read(request)

    def key_in(self, cookies: str) -> str:
        """The same, from a header of cookies as it was sent."""
        return self._cookie.read_in(cookies)

    def reader_of_this_request(self) -> Reader:
        """Whoever makes the request at work, for code that is not given it."""
        try:
            return self.readers.of(self.key_in(_cookies.get()))
        except SQLAlchemyError as error:
            _log.error("Whether someone is a member cannot be told: %s", name_failure(error))
            return self.readers.for_visitor()

    def open_session(self, request: Request, answer: Response, member_id: str) -> None:
        """Open a session, under a key that nobody had before; the one that was open ends."""
        self.membership.sessions.close(self.key_of(request))
        self._cookie.write(answer, self.membership.sessions.open(member_id))

    def close_session(self, request: Request, answer: Response) -> None:
        """Sign out."""
        self.membership.sessions.close(self.key_of(request))
        self._cookie.remove(answer)

    def make_token(self, request: Request) -> str:
        """The token of the forms shown in a session."""
        return self._cookie.token(request)

    def is_token(self, request: Request, token: str) -> bool:
        """Whether a form was shown in this session."""
        return self._cookie.is_token(request, token)


class Privacy:
    """What was made for a member is kept by no cache; what depends on who asks says so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        _cookies.set(Request(scope).headers.get("cookie", ""))

        async def send_private(message: Message) -> None:
            reader = state.get("reader")
            if message["type"] == "http.response.start" and reader is not None:
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Cookie")
                headers.add_vary_header("Authorization")
                if reader.member:
                    headers.update(_PRIVATE)
            await send(message)

        await self._app(scope, receive, send_private)


def _bearer(request: HTTPConnection) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""
