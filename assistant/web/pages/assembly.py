"""The pages for everyone, added to the application."""

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant.served import Served
from assistant.settings import Settings
from assistant.web.pages.compression import PageCompression
from assistant.web.pages.demo import make_demo
from assistant.web.pages.home import make_home
from assistant.web.pages.sheets import make_sheets
from assistant.web.pages.site import PageMissing, Site
from assistant.web.pages.words import NOTHING_HERE
from assistant.web.problems import refuse

_OF_PROGRAMS = "/api/"


def add_pages(app: FastAPI, settings: Settings, served: Served) -> None:
    """Add the home page, the sheets' pages and those that the law asks for; unknown addresses get a page too."""
    site = Site(settings, served)

    @app.exception_handler(PageMissing)
    async def missing(request: Request, error: PageMissing) -> Response:
        return site.show(request, "missing.html", {"reason": str(error)}, status=404)

    @app.exception_handler(404)
    async def unknown(request: Request, error: HTTPException) -> Response:
        by_browser = "text/html" in request.headers.get("accept", "")
        if by_browser and not request.url.path.startswith(_OF_PROGRAMS):
            return site.show(request, "missing.html", {"reason": NOTHING_HERE}, status=404)
        return refuse(error)

    app.include_router(make_home(site))
    app.include_router(make_demo(site))
    app.include_router(make_sheets(site))
    app.add_middleware(PageCompression)
