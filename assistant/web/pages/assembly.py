"""The pages for everyone, added to the application."""

from fastapi import FastAPI, Request
from fastapi.responses import Response

from assistant.served import Served
from assistant.settings import Settings
from assistant.web.pages.compression import PageCompression
from assistant.web.pages.home import make_home
from assistant.web.pages.sheets import make_sheets
from assistant.web.pages.site import PageMissing, Site


def add_pages(app: FastAPI, settings: Settings, served: Served) -> None:
    """Add the home page, the sheets' pages and those that the law asks for."""
    site = Site(settings, served)

    @app.exception_handler(PageMissing)
    async def missing(request: Request, error: PageMissing) -> Response:
        return site.show(request, "missing.html", {"reason": str(error)}, status=404)

    app.include_router(make_home(site))
    app.include_router(make_sheets(site))
    app.add_middleware(PageCompression)
