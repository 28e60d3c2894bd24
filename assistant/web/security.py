"""Security at the edge: response headers, origins of websockets and of writing requests."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.chat.mount import PATH as CHAT
from assistant.web.cross_origin import may_call
from assistant.widget.origins import WidgetOrigins

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# Our own pages: nothing from elsewhere, no inline script nor style.
_PAGES = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# A members' document: browsers show it with a plug-in, and nothing in it may fetch or send anything.
_DOCUMENTS = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# The chat: Chainlit styles its page inline, and evaluates the elements that show sources and sheets.
_CHAT_PAGES = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class SecurityHeaders:
    """Adds a content security policy and its companions to every response; one that brings its own policy keeps it."""

    def __init__(self, app: ASGIApp, script_hashes: Sequence[str], origins: WidgetOrigins) -> None:
        self._app, self._origins = app, origins
        self._chat = _CHAT_PAGES.format(hashes=" ".join(script_hashes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        in_chat = scope["path"].startswith(CHAT)

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_document = headers.get("content-type") == "application/pdf"
                chat = " ".join((self._chat, *self._origins.allowed())) if in_chat else ""
                headers.setdefault("Content-Security-Policy", chat or (_DOCUMENTS if is_document else _PAGES))
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
            await send(message)

        await self._app(scope, receive, send_secured)


class OriginGuard:
    """Refuses websockets and writing requests that come from pages of other origins.

    Chainlit accepts a websocket from any page, and cross-origin rules do not bind websockets. A client
    that sends no Origin is not a browser: it has no visitor's cookies to misuse. `callers` are the origins whose pages
    may call the public interface.
    """

    def __init__(self, app: ASGIApp, origins: WidgetOrigins, callers: Sequence[str] = ()) -> None:
        self._app, self._origins, self._callers = app, origins, callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        guarded = scope["type"] == "websocket" or (scope["type"] == "http" and self._is_guarded(scope))
        if not guarded or self._is_allowed(Headers(scope=scope)) or may_call(scope, self._callers):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
        else:
            problem = {
                "title": "Origine refusée",
                "status": 403,
                "detail": "Cette page n'est pas autorisée à faire cela.",
            }
            await JSONResponse(problem, 403, media_type="application/problem+json")(scope, receive, send)

    def _is_guarded(self, scope: Scope) -> bool:
        return scope["method"] in _WRITING or scope["path"].startswith(f"{CHAT}/ws")

    def _is_allowed(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return True
        return origin.split("://", 1)[-1] == headers.get("host") or origin in self._origins.allowed()
