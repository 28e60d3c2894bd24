"""Bodies: what a request brings is read whole before anything works on it, within a length and a time."""

import asyncio

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.mount import PATH as CHAT
from assistant.edge.limits import LONGEST_PACKET
from assistant.edge.problems import refuse
from assistant.web.frame.addresses import CHECK
from assistant.web.notice import BROUGHT_TOO_LARGE, TOO_LARGE

_LONGEST_BODY = 64_000  # bytes
_LONGEST_PUSH = 2_000_000  # of a git server, which tells every commit
_PUSHES = "/api/admin/webhook"
_LONGEST_NOTE = 2_200_000  # a Word file with its images, and what a form adds
_BROUGHT = "/admin/tableaux"
_LONGEST_BROUGHT, _BRINGING = 60_000_000, 600.0  # bytes of tables and their PDFs, and seconds for them
_PATIENCE = 15.0  # seconds for a whole body: the longest one takes so long at 35 kbit/s


class BodyLimit:
    """Refuses requests whose body is longer than any question needs, or trickles in: it takes nobody's place."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        if scope["path"] == _BROUGHT:
            await self._stream(scope, receive, send, headers)
            return
        try:
            body = await _read(receive, headers, _find_longest(scope["path"]))
        except HTTPException as error:
            await _refuse(error, scope["path"])(scope, receive, send)
        except _Gone:
            return
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Pass on files that staff bring as they come: who may not send any is refused before they are read."""
        size, ends = 0, asyncio.get_running_loop().time() + _BRINGING

        async def measured() -> Message:
            nonlocal size
            try:
                async with asyncio.timeout_at(ends):
                    message = await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}
            size += len(message.get("body", b""))
            return message if size <= _LONGEST_BROUGHT else {"type": "http.disconnect"}

        if int(headers.get("content-length", "0") or 0) > _LONGEST_BROUGHT:
            await HTMLResponse(BROUGHT_TOO_LARGE, 413, {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, measured, send)


class _Gone(Exception):
    """Whoever asked has left."""


def _find_longest(path: str) -> int:
    if path.startswith(f"{CHAT}/ws"):
        return LONGEST_PACKET
    return {_PUSHES: _LONGEST_PUSH, CHECK: _LONGEST_NOTE}.get(path, _LONGEST_BODY)


def _refuse(error: HTTPException, path: str) -> Response:
    """What is told of a body: a page where a person sent a file."""
    if path == CHECK and error.status_code == 413:
        return HTMLResponse(TOO_LARGE, 413, error.headers)
    return refuse(error)


async def _read(receive: Receive, headers: Headers, longest: int) -> bytes:
    """The whole body; or raise what it is refused for, or _Gone."""
    too_long = HTTPException(413, f"{longest} octets au plus.", {"Connection": "close"})
    if int(headers.get("content-length", "0") or 0) > longest:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > longest:
                    raise too_long
    except TimeoutError as error:
        raise HTTPException(
            408, f"La requête n'est pas arrivée en {_PATIENCE:.0f} secondes.", {"Connection": "close"}
        ) from error
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body at once, then what comes after it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
