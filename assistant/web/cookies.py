"""Cookies: whatever sets one, the chat's own code too, it is sent over HTTPS only, and hidden from scripts.

Of those that come, the quoted ones are left out: none of ours is, and Python before 3.11.10 reads them in the square of
their length (CVE-2024-7592).
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SENT, _NAME = b"cookie", b"set-cookie"


class SecureCookies:
    """Completes the cookies of every response, and lets through the plain ones of every request.

    `is_https`: the site is known to be, whatever a request seems to be.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app, self._is_https = app, is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its plain cookies; complete those of the response."""
        if "headers" in scope:
            sent = scope["headers"]
            scope["headers"] = [(name, _keep_plain(value) if name == _SENT else value) for name, value in sent]
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


def _keep_plain(cookies: bytes) -> bytes:
    return b";".join(cookie for cookie in cookies.split(b";") if b'"' not in cookie)


def _add(cookie: bytes, wanted: list[str]) -> bytes:
    """A cookie with the attributes that it lacks."""
    has = {part.strip().partition("=")[0].lower() for part in cookie.decode("latin-1").split(";")[1:]}
    missing = [each for each in wanted if each.partition("=")[0].lower() not in has]
    return b"; ".join((cookie, *(each.encode() for each in missing)))
