"""The pages for everyone, added to the application."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from assistant.edge.problems import NO_DATABASE, NOTHING_HERE, refuse, refuse_without_database
from assistant.history.conversations import History
from assistant.members.documents import DocumentFiles
from assistant.web.pages.compression import PageCompression
from assistant.web.pages.conversations import FormRefused, NotSignedIn, lead_to_sign_in, make_conversations
from assistant.web.pages.demo import make_demo
from assistant.web.pages.figures import make_figures
from assistant.web.pages.home import make_home
from assistant.web.pages.notions import make_notions
from assistant.web.pages.sheets import make_sheets
from assistant.web.pages.site import PageMissing, Site

_OF_PROGRAMS = "/api/"


def add_pages(app: FastAPI, site: Site, documents: DocumentFiles, history: History) -> None:
    """Add the home page, the sheets' pages, members' conversations and what the law asks for; unknown addresses get a
    page too.
    """

    @app.exception_handler(PageMissing)
    async def missing(request: Request, error: PageMissing) -> Response:
        return site.show(request, "missing.html", {"reason": str(error)}, status=404)

    @app.exception_handler(NotSignedIn)
    async def sign_in_first(request: Request, _error: NotSignedIn) -> Response:
        return lead_to_sign_in(request)

    @app.exception_handler(FormRefused)
    async def expired(request: Request, error: FormRefused) -> Response:
        return site.show(request, "refused.html", {"title": "Page expirée", "reason": str(error)}, status=403)

    @app.exception_handler(SQLAlchemyError)
    async def without_database(request: Request, error: SQLAlchemyError) -> Response:
        told = refuse_without_database(error)
        if told.status_code != 503 or not _is_person(request):
            return told
        content = {"title": "Indisponible en ce moment", "reason": NO_DATABASE}
        answer = site.show(request, "refused.html", content, status=503)
        answer.headers.update({"Cache-Control": "no-store", "Retry-After": told.headers["retry-after"]})
        return answer

    @app.exception_handler(404)
    async def unknown(request: Request, error: HTTPException) -> Response:
        if _is_person(request):
            return site.show(request, "missing.html", {"reason": NOTHING_HERE}, status=404)
        return refuse(error)

    app.include_router(make_home(site))
    app.include_router(make_demo(site))
    app.include_router(make_sheets(site, documents))
    app.include_router(make_notions(site))
    app.include_router(make_figures(site))
    app.include_router(make_conversations(site, history))
    app.add_middleware(PageCompression)


def _is_person(request: Request) -> bool:
    """Whether a browser asks for one of our pages, rather than a program for an answer."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_OF_PROGRAMS)
