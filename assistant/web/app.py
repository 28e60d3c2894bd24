"""The web application, assembled: HTTP interface, pages for everyone and for staff, errors, security, the chat last."""

from fastapi import FastAPI
from sqlalchemy import Engine

from assistant.chat.mount import inline_script_hashes, mount_chat
from assistant.observing.observer import Observer
from assistant.observing.requests import ObservedRequests
from assistant.reindexing.launcher import Launcher
from assistant.served import Served
from assistant.settings import Settings
from assistant.web.admin.assembly import add_admin
from assistant.web.api import make_api
from assistant.web.docs import add_docs
from assistant.web.frame import add_static_files
from assistant.web.health import make_health
from assistant.web.pages.assembly import add_pages
from assistant.web.problems import PROBLEMS, add_problem_handlers
from assistant.web.security import BodyLimit, OriginGuard, SecurityHeaders


def create_app(settings: Settings, served: Served, launcher: Launcher, database: Engine, observer: Observer) -> FastAPI:
    """An application that answers visitors from what is served, which must hold no members' passages.

    Chainlit's folder in the data directory is written. One application at most in a process, since Chainlit
    keeps its state in its modules.
    """
    assert served.knowledge().index.access == "public", "the web application is opened with the public passages alone"
    origins = settings.widget_origins
    app = FastAPI(
        title=settings.centre_name,
        description="Fiches et réponses sourcées sur la participation citoyenne.",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
    )
    add_problem_handlers(app)
    app.include_router(make_health(settings, served, database, observer.metrics))
    app.include_router(make_api(served, settings.centre_name, observer))
    add_static_files(app)
    add_docs(app)
    add_pages(app, settings, served)
    add_admin(app, settings, served, launcher)
    mount_chat(app, served, observer, settings.centre_name, settings.data_dir / "chat")
    app.add_middleware(BodyLimit)
    app.add_middleware(OriginGuard, origins=origins)
    app.add_middleware(SecurityHeaders, script_hashes=inline_script_hashes(), origins=origins)
    app.add_middleware(ObservedRequests, metrics=observer.metrics)
    return app
