"""Mounts the Chainlit chat in the web application, with what Chainlit 2.12 lacks: see shared/design/chainlit.md.

Chainlit writes files when it is imported and reads its settings then: it is imported inside these
functions only, after its folder is prepared.
"""

import base64
import hashlib
import json
import os
import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.chat.filters import offer_filters
from assistant.chat.folder import make_private
from assistant.chat.light import without_what_is_left_aside
from assistant.chat.location import Location
from assistant.chat.shared import shared_directory
from assistant.chat.words import words
from assistant.credentials.signatures import Signatures
from assistant.edge.limits import Limits

PATH = "/chat"
_TEMPLATE = Path(__file__).parent / "root"
_TARGET = Path(__file__).parent / "target.py"
_LANGUAGES = ("fr-FR", "en-US")
# Our own scripts, joined in this order into the one file that Chainlit takes, which runs before its own: messages.js
# stops what other pages may not send before Chainlit hears it.
_SCRIPTS = (
    *("storage", "color", "language", "words", "messages", "members", "page", "tab", "asking", "early", "address"),
    *("filters", "citations", "controls", "announcing", "keeping", "footer", "resuming", "framed"),
)

# Links that would make the browser ask other hosts for fonts and style sheets.
_EXTERNAL_LINK = re.compile(r"<link\b[^>]*href=\"https?://[^>]*>")
_WITHOUT_SCRIPTS = (
    "<noscript><p>La conversation a besoin de JavaScript, que votre navigateur n'exécute pas. "
    '<a href="/reponse">Posez votre question sur une page simple</a>, ou parcourez '
    '<a href="/fiches">toutes les fiches</a> : elles se lisent et se cherchent sans lui.</p></noscript>'
)


def prepare_chat(centre_name: str, folder: Path, limits: Limits, seal: Signatures) -> None:
    """Load Chainlit, its conversations counted by `limits`. `folder` is written. To be called once in a process."""
    _prepare_folder(folder)
    with without_what_is_left_aside():
        import_module("chainlit.server")
    from chainlit.config import config  # noqa: PLC0415

    config.ui.name = centre_name
    config.ui.default_theme = "system"  # its settings file does not know this word, its page does
    _patch_page()
    _patch_session()
    from assistant.chat.admission import guard_conversations  # noqa: PLC0415
    from assistant.chat.events import guard_events  # noqa: PLC0415
    from assistant.chat.files import keep_no_files  # noqa: PLC0415
    from assistant.chat.routes import keep_known_routes  # noqa: PLC0415

    guard_conversations(limits, seal)
    guard_events()  # last: what reaches the others has its form
    keep_known_routes()
    keep_no_files()
    make_private(folder)


def mount_chat(app: FastAPI) -> None:
    """Mount the prepared chat at /chat/, once its handlers were given what they `share`.

    After the routes of the application, which win over the chat's.
    """
    from chainlit.utils import mount_chainlit  # noqa: PLC0415

    from assistant.chat.actions import make_actions  # noqa: PLC0415
    from assistant.chat.routes import make_session_cookie  # noqa: PLC0415

    _add_filters(app)
    app.include_router(make_actions(PATH))
    app.include_router(make_session_cookie(PATH))
    mount_chainlit(app=app, target=str(_TARGET), path=PATH)


def chat_page() -> str:
    """The page of the chat."""
    from chainlit.server import get_html_template  # noqa: PLC0415

    return str(get_html_template(PATH))


def asset_folder() -> Path:
    """Where Chainlit's own scripts and styles are."""
    from chainlit.server import build_dir  # noqa: PLC0415

    return Path(build_dir) / "assets"


def inline_script_hashes() -> tuple[str, ...]:
    """The hashes that let the chat page's own inline scripts run under a content security policy."""
    scripts = re.findall(r"<script>(.*?)</script>", chat_page(), re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _prepare_folder(folder: Path) -> None:
    """A writable copy of our template, with Chainlit's words completed by ours; tell Chainlit where it is."""
    folder = folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_TEMPLATE, folder)
    _write_translations(folder)
    joined = "\n".join((folder / "scripts" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    (folder / "public" / "chat.js").write_text(joined, encoding="utf-8")
    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    # Set for another program, it would make Chainlit keep conversations in that program's database.
    os.environ.pop("DATABASE_URL", None)


def _write_translations(folder: Path) -> None:
    import importlib.util  # noqa: PLC0415

    found = importlib.util.find_spec("chainlit")
    assert found is not None
    assert found.origin is not None
    (folder / ".chainlit" / "translations").mkdir()
    for language in _LANGUAGES:
        name = f"translations/{language}.json"
        stock = json.loads((Path(found.origin).parent / name).read_text(encoding="utf-8"))
        ours = json.loads((folder / name).read_text(encoding="utf-8"))
        text = json.dumps(_merge(stock, ours), ensure_ascii=False)
        (folder / ".chainlit" / name).write_text(text, encoding="utf-8")


def _merge(stock: dict[str, object], ours: dict[str, object]) -> dict[str, object]:
    merged = dict(stock)
    for key, value in ours.items():
        known = merged.get(key)
        merged[key] = _merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _patch_page() -> None:
    """The page says it is in French, until its script says otherwise; it asks no other host for anything, and leads
    elsewhere those whose browser runs no script.
    """
    import chainlit.server as server  # noqa: PLC0415, PLR0402

    stock = server.get_html_template

    def get_html_template(root_path: str) -> str:
        page = str(_EXTERNAL_LINK.sub("", stock(root_path)).replace('<html lang="en">', '<html lang="fr">'))
        return page.replace('<div id="root">', f'{_WITHOUT_SCRIPTS}<div id="root">', 1)

    server.get_html_template = get_html_template


def _add_filters(app: FastAPI) -> None:
    """What the filter panel offers, at an address that the application answers before the chat does."""

    @app.get(f"{PATH}/filters", include_in_schema=False)
    def filters() -> list[dict[str, Any]]:
        return [facet.model_dump() for facet in offer_filters(shared_directory())]


def _patch_session() -> None:
    """Stopping says so in the language of the page, and stops edited questions too; a closed session leaves nothing in
    memory.
    """
    import asyncio  # noqa: PLC0415

    import chainlit.socket as socket  # noqa: PLC0415, PLR0402
    from chainlit.chat_context import chat_contexts  # noqa: PLC0415
    from chainlit.context import init_ws_context  # noqa: PLC0415
    from chainlit.message import Message  # noqa: PLC0415
    from chainlit.session import WebsocketSession  # noqa: PLC0415
    from chainlit.user_session import user_session  # noqa: PLC0415

    @socket.sio.on("stop")
    async def stop(sid: str) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        init_ws_context(session)
        if session.current_task:
            session.current_task.cancel()
        location = user_session.get("location") or Location()
        await Message(content=words(location.language).stopped).send()

    stock_edit = socket.edit_message

    @socket.sio.on("edit_message")
    async def edit_message(sid: str, payload: Any) -> None:  # noqa: ANN401 - Chainlit's own message
        WebsocketSession.require(sid).current_task = asyncio.create_task(stock_edit(sid, payload))

    stock = WebsocketSession.delete

    async def delete(session: WebsocketSession) -> None:
        await stock(session)
        chat_contexts.pop(session.id, None)

    WebsocketSession.delete = delete
