"""The demonstration: a page as a resource centre's site would be, with the widget in it."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.catalogue.links import sheet_path
from assistant.catalogue.selection import Selection
from assistant.catalogue.starters import draw_starters
from assistant.web.pages.site import Site
from assistant.web.pages.words import summarise

_SHOWN = 6


def make_demo(site: Site) -> APIRouter:
    """The page: with the widget's button, or with the conversation in the page (`?forme=integre`)."""
    router = APIRouter(include_in_schema=False)

    @router.get("/demo")
    def demo(request: Request, forme: str = "") -> Response:
        directory = site.directory(request)
        sheets = directory.list_sheets(Selection()).sheets[:_SHOWN]
        cards = [(each.title, each.organisation, summarise(each, 150), sheet_path(each.id)) for each in sheets]
        questions = [starter.question for starter in draw_starters(date.today(), "fr", directory.knowledge.index)]
        content = {"cards": cards, "questions": questions, "inline": forme == "integre"}
        return site.show(request, "demo.html", content)

    return router
