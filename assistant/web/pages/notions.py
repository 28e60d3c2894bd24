"""The pages of the centre's notes: all of them, by letter, and each with its law and practices that illustrate it."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.answers.noted import find_practices
from assistant.finding.search import find_hits
from assistant.notes.note import PAGES, Note
from assistant.notes.shelf import sort_key
from assistant.pipeline import Knowledge
from assistant.web.pages.site import PageMissing, Site
from assistant.web.pages.words import NOTE_MISSING
from ingest.sheet import Sheet
from language.text import read_text

_LONGEST_SOUGHT = 100  # characters
_DESCRIPTION = 158  # what search engines show

Shown = tuple[tuple[Sheet, str], ...]


class _Illustrations:
    """The practices that illustrate each note, looked for once for a version of the sheets and a text of the note."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], tuple[Note, Shown]] = {}

    def find(self, note: Note, knowledge: Knowledge) -> Shown:
        """Sheets with the sentence that says the notion."""
        manifest = knowledge.index.manifest
        key = (knowledge.index.access, manifest.version, note.slug)
        known = self._kept.get(key)
        if known is None or known[0] != note:
            self._kept = {each: shown for each, shown in self._kept.items() if each[1] == manifest.version}
            hits = find_hits(note.question or note.term, knowledge)
            nearest = [(hit, each) for hit in hits for each in sorted(hit.sentences, key=lambda each: -each.similarity)]
            found = find_practices([note], nearest, knowledge.notes.library())
            known = self._kept[key] = note, tuple((hit.sheet, sentence.text) for hit, sentence in found)
        return known[1]


def make_notions(site: Site) -> APIRouter:
    """The routes of these pages."""
    router = APIRouter(include_in_schema=False)
    illustrations = _Illustrations()

    @router.get(PAGES)
    def show_list(request: Request, q: str = "") -> Response:
        sought = " ".join(q.split())[:_LONGEST_SOUGHT]
        library = site.authentication.reader(request).knowledge.notes.library()
        found = [note for note in library.notes.values() if _says(note, sought)]
        content = {
            "sought": sought,
            "total": len(library.notes),
            "found": len(found),
            "letters": _by_letter(note for note in found if note.genre == "notion"),
            "obligations": [note for note in found if note.genre == "obligation"],
            "words": {note.slug: _words(note) for note in found},
        }
        return site.show(request, "notions.html", content, path=PAGES)

    @router.get(PAGES + "/{slug}")
    def show_note(request: Request, slug: str) -> Response:
        knowledge = site.authentication.reader(request).knowledge
        library = knowledge.notes.library()
        note = library.notes.get(slug)
        if note is None:
            raise PageMissing(NOTE_MISSING)
        content = {
            "note": note,
            "related": library.related(note),
            "practices": illustrations.find(note, knowledge),
            "question": note.question or f"Que veut dire « {note.term} » ?",
            "description": f"{note.text[:_DESCRIPTION].rsplit(' ', 1)[0]}…",
        }
        return site.show(request, "notion.html", content)

    return router


def _words(note: Note) -> str:
    """What a note is looked for by, in the normal form."""
    return read_text(" ".join((note.term, *note.others, note.english, note.question))).words


def _says(note: Note, sought: str) -> bool:
    """Whether a note has every word that is sought, or the beginning of it."""
    return all(word in _words(note) for word in read_text(sought).words.split())


def _by_letter(notes: Iterable[Note]) -> Mapping[str, list[Note]]:
    ordered = sorted(notes, key=sort_key)
    return {letter: list(group) for letter, group in groupby(ordered, lambda note: sort_key(note)[:1].upper())}
