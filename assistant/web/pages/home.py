"""The home page, the pages that the law asks for, and what search engines read first."""

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.catalogue.figures import FIGURES
from assistant.catalogue.links import sheet_path
from assistant.catalogue.selection import LIST, Selection
from assistant.catalogue.starters import draw_starters
from assistant.french.dates import say_delay
from assistant.notes.note import PAGES as NOTIONS
from assistant.notes.note import note_path
from assistant.web.frame.addresses import ANSWER, CHECK
from assistant.web.frame.language import language_of
from assistant.web.pages.site import Site
from index.filters import Filters

_LEGAL = {"/mentions-legales": "legal.html", "/confidentialite": "privacy.html", "/accessibilite": "accessibility.html"}
_THEMES = 8
_UNLISTED = ("/admin", "/api/", "/chat/", "/demo", "/docs", "/mes-conversations", ANSWER)


def make_home(site: Site) -> APIRouter:
    """The routes of these pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home(request: Request) -> Response:
        directory = site.directory(request)
        counts = directory.list_sheets(Selection()).counts.get("thematique", {})
        themes = [choice for facet in directory.facets if facet.key == "thematique" for choice in facet.choices]
        frequent = sorted(themes, key=lambda choice: -counts[choice.value])[:_THEMES]
        shown = [
            (choice.label, counts[choice.value], Selection(filters=Filters(thematique=(choice.value,))).address())
            for choice in frequent
        ]
        practices = len(directory.knowledge.index.practices)
        starters = draw_starters(date.today(), language_of(request), directory.knowledge.index)
        return site.show(request, "home.html", {"practices": practices, "starters": starters, "themes": shown})

    for path, template in _LEGAL.items():
        router.add_api_route(path, _legal_page(site, template), methods=["GET"])

    @router.get("/robots.txt")
    def robots(request: Request) -> Response:
        closed = "\n".join(f"Disallow: {path}" for path in _UNLISTED)
        return PlainTextResponse(f"User-agent: *\n{closed}\n\nSitemap: {site.address(request, '/sitemap.xml')}\n")

    @router.get("/sitemap.xml")
    def sitemap(request: Request) -> Response:
        knowledge = site.directory(request).knowledge
        sheets = [sheet_path(sheet.id) for sheet in knowledge.index.practices]
        notes = [note_path(slug) for slug in knowledge.notes.library().notes]
        paths = ["/", LIST, *_LEGAL, FIGURES, NOTIONS, CHECK, *notes, *sheets]
        answer = site.show(request, "sitemap.xml", {"addresses": [site.address(request, path) for path in paths]})
        answer.headers["Content-Type"] = "application/xml; charset=utf-8"
        return answer

    return router


def _legal_page(site: Site, template: str) -> Callable[[Request], Response]:
    settings = site.settings
    content = {
        "publisher": settings.publisher,
        "details": settings.publisher_details,
        "director": settings.publication_director,
        "hosting": settings.hosting,
        "audit": settings.accessibility_audit,
        "keep_questions": settings.keep_questions,
        "member_session": say_delay(settings.member_session),
        "retention_days": settings.retention_days,
        "link_days": settings.link_days,
        "llm": settings.llm,
        "llm_address": settings.llm_base_url,
    }

    def show(request: Request) -> Response:
        return site.show(request, template, content)

    return show
