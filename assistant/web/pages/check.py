"""The page that compares a text with the sheets: a form, then each sentence with its verdict beside its sheet."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from assistant.checks.note import NoteTold
from assistant.checks.note_file import LARGEST_FILE, SUFFIXES, NoteWrong, read_content
from assistant.checks.note_verdict import Checked
from assistant.edge.limits import Limits
from assistant.edge.visitor import find_visitor
from assistant.pipeline import Knowledge
from assistant.serving.note_desk import LONGEST_SENT, NoteDesk, count_questions
from assistant.serving.reception import TooBusy
from assistant.web.frame.addresses import CHECK
from assistant.web.frame.language import language_of
from assistant.web.pages.site import Site
from assistant.wording.pages import translate
from assistant.wording.pages_asked import WAIT
from ingest.repair import drop_unseen
from ingest.sheet import Sheet

_EMPTY = "Collez un texte, ou choisissez un fichier."
_BOTH = "Collez un texte ou choisissez un fichier, pas les deux."


@dataclass(frozen=True)
class _Given:
    """What the form gave: a text, and what is wrong with it, told beside its field."""

    text: str = ""
    wrong_text: str = ""
    wrong_file: str = ""
    file: str = ""


@dataclass(frozen=True)
class _Row:
    """A sentence with its number and its sheet, whose own sentence is parted by what it tells otherwise."""

    number: int
    checked: Checked
    sheet: Sheet | None
    parted: tuple[str, str] | None


@dataclass(frozen=True)
class _Shown:
    """What the page shows above its form: what was told, or why nothing could be."""

    told: NoteTold | None = None
    rows: tuple[_Row, ...] = ()
    failure: str = ""


_NOTHING = _Shown()


def make_check(site: Site, desk: NoteDesk, limits: Limits) -> APIRouter:
    """The routes of this page. Nothing that it is given is kept."""
    router = APIRouter(include_in_schema=False)

    def show(request: Request, given: _Given, status: int = 200, shown: _Shown = _NOTHING) -> Response:
        content = {"given": given, "shown": shown, "accepted": ",".join(SUFFIXES), "longest": LONGEST_SENT}
        content["largest"] = LARGEST_FILE // 1_000_000
        answer = site.show(request, "check.html", content, status=status, path=CHECK)
        if request.method == "POST":
            answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @router.get(CHECK)
    def form(request: Request) -> Response:
        return show(request, _Given())

    @router.post(CHECK)
    async def check(request: Request) -> Response:
        reader = await asyncio.to_thread(site.authentication.reader, request)
        async with request.form(max_files=1, max_fields=5, max_part_size=LARGEST_FILE) as sent:
            given = await _read(sent)
        if given.wrong_text or given.wrong_file:
            return show(request, given, 422)
        if wait := limits.take_questions(find_visitor(request.scope), "", count_questions(given.text)):
            failure = translate(WAIT, language_of(request)).format(wait=wait)
            return _wait(show(request, given, 429, shown=_Shown(failure=failure)), wait)
        try:
            told = await desk.check(given.text, reader.knowledge)
        except TooBusy as busy:
            return _wait(show(request, given, 503, shown=_Shown(failure=str(busy))), 5)
        return show(request, given, shown=_lay_out(told, reader.knowledge))

    return router


async def _read(sent: FormData) -> _Given:
    """The text that a form gives, pasted or in a file, or what is wrong."""
    pasted, file = sent.get("text"), sent.get("file")
    text = drop_unseen(pasted).strip() if isinstance(pasted, str) else ""
    is_file = isinstance(file, UploadFile) and bool(file.filename)
    if not is_file:
        return _Given(text, wrong_text="" if text else _EMPTY) if len(text) <= LONGEST_SENT else _too_long(text)
    if text:
        return _Given(text, wrong_file=_BOTH)
    assert isinstance(file, UploadFile)
    name = file.filename or ""
    try:
        read = await asyncio.to_thread(read_content, name, await file.read())
    except NoteWrong as error:
        return _Given(wrong_file=str(error))
    text = drop_unseen(read).strip()
    if not text:
        return _Given(wrong_file="Ce fichier n'a pas de texte.")
    if len(text) > LONGEST_SENT:
        return _Given(wrong_file=_too_long(text).wrong_text)
    return _Given(text, file=name)


def _too_long(text: str) -> _Given:
    reason = f"Ce texte a {len(text)} caractères ; il en faut {LONGEST_SENT} au plus. Coupez-le en parties."
    return _Given(text[:LONGEST_SENT], wrong_text=reason)


def _lay_out(told: NoteTold, knowledge: Knowledge) -> _Shown:
    rows = []
    for number, each in enumerate(told.sentences, start=1):
        before, held, after = each.quote.partition(each.told) if each.told else ("", "", "")
        sheet = knowledge.index.find_sheet(each.sheet) if each.sheet else None
        rows.append(_Row(number, each, sheet, (before, after) if held else None))
    return _Shown(told, tuple(rows))


def _wait(answer: Response, seconds: int) -> Response:
    answer.headers["Retry-After"] = str(seconds)
    return answer
