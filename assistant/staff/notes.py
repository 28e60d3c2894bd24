"""Notes of staff: written, withdrawn and restored in the data directory, each by one atomic step."""

from __future__ import annotations

from pathlib import Path

from assistant.credentials.private_file import write_private
from assistant.notes.note import Note, is_slug
from assistant.notes.note_file import write_note
from assistant.notes.shelf import ENDING, WITHDRAWN, Shelf


def keep_note(shelf: Shelf, note: Note) -> None:
    """Write a note in the staff's folder, in place of the one of this slug if there is one."""
    write_private(_path(shelf, note.slug, ENDING), write_note(note))


def withdraw_note(shelf: Shelf, slug: str) -> None:
    """Show a note no more. Its text stays."""
    write_private(_path(shelf, slug, WITHDRAWN), "")


def restore_note(shelf: Shelf, slug: str) -> None:
    """Show a withdrawn note again."""
    _path(shelf, slug, WITHDRAWN).unlink(missing_ok=True)


def take_shipped(shelf: Shelf, slug: str) -> None:
    """Take back the note that came with the product, in place of the one that staff wrote."""
    if not (shelf.shipped / f"{slug}{ENDING}").is_file():
        raise ValueError(slug)
    _path(shelf, slug, ENDING).unlink(missing_ok=True)


def _path(shelf: Shelf, slug: str, ending: str) -> Path:
    assert shelf.own is not None, "there is no folder for the notes of staff"
    assert is_slug(slug), slug  # a name that came from outside leads nowhere else
    shelf.own.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shelf.own / f"{slug}{ending}"
