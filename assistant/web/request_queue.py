"""Request queue: each request has its turn by who makes it, is counted by its cost, and waits behind their others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.edge.limits import Limits
from assistant.edge.problems import refuse
from assistant.edge.visitor import find_asker, find_visitor
from assistant.process.computing import Asker, asker
from assistant.web.costs import find_cost
from assistant.web.notice import TOO_MANY_REQUESTS

# Pages are made in threads, of which there are forty: one visitor, who may ask for hundreds, takes no more of them.
_AT_ONCE = 8
_WAITING = 64
_SOON = 5  # seconds


@dataclass
class _Line:
    """The requests of one visitor: so many at work, the others behind."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    there: int = 0


class RequestQueue:
    """Tells whoever computes for whom it does, and refuses what goes beyond the limits of a visitor."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app, self._limits = app, limits
        self._lines: dict[str, _Line] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when its turn comes."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        visitor = find_visitor(scope)
        asker.set(Asker(find_asker(scope), partial(self._limits.charge, visitor)))
        cost = find_cost(scope) if visitor and scope["type"] == "http" else 0.0
        if not cost:
            await self._app(scope, receive, send)
            return
        wait = _SOON if self._is_full(visitor) else self._limits.take_request(visitor, cost)
        if wait:
            await _refuse(wait, Headers(scope=scope), scope["path"])(scope, receive, send)
            return
        async with self._turn(visitor):
            await self._app(scope, receive, send)

    def _is_full(self, visitor: str) -> bool:
        return visitor in self._lines and self._lines[visitor].there >= _WAITING

    @asynccontextmanager
    async def _turn(self, visitor: str) -> AsyncIterator[None]:
        line = self._lines.setdefault(visitor, _Line())
        line.there += 1
        try:
            async with line.free:
                yield
        finally:
            line.there -= 1
            if not line.there:
                del self._lines[visitor]


def _refuse(wait: int, headers: Headers, path: str) -> Response:
    told = {"Retry-After": str(wait)}
    if "text/html" in headers.get("accept", "") and not path.startswith("/api/"):
        return HTMLResponse(TOO_MANY_REQUESTS, 429, {**told, "Cache-Control": "no-store"})
    return refuse(HTTPException(429, f"Trop de demandes : attendez {wait} secondes.", told))
