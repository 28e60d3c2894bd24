"""The chat's page and its files: the page as a whole one or as it stands in a frame, the files compressed once."""

from datetime import timedelta
from html import escape
from pathlib import Path
from shutil import copy

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.chat.bundle import write_light
from assistant.chat.mount import PATH as CHAT
from assistant.chat.mount import asset_folder, chat_page
from assistant.credentials.signatures import Signatures
from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor
from assistant.web.compressed import CompressedFiles, compress_files
from assistant.web.embedding import find_site, is_framed
from assistant.web.notice import TOO_MANY_CONVERSATIONS
from assistant.widget.origins import WidgetOrigins

_A_YEAR = 31_536_000  # seconds
SEALED = timedelta(days=1)  # a page may stay open for a day and find its server again
# Which page it is depends on who asks and from where.
_HEADERS = {"Cache-Control": "no-cache, private", "Vary": "Sec-Fetch-Dest, Referer"}


def add_chat_pages(
    app: FastAPI, public: Path, kept: Path, origins: WidgetOrigins, seal: Signatures, limits: Limits
) -> None:
    """Serve the page and the files of the prepared chat, before it is mounted.

    `public` holds our files for it; compressed forms are kept in `kept`.
    """
    assets = public.with_name("assets")
    script, light = _take_assets(assets, kept)
    compress_files([*public.rglob("*.*"), *assets.iterdir()], kept)
    app.mount(f"{CHAT}/assets", CompressedFiles(assets, kept, f"public, max-age={_A_YEAR}, immutable"))
    app.mount(f"{CHAT}/public", CompressedFiles(public, kept, "no-cache"))

    @app.get(CHAT, include_in_schema=False)
    def lead_to_chat(request: Request) -> Response:
        # To a path alone: the router would write the host that the request names, whatever that is.
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{CHAT}/{asked}", 307)

    @app.get(f"{CHAT}/", include_in_schema=False)
    def show_chat(request: Request) -> Response:
        if not limits.may_open(find_visitor(request.scope)):
            return HTMLResponse(TOO_MANY_CONVERSATIONS, 429, _HEADERS)
        page = chat_page().replace(script, light)
        if is_framed(request.scope):
            site = find_site(request.scope, origins)
            page = frame_page(page, site, seal.seal(site))
        return HTMLResponse(page, headers=_HEADERS)


def _take_assets(folder: Path, kept: Path) -> tuple[str, str]:
    """Put what the page loads of Chainlit's bundle in this folder; the names of its script there and here.

    The bundle has lazy parts that this chat never uses (charts, tables, players, PDF), and its source: not served.
    """
    folder.mkdir()
    for style in asset_folder().glob("index-*.css"):
        copy(style, folder)
    (script,) = asset_folder().glob("index-*.js")
    return script.name, write_light(script, folder, kept).name


def frame_page(page: str, site: str, sealed: str) -> str:
    """The chat's page as it stands in a frame: links open beside it, and it knows which site it may speak to."""
    head = (
        f'<base target="_blank"><meta name="assistant-site" content="{escape(site)}">'
        f'<meta name="assistant-seal" content="{escape(sealed)}">'
        f'<link rel="stylesheet" href="{CHAT}/public/framed.css">'
    )
    return page.replace("<html ", '<html data-framed="" ', 1).replace("</title>", f"</title>{head}", 1)
