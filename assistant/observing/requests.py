"""Requests as whoever runs the server sees them: an id each, a line in the log, figures. No address, no words."""

import logging
import time
from secrets import token_hex

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.observing.logs import request_id
from assistant.observing.metrics import Metrics

_log = logging.getLogger(__name__)
_SHORTEST, _LONGEST = 8, 64  # characters of an identifier
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})  # asked every few seconds
_CHAT = ("/chat/ws", "/chat")  # what the chat answers has no route of ours
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ObservedRequests:
    """Gives each request an id, told in `X-Request-Id`, then counts it and notes its route, status and time."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            await self._observe(scope, receive, send)
        elif scope["type"] == "websocket":
            with self._metrics.open_sockets.track_inprogress():
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _observe(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        about = given if _is_identifier(given) else token_hex(8)
        token = request_id.set(about)
        status, start = 500, time.perf_counter()

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = about
            await send(message)

        try:
            with self._metrics.open_requests.track_inprogress():
                await self._app(scope, receive, send_named)
        finally:
            self._note(scope, status, time.perf_counter() - start)
            request_id.reset(token)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = name_route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if scope["path"] not in _QUIET:
            fields = {"method": method, "route": route, "status": status, "seconds": round(seconds, 4)}
            text = f"{method} {route} {status} {seconds:.3f} s"
            _log.info("%s", text, extra={"fields": fields})


def _is_identifier(given: str) -> bool:
    """Whether what a proxy named a request may stand in a header and in a log."""
    return _SHORTEST <= len(given) <= _LONGEST and given.replace("-", "").replace("_", "").isalnum()


def name_route(scope: Scope) -> str:
    """The route of a request as it is declared: "/fiches/{sheet_id}", never what was asked."""
    for chat in _CHAT:
        if scope["path"].startswith(chat):
            return chat
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "other"
