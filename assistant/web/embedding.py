"""Embedding: the chat in a frame of another site's page: which site that is, and whether it may.

In a frame the chat's own requests and websocket come from our origin: the site can be known only from the request of
the page itself. Browsers tell it (`Sec-Fetch-Dest`, `Referer`) and enforce `frame-ancestors`; the widget tells it too,
in `site`, so that messages go to it alone. What was found is sealed in the page, which sends it with its websocket.
"""

from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.chat.mount import PATH as CHAT
from assistant.validation.origin import origin_of
from assistant.web.frame_refused import refuse_frame
from assistant.widget.origins import WidgetOrigins

_FRAMES = frozenset({"iframe", "frame", "embed", "object"})


class SiteRefused(Exception):
    """The site may not show the chat."""


def is_framed(scope: Scope) -> bool:
    """Whether a page is asked for to stand in a frame."""
    return Headers(scope=scope).get("sec-fetch-dest") in _FRAMES or bool(_read(scope, "frame"))


def find_site(scope: Scope, origins: WidgetOrigins) -> str:
    """The origin of the page that frames ours, "" when nobody tells; or raise SiteRefused."""
    headers = Headers(scope=scope)
    told, referer = _read(scope, "site"), origin_of(headers.get("referer", ""))
    ours = headers.get("host", "")
    named = {origin_of(told) if told else "", referer} - {""}
    if told and origin_of(told) != told:
        raise SiteRefused
    allowed = origins.allowed()
    if any(not _is_ours(site, ours) and site not in allowed for site in named):
        raise SiteRefused
    # A page of ours in a frame may ask for itself again: the site that it was told still stands.
    others = [site for site in named if not _is_ours(site, ours)]
    if len(others) > 1:
        raise SiteRefused
    return (others or sorted(named) or [""])[0]


def _is_ours(site: str, host: str) -> bool:
    return site.split("://", 1)[-1] == host


def _read(scope: Scope, name: str) -> str:
    values = parse_qs(scope["query_string"].decode("latin-1")).get(name, [])
    return values[-1] if values else ""


class FrameGuard:
    """Refuses the chat's pages to frames of sites that are not allowed, whatever browsers do of `frame-ancestors`."""

    def __init__(self, app: ASGIApp, origins: WidgetOrigins) -> None:
        self._app, self._origins = app, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and scope["path"].startswith(CHAT) and is_framed(scope):
            try:
                find_site(scope, self._origins)
            except SiteRefused:
                await refuse_frame(_read(scope, "lang"))(scope, receive, send)
                return
        await self._app(scope, receive, send)
