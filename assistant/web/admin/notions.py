"""Pages of the staff: the centre's notes: what each is, its form, its preview, withdrawing and restoring it."""

import logging
from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from assistant.notes.note import LONGEST_TEXT, find_problems
from assistant.notes.shelf import Entry, Library, Shelf
from assistant.staff.notes import keep_note, restore_note, take_shipped, withdraw_note
from assistant.web.admin.note_form import EMPTY, NoteForm, read_form, write_form
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, PageRefused, form_check
from ingest.refusal import explain_os_error

NOTIONS = f"{PAGES}/notions"
STATES = {"shipped": "Livrée", "changed": "Modifiée", "own": "Ajoutée"}
_NEW = "nouvelle"  # no note bears this name: it is that of the page that adds one
_NOT_KEPT = "Rien n'a été enregistré : {reason}"
_CHANGES = {
    "retirer": (withdraw_note, "La note est retirée : elle ne répond plus et n'a plus de page. Son texte est gardé."),
    "remettre": (restore_note, "La note est de nouveau montrée."),
    "reprendre": (take_shipped, "La note livrée a repris sa place."),
}
_log = logging.getLogger(__name__)


def make_notions(admin: AdminSite) -> APIRouter:
    """The list of the notes, and the form of each."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(form_check(admin))])

    def shelf() -> Shelf:
        return admin.served.knowledge().notes

    @router.get(NOTIONS)
    def listing(request: Request) -> Response:
        library, today = shelf().library(), date.today()
        remarks = library.remarks(today)
        stale = {remark.file for remark in remarks if remark.kind == "stale"}
        return admin.show(
            request, "notions.html", library=library, remarks=remarks, stale=stale, states=STATES, folder=shelf().own
        )

    @router.get(f"{NOTIONS}/{_NEW}")
    def new(request: Request) -> Response:
        return _show_form(admin, request, EMPTY, None)

    router.include_router(_make_form(admin, shelf))
    router.include_router(_make_changes(shelf))
    return router


def _make_form(admin: AdminSite, shelf: Callable[[], Shelf]) -> APIRouter:
    """The form of a note: shown, and what it says kept."""
    router = APIRouter(prefix=NOTIONS)

    @router.get("/{slug}")
    def show(request: Request, slug: str) -> Response:
        entry = _find(shelf().library(), slug)
        return _show_form(admin, request, write_form(entry.note), entry)

    @router.post("")
    def keep(request: Request, form: Annotated[NoteForm, Depends(_read_sent)]) -> Response:
        library = shelf().library()
        entry = library.entries.get(form.slug) if form.known else None
        problems = form.problems()
        note = form.to_note() if not problems else None
        if note:
            problems = {each.field: each.reason for each in reversed(find_problems(note, date.today()))}
            problems |= _check_name(form, library)
        if note is None or problems or form.preview:
            shown = note if form.preview and not problems else None
            return _show_form(admin, request, form, entry, 422 if problems else 200, problems=problems, preview=shown)
        try:
            keep_note(shelf(), note)
        except OSError as error:
            reason = _NOT_KEPT.format(reason=explain_os_error(error))
            return _show_form(admin, request, form, entry, 500, problems={"slug": reason})
        _log.info("Someone of the staff wrote the note %s", note.slug)
        request.state.session.message = f"La note « {note.term} » est enregistrée. C'est effectif tout de suite."
        return RedirectResponse(f"{NOTIONS}/{note.slug}", 303)

    return router


def _make_changes(shelf: Callable[[], Shelf]) -> APIRouter:
    """What may be done with a note: withdrawn, shown again, given back its shipped text."""
    router = APIRouter(prefix=NOTIONS)

    @router.post("/{slug}/{change}")
    def change_note(request: Request, slug: str, change: str) -> Response:
        entry = _find(shelf().library(), slug)
        if change not in _CHANGES or (change == "reprendre" and entry.state != "changed"):
            raise PageRefused(404, "Cette page n'existe pas.")
        do, told = _CHANGES[change]
        try:
            do(shelf(), slug)
        except OSError as error:
            raise PageRefused(500, _NOT_KEPT.format(reason=explain_os_error(error))) from error
        _log.info("Someone of the staff changed the note %s: %s", slug, change)
        request.state.session.message = told
        return RedirectResponse(f"{NOTIONS}/{slug}", 303)

    return router


async def _read_sent(request: Request) -> NoteForm:
    return read_form(await request.form())


def _check_name(form: NoteForm, library: Library) -> dict[str, str]:
    """What is wrong with the name of a note that is added."""
    if form.known:
        return {} if form.slug in library.entries else {"slug": "Cette note n'existe plus : ajoutez-la de nouveau."}
    if form.slug == _NEW:
        return {"slug": "Ce nom est celui d'une page d'administration : choisissez-en un autre."}
    taken = form.slug in library.entries
    return {"slug": "Une note porte déjà ce nom : modifiez-la, ou choisissez-en un autre."} if taken else {}


def _show_form(
    admin: AdminSite, request: Request, form: NoteForm, entry: Entry | None, status: int = 200, **more: object
) -> Response:
    content = {"form": form, "entry": entry, "states": STATES, "longest": LONGEST_TEXT, "problems": {}, "preview": None}
    return admin.show(request, "notion_form.html", status, **{**content, **more})


def _find(library: Library, slug: str) -> Entry:
    """The note with this name, or raise PageRefused."""
    entry = library.entries.get(slug)
    if entry is None:
        raise PageRefused(404, "Cette note n'existe pas.")
    return entry
