"""Export: an answer, or a list of sheets, as a note to take away, with its sources, its date and its limits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markdown_it import MarkdownIt

from assistant.answers.answer import Answer
from assistant.exports.sources import list_addresses, list_sources
from assistant.exports.written import write_down
from assistant.french.dates import format_date
from assistant.notes.note import PAGES
from assistant.settings import Settings
from assistant.wording import (
    LINK,
    NOTE_DATED,
    NOTE_LIST,
    describe_filters,
    describe_sheet,
    escape,
)
from index.filters import Filters
from index.opened import Index
from ingest.sheet import Sheet

Format = Literal["markdown", "docx"]

MEDIA_TYPES: dict[Format, str] = {
    "markdown": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_ENDINGS: dict[Format, str] = {"markdown": "md", "docx": "docx"}


@dataclass(frozen=True)
class TakenAway:
    """A file to take away: its name, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letterhead:
    """Who the note comes from, whom to write to, the day it is made, and the address of the site, "" if it has none."""

    centre: str
    contact: str
    day: date
    site: str = ""


def head_note(settings: Settings, contact: str, base: str = "") -> Letterhead:
    """The letterhead of today. `base` is where the site was reached, for a site without public address."""
    return Letterhead(settings.centre_name, contact, date.today(), settings.public_url or base.rstrip("/"))


def write_taken_away(question: str, answer: Answer, index: Index, head: Letterhead) -> str:
    """The Markdown of the note of an answer: question, answer, each sheet it cites with its address, limits."""
    written = write_down(question, answer, index)
    parts = [
        _open(question, head, f"Compris : {escape(written.understood)}." if written.understood else ""),
        link_contact(unlink_notes(answer.answer), head.contact),
        *_list("Sources", list_sources(written.sources, index, head.site)),
        *_close([*written.limits, f"Fiches du centre : version {written.version}."], head),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def export_answer(question: str, answer: Answer, index: Index, head: Letterhead, form: Format) -> TakenAway:
    """The file of the note of an answer."""
    return _make(question, write_taken_away(question, answer, index, head), "reponse", head, form)


def render_html(markdown: str) -> str:
    """The HTML of a note, to be pasted in a document or a message; HTML in the text stays text."""
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))


def export_sheets(
    sheets: Sequence[Sheet], filters: Filters, index: Index, head: Letterhead, form: Format, *, sought: str = ""
) -> TakenAway:
    """The note of a list of sheets, with what chose them: filters, and what else was `sought`, in words."""
    described = " · ".join(part for part in (sought, describe_filters(filters, index.manifest)) if part)
    title = f"Fiches : {described}" if described else "Toutes les fiches"
    count = f"{len(sheets)} fiche{'s' if len(sheets) > 1 else ''}."
    lines = [
        f"{number}. {' · '.join([describe_sheet(sheet, index), *list_addresses(sheet, head.site)])}"
        for number, sheet in enumerate(sheets, start=1)
    ]
    parts = [_open(title, head, count), "\n".join(lines), *_close([NOTE_LIST, NOTE_DATED], head)]
    return _make(title, "\n\n".join(part for part in parts if part) + "\n", "fiches", head, form)


def unlink_notes(text: str) -> str:
    """A text whose links to pages of notes, which lead nowhere outside the site, are the names of the notes alone."""
    return LINK.sub(lambda link: link[2] if link[3].startswith(PAGES) else link[0], text)


def link_contact(text: str, contact: str) -> str:
    """A Markdown text in which the centre's own address, as it stands bare, is a link to write to it."""
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", contact):
        return text
    return re.sub(rf"(?<![\w.<:@`+-]){re.escape(contact)}(?![\w@>`-])", f"<{contact}>", text)


def _open(title: str, head: Letterhead, under: str) -> str:
    dated = f"*{escape(head.centre)}, {format_date(head.day)}.*"
    return "\n\n".join(part for part in (f"# {escape(title)}", dated, under) if part)


def _close(limits: list[str], head: Letterhead) -> list[str]:
    return _list("Limites", [*limits, f"Pour en savoir plus, écrivez à {_write_contact(head.contact)}."])


def _write_contact(contact: str) -> str:
    linked = link_contact(contact, contact)
    return linked if linked != contact else escape(contact)


def _list(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "\n".join(f"- {line}" for line in lines)] if lines else []


def _write_docx(markdown: str, title: str) -> bytes:
    from assistant.exports.docx_writer import write_docx  # noqa: PLC0415 - with what knows Word, for documents alone

    return write_docx(markdown, title)


def _make(title: str, markdown: str, name: str, head: Letterhead, form: Format) -> TakenAway:
    content = _write_docx(markdown, title) if form == "docx" else markdown.encode()
    return TakenAway(f"{name}-{head.day.isoformat()}.{_ENDINGS[form]}", MEDIA_TYPES[form], content)
