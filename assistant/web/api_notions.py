"""HTTP interface to the centre's notes: all of them in short, and each whole."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from assistant.edge.authentication import Authentication
from assistant.notes.note import LONGEST_SLUG, Genre, Note
from ingest.sheet import Frozen

NO_NOTE = "Le centre n'a pas de note de ce nom."


class NoteSummary(Frozen):
    """A note without its text. `question` is what an obligation answers."""

    slug: str
    term: str
    others: tuple[str, ...]
    english: str
    genre: Genre
    question: str


class NoteList(Frozen):
    """The notes that are shown, in the order of their terms."""

    total: int
    notes: tuple[NoteSummary, ...]


def make_notions_api(authentication: Authentication) -> APIRouter:
    """The routes of the notes, which are open to all."""
    router = APIRouter()

    @router.get("/api/notions", summary="Les notes du centre sur les notions et les obligations")
    def notions(request: Request) -> NoteList:
        notes = authentication.reader(request).knowledge.notes.library().notes.values()
        kept = set(NoteSummary.model_fields)
        shown = tuple(NoteSummary.model_validate(note.model_dump(include=kept)) for note in notes)
        return NoteList(total=len(shown), notes=shown)

    @router.get("/api/notions/{slug}", summary="Une note du centre, avec le droit sur lequel elle s'appuie")
    def notion(request: Request, slug: Annotated[str, Path(max_length=LONGEST_SLUG)]) -> Note:
        note = authentication.reader(request).knowledge.notes.library().notes.get(slug)
        if note is None:
            raise HTTPException(404, NO_NOTE)
        return note

    return router
