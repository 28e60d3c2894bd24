"""Kinds of organisation that no code tells apart, read in the names and the texts of those that run a practice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from weakref import WeakKeyDictionary

import numpy as np

from assistant.reading.asker import is_context
from index.opened import Index
from ingest.sheet import Sheet
from language.grammar import Found, Grammar
from language.text import Text, read_text

OrganisationKind = Literal["agglomeration", "communes", "urban", "metropolis", "syndicate", "landlord", "intercommunal"]
KINDS: tuple[OrganisationKind, ...] = get_args(OrganisationKind)

_ORGANISATION, _LISTED = Grammar("organisation"), Grammar("listed")
_LANGUAGE = "fr"  # of the sheets
_kept: WeakKeyDictionary[Index, dict[OrganisationKind, np.ndarray]] = WeakKeyDictionary()  # freed with the version


def find_kinds(text: Text) -> Iterator[tuple[OrganisationKind, Found]]:
    """The kinds that a text names, and where; the widest last."""
    for kind in KINDS:
        for found in _ORGANISATION.find(f"asked_{kind}", text):
            yield kind, found


@dataclass(frozen=True)
class Running:
    """The kinds of organisation of which one runs what is asked for, and the characters that say them."""

    kinds: tuple[OrganisationKind, ...]
    start: int
    end: int


def find_running(question: Text) -> Running | None:
    """The kinds of organisation that run what is asked for, or that are listed themselves, and where they are said.

    Those after the first are joined to it: "métropoles ou communautés urbaines".
    """
    named = list(find_kinds(question))
    for kind, found in named:
        if is_context(question, found.start, found.end):
            continue
        before = question.before(found.start)
        first = not before.words or _LISTED.has("only_asks", before)
        if first or _ORGANISATION.has("run_by", before):
            return _join(Running((kind,), found.start, found.end), named, question.written)
    return None


def _join(running: Running, named: Sequence[tuple[OrganisationKind, Found]], written: str) -> Running:
    """The same with the kinds that are joined to it, one after the other."""
    for kind, found in sorted(named, key=lambda each: each[1].start):
        between = read_text(written[running.end : found.start], _LANGUAGE) if found.start > running.end else None
        if between and _ORGANISATION.has("joined", between):
            running = Running((*running.kinds, kind), running.start, found.end)
    return running


def find_of_kinds(kinds: Sequence[OrganisationKind], index: Index) -> np.ndarray:
    """Whether the organisation of each sheet is of one of these kinds: (sheets,)."""
    return np.asarray(np.logical_or.reduce([_find_of_kind(kind, index) for kind in kinds]))


def _find_of_kind(kind: OrganisationKind, index: Index) -> np.ndarray:
    """Whether the organisation of each sheet is of a kind: (sheets,). Read once for an index."""
    kept = _kept.setdefault(index, {})
    if kind not in kept:
        kept[kind] = np.array(
            [sheet.kind == "practice" and is_of_kind(sheet, kind) for sheet in index.sheets], dtype=bool
        )
    return kept[kind]


def is_of_kind(sheet: Sheet, kind: OrganisationKind) -> bool:
    """Whether the organisation of a sheet is of a kind, by its name or by what the sheet says beside it."""
    entry, name = f"named_{kind}", read_text(sheet.organisation, _LANGUAGE)
    if _ORGANISATION.has(entry, name):
        return True
    told = (block.text for section in sheet.sections if section.role == "organisation" for block in section.blocks)
    return any(_stands_beside(name.words, entry, read_text(text, _LANGUAGE)) for text in told if name.words)


def _stands_beside(name: str, entry: str, text: Text) -> bool:
    """Whether the kind is said right before or after a name: "Aquitanis, office public de l'habitat"."""
    pieces = ((text.written[: found.start], text.written[found.end :]) for found in _ORGANISATION.find(entry, text))
    return any(
        read_text(before, _LANGUAGE).words.endswith(name) or read_text(after, _LANGUAGE).words.startswith(name)
        for before, after in pieces
    )
