"""The page that answers one question without a script, and the files of its answer."""

import asyncio
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.answers.answer import Answer
from assistant.catalogue.selection import read_selection
from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor
from assistant.exports.export import Format, export_answer, head_note
from assistant.exports.written import Written, write_down
from assistant.pipeline import Knowledge
from assistant.reading.message import LONGEST_QUESTION
from assistant.serving.reception import Enquiry, Reception, TooBusy
from assistant.web.frame.addresses import ANSWER
from assistant.web.frame.language import language_of
from assistant.web.pages.drawn import Drawn, draw
from assistant.web.pages.site import Site, attach
from assistant.wording import QUESTION_EMPTY, QUESTION_TOO_LONG
from assistant.wording.pages import translate
from assistant.wording.pages_asked import WAIT
from index.filters import Filters
from ingest.repair import drop_unseen

_ENDINGS: dict[str, Format] = {".docx": "docx", ".md": "markdown"}
# An answer is made anew each time, and search engines are to find the sheets instead.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class _Asked:
    """What an address asks: a question, "" for none, with the filters that its sheets must meet."""

    question: str
    filters: Filters


@dataclass(frozen=True)
class _Refused:
    """Why a question is not answered, in French, and the seconds to wait, 0 where that would not help."""

    reason: str
    status: int
    wait: int = 0


class _AnswerPages:
    """What these routes share. A question counts as one of the interface does."""

    def __init__(self, site: Site, reception: Reception, limits: Limits) -> None:
        self._site, self._reception, self._limits = site, reception, limits

    async def find(self, request: Request) -> tuple[_Asked, Knowledge]:
        """What is asked, and what whoever asks is answered from."""
        reader = await asyncio.to_thread(self._site.authentication.reader, request)
        return await asyncio.to_thread(_read, self._site, request), reader.knowledge

    async def answer(self, request: Request, asked: _Asked, knowledge: Knowledge) -> Answer | _Refused:
        """The answer to a question, or why there is none."""
        language = language_of(request)
        if len(asked.question) > LONGEST_QUESTION:
            return _Refused(
                translate(QUESTION_TOO_LONG, language).format(length=len(asked.question), longest=LONGEST_QUESTION), 422
            )
        if wait := self._limits.take_questions(find_visitor(request.scope), ""):
            return _Refused(translate(WAIT, language).format(wait=wait), 429, wait)
        enquiry = Enquiry(asked.question, asked.filters if asked.filters.stated else None)
        try:
            return (await self._reception.answer(enquiry, knowledge, "page")).answer
        except TooBusy as busy:
            return _Refused(str(busy), 503, 5)

    def show(self, request: Request, asked: _Asked, written: Written | None = None) -> Response:
        """The page, with an answer or without."""
        return self._show(
            request,
            asked,
            drawn=draw(written, self._site.settings.contact, language=language_of(request)) if written else None,
        )

    def refuse(self, request: Request, asked: _Asked, refused: _Refused) -> Response:
        """The page, with why a question is not answered."""
        page = self._show(request, asked, refused.status, failure=refused.reason)
        if refused.wait:
            page.headers["Retry-After"] = str(refused.wait)
        return page

    def _show(
        self, request: Request, asked: _Asked, status: int = 200, *, drawn: Drawn | None = None, failure: str = ""
    ) -> Response:
        query = urlencode(request.query_params.multi_items())
        content = {"asked": asked, "drawn": drawn, "failure": failure, "query": query, "today": date.today()}
        page = self._site.show(request, "answer.html", content, status=status, path=ANSWER)
        page.headers.update(_HEADERS)
        return page

    async def take_away(self, request: Request) -> Response:
        """The file that the ending of an address names."""
        asked, knowledge = await self.find(request)
        given = await self.answer(request, asked, knowledge) if asked.question else _Refused(QUESTION_EMPTY, 422)
        if isinstance(given, _Refused):
            return self.refuse(request, asked, given)
        head = head_note(self._site.settings, knowledge.contact, str(request.base_url))
        form = next(form for ending, form in _ENDINGS.items() if request.url.path.endswith(ending))
        file = attach(await asyncio.to_thread(export_answer, asked.question, given, knowledge.index, head, form))
        file.headers.update(_HEADERS)
        return file


def make_answers(site: Site, reception: Reception, limits: Limits) -> APIRouter:
    """The routes of this page. A file's address is the page's with its ending."""
    router = APIRouter(include_in_schema=False)
    pages = _AnswerPages(site, reception, limits)

    @router.get(ANSWER)
    async def show(request: Request) -> Response:
        asked, knowledge = await pages.find(request)
        if not asked.question:
            return pages.show(request, asked)
        given = await pages.answer(request, asked, knowledge)
        if isinstance(given, _Refused):
            return pages.refuse(request, asked, given)
        return pages.show(request, asked, write_down(asked.question, given, knowledge.index))

    for ending in _ENDINGS:
        router.add_api_route(ANSWER + ending, pages.take_away, methods=["GET"])
    return router


def _read(site: Site, request: Request) -> _Asked:
    """The question of an address, and its filters, named as in the list of the sheets."""
    question = drop_unseen(request.query_params.get("question", "")).strip()
    return _Asked(question, read_selection(request.query_params, site.directory(request).known).filters)
