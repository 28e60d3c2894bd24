"""Shelf: the notes in service: those that come with the product, and those of staff, which replace or withdraw them."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from assistant.notes.naming import Names
from assistant.notes.note import Genre, Note, is_slug
from assistant.notes.note_file import NoteUnusable, read_note
from index.encoding.budget import aside
from ingest.refusal import explain_os_error
from ingest.sheet import Frozen
from language.letters import fold

SHIPPED = Path(__file__).parent.parent.parent / "notions"  # beside the packages, as sheets and prompts
ENDING, WITHDRAWN = ".md", ".retiree"
State = Literal["shipped", "changed", "own"]
_Files = tuple[tuple[str, int, int, int], ...]


class NoteRemark(Frozen):
    """What staff should look at in the notes: `error` when a file is not shown, `stale` when its law is to be read."""

    file: str
    kind: Literal["error", "warning", "stale"]
    reason: str


@dataclass(frozen=True)
class Entry:
    """A note as staff see it: where it comes from, and whether it is withdrawn."""

    note: Note
    state: State
    withdrawn: bool


@dataclass(frozen=True)
class Library:
    """The notes at one moment. `entries` has the withdrawn ones too."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    unusable: tuple[NoteRemark, ...] = ()

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """The notes that are shown, by their slug, in the alphabetical order of their terms."""
        return {slug: entry.note for slug, entry in self.entries.items() if not entry.withdrawn}

    @cached_property
    def names(self) -> Names:
        """What the notes shown are called; a notion has its name before an obligation."""
        return Names(sorted(self.notes.values(), key=lambda note: note.genre))

    def related(self, note: Note) -> list[Note]:
        """The notes that a note is linked to, without those that are not shown."""
        return [self.notes[slug] for slug in note.related if slug in self.notes and slug != note.slug]

    def of_genre(self, genre: Genre) -> list[Note]:
        """The notes shown of one genre."""
        return [note for note in self.notes.values() if note.genre == genre]

    def remarks(self, today: date) -> list[NoteRemark]:
        """All that staff should look at: bad files, names that two notes bear, links that lead nowhere, old checks."""
        told = list(self.unusable)
        for claim in self.names.claims:
            reason = f"« {claim.name} » est déjà un mot de la note « {claim.first} » : retirez-le de l'une des deux."
            told.append(NoteRemark(file=claim.second, kind="warning", reason=reason))
        for slug, note in self.notes.items():
            lost = [each for each in note.related if each not in self.entries]
            told += [
                NoteRemark(file=slug, kind="warning", reason=f"La note liée « {each} » n'existe pas.") for each in lost
            ]
            if note.is_stale(today):
                reason = (
                    "Le droit n'a pas été vérifié depuis plus d'un an : relisez ces articles, puis changez la date."
                )
                told.append(NoteRemark(file=slug, kind="stale", reason=reason))
        return told


class Shelf:
    """Reads the notes of two folders, again when a file of them changed; `own` may be None, or not be there yet."""

    def __init__(self, own: Path | None = None, shipped: Path = SHIPPED) -> None:
        self.own, self.shipped = own, shipped
        self._lock = threading.Lock()
        self._seen: tuple[date, _Files, _Files] | None = None
        self._library = Library()

    def library(self) -> Library:
        """The notes as the files have them now; no question at work pays for those that staff just changed."""
        seen = (date.today(), _list_files(self.shipped), _list_files(self.own))
        with self._lock:
            if seen != self._seen:
                with aside():
                    self._library, self._seen = self._read(*seen), seen
            return self._library

    def _read(self, today: date, shipped: _Files, own: _Files) -> Library:
        told: list[NoteRemark] = []
        ours = _read_folder(self.shipped, shipped, today, told)
        theirs = _read_folder(self.own, own, today, told)
        hidden = {name.removesuffix(WITHDRAWN) for name, *_ in own if name.endswith(WITHDRAWN)}
        entries = {slug: Entry(note, "shipped", slug in hidden) for slug, note in ours.items()}
        for slug, note in theirs.items():
            entries[slug] = Entry(note, "changed" if slug in ours else "own", slug in hidden)
        ordered = sorted(entries.items(), key=lambda each: sort_key(each[1].note))
        return Library(dict(ordered), tuple(told))


@cache
def shipped_shelf() -> Shelf:
    """The notes that come with the product, where no folder of staff is known."""
    return Shelf()


def sort_key(note: Note) -> str:
    """What notes are put in order by: their term without accents."""
    return fold(note.term)


def _list_files(folder: Path | None) -> _Files:
    """The files of notes and the marks of withdrawn ones, with what changes when they do."""
    if folder is None:
        return ()
    try:
        with os.scandir(folder) as found:
            files = [each for each in found if each.name.endswith((ENDING, WITHDRAWN)) and each.name[0] != "."]
            stats = [(each.name, each.stat()) for each in files if each.is_file()]
    except OSError:  # not made yet; the tools that write say what is wrong
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in stats))


def _read_folder(folder: Path | None, files: _Files, today: date, told: list[NoteRemark]) -> dict[str, Note]:
    """The notes of a folder by their slug; what is wrong with a file is told, and costs that file alone."""
    notes = {}
    for name in (name for name, *_ in files if folder and name.endswith(ENDING)):
        slug = name.removesuffix(ENDING)
        try:
            assert folder
            note, hints = read_note(slug, (folder / name).read_bytes(), today)
        except (NoteUnusable, OSError) as error:
            reason = str(error) if isinstance(error, NoteUnusable) else explain_os_error(error)
            told.append(NoteRemark(file=slug if is_slug(slug) else name, kind="error", reason=reason))
            continue
        notes[slug] = note
        told += [NoteRemark(file=slug, kind="warning", reason=hint) for hint in hints]
    return notes
