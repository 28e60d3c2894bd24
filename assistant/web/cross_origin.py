"""Cross origin: the public interface, opened to the pages of some sites (CORS); its other routes stay closed to them.

Such a page reads what is open to everyone: browsers give it no answer to a request that bears a cookie, and let it send
no key of a member.
"""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = ("ask", "check", "facets", "feedback", "figures", "notions", "search", "sheets")
_KEPT = 3_600  # seconds for which a browser need not ask again


def may_call(scope: Scope, origins: Sequence[str]) -> bool:
    """Whether a request is one of a page of these origins to the public interface."""
    return _is_open(scope) and Headers(scope=scope).get("origin") in origins


class OpenInterface:
    """Lets the pages of these origins call the public interface, without cookies nor keys."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app, self._origins = app, tuple(origins)
        self._opened = CORSMiddleware(
            app,
            allow_origins=self._origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Content-Type",),
            expose_headers=("Content-Disposition", "Retry-After"),
            max_age=_KEPT,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; say in the response that the page may read it."""
        await (self._opened if self._origins and _is_open(scope) else self._app)(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    parts = scope["path"].split("/")
    return parts[:2] == ["", "api"] and len(parts) > 2 and parts[2] in _OPEN
