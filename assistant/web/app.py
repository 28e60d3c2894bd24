"""The web application, assembled: HTTP interface, errors, security, and the chat mounted last."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI

from assistant.chat.mount import inline_script_hashes, mount_chat
from assistant.served import Served
from assistant.web.api import make_api
from assistant.web.docs import add_docs
from assistant.web.problems import add_problem_handlers
from assistant.web.security import BodyLimit, OriginGuard, SecurityHeaders


def create_app(served: Served, centre_name: str, chat_dir: Path, origins: Sequence[str] = ()) -> FastAPI:
    """An application that answers visitors from what is served, which must hold no members' passages.

    `origins` are the other sites whose pages may frame the chat. `chat_dir` is written. One application
    at most in a process, since Chainlit keeps its state in its modules.
    """
    assert served.knowledge().index.access == "public", "the web application is opened with the public passages alone"
    app = FastAPI(
        title=centre_name,
        description="Fiches et réponses sourcées sur la participation citoyenne.",
        docs_url=None,
        redoc_url=None,
    )
    add_problem_handlers(app)
    app.include_router(make_api(served))
    add_docs(app)
    mount_chat(app, served, centre_name, chat_dir)
    app.add_middleware(BodyLimit)
    app.add_middleware(OriginGuard, origins=origins)
    app.add_middleware(SecurityHeaders, script_hashes=inline_script_hashes(), origins=origins)
    return app
