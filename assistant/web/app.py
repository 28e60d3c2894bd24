"""The web application, assembled: HTTP interface, pages for everyone and for staff, errors, security, the chat last."""

from functools import partial

from fastapi import FastAPI
from sqlalchemy import Engine

from assistant.assembly.knowledge import open_judgement
from assistant.chat.folder import make_folder
from assistant.chat.mount import inline_script_hashes, mount_chat, prepare_chat
from assistant.chat.shared import share
from assistant.credentials.signatures import Signatures, read_secret
from assistant.edge.authentication import Authentication
from assistant.edge.limits import Limits
from assistant.edge.problems import PROBLEMS, add_problem_handlers
from assistant.history.conversations import History
from assistant.learning.log import QuestionLog
from assistant.members.documents import DocumentFiles
from assistant.members.membership import open_membership
from assistant.members.readers import Readers
from assistant.observing.observer import Observer
from assistant.observing.requests import ObservedRequests
from assistant.reindexing.launcher import Launcher
from assistant.reindexing.reindex import settings_sources
from assistant.serving.note_desk import NoteDesk
from assistant.serving.reception import Reception
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.sharing.desk import SharingDesk
from assistant.sharing.links import SharedLinks
from assistant.web.admin.assembly import add_admin
from assistant.web.api import make_api
from assistant.web.api_check import make_checking
from assistant.web.api_figures import make_figures_api
from assistant.web.api_notions import make_notions_api
from assistant.web.ask import make_asking
from assistant.web.bodies import BodyLimit
from assistant.web.chat_page import SEALED, add_chat_pages
from assistant.web.cookies import SecureCookies
from assistant.web.cross_origin import OpenInterface
from assistant.web.docs import add_docs
from assistant.web.embedding import FrameGuard
from assistant.web.feedback import make_feedback
from assistant.web.frame.templates import add_static_files
from assistant.web.health import make_health
from assistant.web.members.assembly import add_members
from assistant.web.pages.answers import make_answers
from assistant.web.pages.assembly import add_pages
from assistant.web.pages.check import make_check
from assistant.web.pages.shared import make_shared
from assistant.web.pages.site import Site
from assistant.web.request_queue import RequestQueue
from assistant.web.security import OriginGuard, SecurityHeaders
from assistant.web.widget import add_widget
from assistant.widget.origins import WidgetOrigins


def create_app(
    settings: Settings, served: Served, launcher: Launcher, database: Engine, observer: Observer, log: QuestionLog
) -> FastAPI:
    """An application that answers visitors from what is served, which must hold no members' passages.

    One application at most in a process, since Chainlit keeps its state in its modules.
    """
    membership = open_membership(settings, database)
    readers = Readers(served, membership.sessions)
    secret = read_secret(settings)
    authentication = Authentication(readers, membership, secret)
    site, history = Site(settings, authentication), History(database)
    reception = Reception(observer, log, settings.answers_at_once)
    origins = WidgetOrigins(settings.widget_origins, settings.data_dir)
    seal = Signatures(secret, "widget-site", SEALED)
    limits = Limits(
        settings.limit_visitor, settings.limit_site, settings.open_conversations, settings.all_conversations
    )
    own, compressed = make_folder(), settings.data_dir / "compressed"
    chat = own / "root"
    app = _make_app(settings.centre_name)
    app.include_router(make_health(settings, served, database, observer.metrics))
    app.include_router(make_asking(authentication, reception, limits, settings))
    app.include_router(make_api(authentication, settings))
    app.include_router(make_notions_api(authentication))
    app.include_router(make_figures_api(authentication))
    links = SharedLinks(database, settings.link_days)
    desk = NoteDesk(reception, partial(open_judgement, settings))
    app.include_router(make_checking(authentication, desk, limits))
    app.include_router(make_feedback(log))
    add_static_files(app)
    add_docs(app)
    add_members(app, site, secret)
    documents = DocumentFiles(lambda manifest: settings_sources(settings, manifest.asked), settings.sources_dir)
    add_pages(app, site, documents, history)
    app.include_router(make_answers(site, reception, limits))
    app.include_router(make_check(site, desk, limits))
    app.include_router(make_shared(site, links))
    add_admin(app, settings, served, launcher, membership, database, origins)
    add_widget(app, own / "widget", compressed)
    kept = Signatures(secret, "tab-exchange", SEALED)
    share(authentication, reception, log, history, settings, SharingDesk(links, readers, reception), kept)
    prepare_chat(settings.centre_name, chat, limits, seal)
    add_chat_pages(app, chat / "public", compressed, origins, seal, limits)
    mount_chat(app)
    _guard(app, settings, limits, origins, observer)
    return app


def _make_app(name: str) -> FastAPI:
    """An application that answers nothing yet but errors."""
    app = FastAPI(
        title=name,
        description="Fiches et réponses sourcées sur la participation citoyenne.",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEMS,
    )
    add_problem_handlers(app)
    return app


def _guard(app: FastAPI, settings: Settings, limits: Limits, origins: WidgetOrigins, observer: Observer) -> None:
    """What each request goes through, the last one here first."""
    app.add_middleware(RequestQueue, limits=limits)
    app.add_middleware(BodyLimit)
    app.add_middleware(FrameGuard, origins=origins)
    app.add_middleware(OriginGuard, origins=origins, callers=settings.api_origins)
    app.add_middleware(OpenInterface, origins=settings.api_origins)
    app.add_middleware(SecurityHeaders, script_hashes=inline_script_hashes(), origins=origins)
    app.add_middleware(SecureCookies, is_https=settings.public_url.startswith("https:"))
    app.add_middleware(ObservedRequests, metrics=observer.metrics)
