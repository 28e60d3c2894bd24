"""Site: what the pages for everyone work with."""

from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from assistant.catalogue.directory import Directory
from assistant.catalogue.france import FRAMES, HEIGHT, WIDTH
from assistant.catalogue.links import ask_address, document_path, sheet_path
from assistant.catalogue.selection import LONGEST_QUERY, ORDERS, VIEWS
from assistant.credentials.passwords import LONGEST_PASSWORD
from assistant.edge.authentication import Authentication
from assistant.exports.export import TakenAway
from assistant.exports.sources import say_where
from assistant.members.member import Member
from assistant.reading.message import LONGEST_QUESTION
from assistant.settings import Settings
from assistant.web.frame.addresses import ACCOUNT, ANSWER, CHECK, SIGN_IN, SIGN_OUT
from assistant.web.frame.language import language_of, other_language
from assistant.web.frame.templates import open_templates
from assistant.web.pages.words import MEMBERS_ONLY, say_host
from assistant.wording import MACHINE_MADE, QUESTION_TOO_COSTLY, describe_place
from ingest.sheet import Access

_HERE = Path(__file__).parent
# Pages whose own words are in English too; the others have an English frame around French words.
_TRANSLATED = frozenset(
    f"{name}.html"
    for name in ("home", "list", "sheet", "notions", "notion", "figures", "answer", "check", "missing", "refused")
)


class PageMissing(Exception):
    """There is no such page; the message says which, in French."""


class Site:
    """Settings, who is asking, and how a page is shown."""

    def __init__(self, settings: Settings, authentication: Authentication) -> None:
        self.settings, self.authentication = settings, authentication
        self._templates = open_site_templates()
        self._directories: dict[Access, Directory] = {}

    def directory(self, request: Request) -> Directory:
        """The sheets of the version in service that whoever asks may know of."""
        knowledge = self.authentication.reader(request).knowledge
        kept = self._directories.get(knowledge.index.access)
        if kept is None or kept.knowledge is not knowledge:
            kept = self._directories[knowledge.index.access] = Directory(knowledge)
        return kept

    def member(self, request: Request) -> Member | None:
        """The member who asks, None for a visitor; raises what keeps the database from telling."""
        return self.authentication.member(request)

    def address(self, request: Request, path: str) -> str:
        """The whole address of a path: on the site's public address, or on that of the request."""
        return f"{self.settings.public_url or str(request.base_url).rstrip('/')}{path}"

    def show(
        self, request: Request, page: str, content: Mapping[str, object], *, status: int = 200, path: str = ""
    ) -> Response:
        """A page, with what every page shows. `path` is where search engines should know it, if not at its own."""
        language = language_of(request)
        canonical = self.address(request, path or request.url.path)
        translated = page in _TRANSLATED
        common = {
            "language": language,
            "translated": translated,
            "is_french_only": language == "en" and not translated,
            "addresses": {"fr": canonical, "en": f"{canonical}?lang=en"},
            "other_language": other_language(request),
            "centre": self.settings.centre_name,
            "contact": self.settings.contact,
            "here": request.url.path,
            "canonical": canonical,
            "member": self.authentication.reader(request).member,
        }
        answer = self._templates.TemplateResponse(request, page, {**common, **content}, status)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def attach(note: TakenAway) -> Response:
    """A file to keep, of the sheets as they are now."""
    return Response(
        note.content,
        media_type=note.media_type,
        headers={"Content-Disposition": f'attachment; filename="{note.name}"', "Cache-Control": "no-cache"},
    )


def open_site_templates() -> Jinja2Templates:
    """The templates of the pages for everyone."""
    filters: dict[str, Callable[..., str]] = {
        "place": describe_place,
        "path": sheet_path,
        "pdf": document_path,
        "host": say_host,
        "ask": ask_address,
        "where": say_where,
    }
    names = {
        "LONGEST_QUESTION": LONGEST_QUESTION,
        "LONGEST_QUERY": LONGEST_QUERY,
        "QUESTION_TOO_COSTLY": QUESTION_TOO_COSTLY,
        "VIEWS": VIEWS,
        "ORDERS": ORDERS,
        "FRAMES": FRAMES,
        "MAP_BOX": f"0 0 {WIDTH} {HEIGHT}",
        "MACHINE_MADE": MACHINE_MADE,
        "MEMBERS_ONLY": MEMBERS_ONLY,
        "SIGN_IN": SIGN_IN,
        "SIGN_OUT": SIGN_OUT,
        "ACCOUNT": ACCOUNT,
        "ANSWER": ANSWER,
        "CHECK": CHECK,
        "LONGEST_PASSWORD": LONGEST_PASSWORD,
    }
    return open_templates((_HERE / "templates", _HERE.parent / "members" / "templates"), filters, names)
