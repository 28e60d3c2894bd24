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
from pathlib import Path

from fastapi import FastAPI

from assistant.chat.shared import share
from assistant.chat.wording import STOPPED
from assistant.observing.observer import Observer
from assistant.served import Served

PATH = "/chat"
_TEMPLATE = Path(__file__).parent / "root"
_TARGET = Path(__file__).parent / "target.py"
_LANGUAGE = "fr-FR"

# Links that would make the browser ask other hosts for fonts and style sheets.
_EXTERNAL_LINK = re.compile(r"<link\b[^>]*href=\"https?://[^>]*>")
# Routes that this chat does not use: interactive documentation, uploads, sharing, tools, sign-in by others.
_DROPPED_ROUTES = (
    "/docs",
    "/docs/oauth2-redirect",
    "/redoc",
    "/openapi.json",
    "/mcp",
    "/project/file",
    "/project/thread/share",
    "/project/share/{thread_id}",
    "/auth/oauth/azure-ad-hybrid/callback",
)


def mount_chat(app: FastAPI, served: Served, observer: Observer, centre_name: str, folder: Path) -> None:
    """Mount the chat at /chat/, answering from what is served. `folder` is written: Chainlit needs its own.

    To be called once in a process, after the routes of the application, which win over the chat's.
    """
    share(served, observer, centre_name)
    _prepare_folder(folder)
    from chainlit.config import config  # noqa: PLC0415
    from chainlit.utils import mount_chainlit  # noqa: PLC0415

    config.ui.name = centre_name
    _patch_page()
    _drop_routes()
    _patch_session()
    mount_chainlit(app=app, target=str(_TARGET), path=PATH)


def inline_script_hashes() -> tuple[str, ...]:
    """The hashes that let the chat page's own inline scripts run under a content security policy."""
    from chainlit.server import get_html_template  # noqa: PLC0415

    scripts = re.findall(r"<script>(.*?)</script>", get_html_template(PATH), re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _prepare_folder(folder: Path) -> None:
    """A writable copy of our template, with Chainlit's French completed by ours; tell Chainlit where it is."""
    import importlib.util  # noqa: PLC0415

    folder = folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_TEMPLATE, folder)
    found = importlib.util.find_spec("chainlit")
    assert found is not None
    assert found.origin is not None
    stock = json.loads((Path(found.origin).parent / "translations" / f"{_LANGUAGE}.json").read_text(encoding="utf-8"))
    ours = json.loads((folder / f"{_LANGUAGE}.json").read_text(encoding="utf-8"))
    translations = folder / ".chainlit" / "translations"
    translations.mkdir()
    text = json.dumps(_merge(stock, ours), ensure_ascii=False)
    (translations / f"{_LANGUAGE}.json").write_text(text, encoding="utf-8")
    os.environ["CHAINLIT_APP_ROOT"] = str(folder)
    # Set for another program, it would make Chainlit keep conversations in that program's database.
    os.environ.pop("DATABASE_URL", None)


def _merge(stock: dict[str, object], ours: dict[str, object]) -> dict[str, object]:
    merged = dict(stock)
    for key, value in ours.items():
        known = merged.get(key)
        merged[key] = _merge(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _patch_page() -> None:
    """The page says it is in French and asks no other host for anything."""
    import chainlit.server as server  # noqa: PLC0415, PLR0402

    stock = server.get_html_template

    def get_html_template(root_path: str) -> str:
        return str(_EXTERNAL_LINK.sub("", stock(root_path)).replace('<html lang="en">', '<html lang="fr">'))

    server.get_html_template = get_html_template


def _drop_routes() -> None:
    import chainlit.server as server  # noqa: PLC0415, PLR0402

    for owner in (server.app.router, server.router):
        owner.routes[:] = [route for route in owner.routes if getattr(route, "path", None) not in _DROPPED_ROUTES]


def _patch_session() -> None:
    """Stopping says so in French; a closed session leaves nothing in memory."""
    import chainlit.socket as socket  # noqa: PLC0415, PLR0402
    from chainlit.chat_context import chat_contexts  # noqa: PLC0415
    from chainlit.context import init_ws_context  # noqa: PLC0415
    from chainlit.message import Message  # noqa: PLC0415
    from chainlit.session import WebsocketSession  # noqa: PLC0415

    @socket.sio.on("stop")
    async def stop(sid: str) -> None:
        session = WebsocketSession.get(sid)
        if session is None:
            return
        init_ws_context(session)
        if session.current_task:
            session.current_task.cancel()
        await Message(content=STOPPED).send()

    stock = WebsocketSession.delete

    async def delete(session: WebsocketSession) -> None:
        await stock(session)
        chat_contexts.pop(session.id, None)

    WebsocketSession.delete = delete
