"""Compression of the pages for everyone and of the files they need; nothing in them is secret.

The staff's pages and what members read are left as they are: compressing a page that holds a secret beside what an
address says lets the secret be guessed from lengths (BREACH, 2013).
"""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.edge.authentication import COOKIE

_FOLDERS = ("/fiches", "/notions", "/chiffres", "/static/")
_PAGES = frozenset({"/", "/demo", "/mentions-legales", "/confidentialite", "/accessibilite", "/sitemap.xml"})


class PageCompression:
    """Compresses what is worth it, for browsers that take it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._compressed = app, GZipMiddleware(app, minimum_size=1_000, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = scope.get("path", "")
        ours = scope["type"] == "http" and (path in _PAGES or path.startswith(_FOLDERS)) and not _may_be_member(scope)
        await (self._compressed if ours else self._app)(scope, receive, send)


def _may_be_member(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return COOKIE in headers.get("cookie", "") or "authorization" in headers
