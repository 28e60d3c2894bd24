"""Organisations: those that a question names, by their whole name or by their initials."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from assistant.reading.reading import Reading
from index.opened import Index
from index.ranking.retrieval import Hit
from language.letters import fold
from language.text import Text, read_text

_INITIALS = 3  # capital letters at least


def find_organisations(question: Text, index: Index) -> tuple[str, ...]:
    """The organisations of sheets that a question names: "SNCF Réseau", and every one of a group for "la SNCF".

    A town is not one: places are read for themselves.
    """
    said = f" {question.words} "
    whole = [name for name, words in _names(index) if f" {words} " in said]
    if whole:
        longest = max(len(name.split()) for name in whole)
        return tuple(name for name in whole if len(name.split()) == longest)
    return tuple(name for name, words in _names(index) if any(f" {each} " in said for each in _initials(name, words)))


def keep_named(hits: list[Hit], reading: Reading, index: Index) -> list[Hit]:
    """The hits of the organisations that a question names, all when it names none or compares.

    One with a single sheet may be named for what others do with it, as who sells them a platform.
    """
    if reading.form.comparison or reading.only:
        return hits
    named = find_organisations(read_text(reading.asked), index)
    kept = [hit for hit in hits if hit.sheet.organisation in named]
    return kept if len(kept) > 1 else hits


# Freed with the version that they were read from.
_kept: WeakKeyDictionary[Index, tuple[tuple[str, str], ...]] = WeakKeyDictionary()


def _names(index: Index) -> tuple[tuple[str, str], ...]:
    """The organisations with their names in the normal form, read once for an index."""
    if (known := _kept.get(index)) is None:
        communes = {(sheet.organisation, fold(sheet.place.commune)) for sheet in index.practices}
        names = dict.fromkeys(sheet.organisation for sheet in index.practices if sheet.organisation)
        named = ((name, read_text(name, "fr").words) for name in names if (name, fold(name)) not in communes)
        known = _kept[index] = tuple(named)
    return known


def _initials(name: str, words: str) -> Iterator[str]:
    """The words of a name that are initials: "sncf"."""
    written = name.split()
    yield from (
        read_text(each, "fr").words
        for each in written
        if each.isupper() and each.isalpha() and len(each) >= _INITIALS and len(written) > 1 and words
    )
