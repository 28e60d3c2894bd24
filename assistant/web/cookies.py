"""Cookies: whatever sets one, the chat's own code too, it is sent over HTTPS only, and hidden from scripts."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAME = b"set-cookie"


class SecureCookies:
    """Completes the cookies of every response. `is_https`: the site is known to be, whatever a request seems to be."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the cookies of the response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = ["HttpOnly", "SameSite=lax"] + (["Secure"] if self._is_https or scope["scheme"] == "https" else [])

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                message["headers"] = [
                    (name, _add(value, wanted) if name == _NAME else value) for name, value in headers
                ]
            await send(message)

        await self._app(scope, receive, send_secured)


def _add(cookie: bytes, wanted: list[str]) -> bytes:
    """A cookie with the attributes that it lacks."""
    has = {part.strip().partition("=")[0].lower() for part in cookie.decode("latin-1").split(";")[1:]}
    missing = [each for each in wanted if each.partition("=")[0].lower() not in has]
    return b"; ".join((cookie, *(each.encode() for each in missing)))
