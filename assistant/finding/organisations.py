"""Organisations: those that a question names, by their whole name, by their initials, or by what many are called."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from assistant.reading.reading import Reading
from index.opened import Index
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words
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


def find_called(what: Text, index: Index) -> tuple[str, np.ndarray] | None:
    """The first words that organisations are called by, and the sheets of theirs (sheets,): "communautés
    d'agglomération" in "communautés d'agglomération qui ont tiré au sort"; None when no two are.
    """
    stems = [(word, frozenset(split_words(word))) for word in what.words.split()]
    names = [frozenset(split_words(sheet.organisation)) for sheet in index.sheets]
    taken: list[str] = []
    mask = np.ones(len(names), dtype=bool)
    end = 0
    for row, (_, stem) in enumerate(stems):
        having = mask & np.array([stem <= name for name in names], dtype=bool)
        if having.sum() < 2:
            break
        mask = having
        end = row + 1 if stem else end
    taken = [word for word, _ in stems[:end]]
    content = sum(bool(stem) for _, stem in stems[:end])
    return (" ".join(taken), mask) if content > 1 else None


def keep_named(hits: list[Hit], reading: Reading, index: Index) -> list[Hit]:
    """The hits of the organisations that a question names, all when it names none or compares.

    One with a single sheet may be named for what others do with it, as who sells them a platform.
    """
    if reading.form.comparison or reading.only:
        return hits
    named = find_organisations(read_text(reading.asked), index)
    kept = [hit for hit in hits if hit.sheet.organisation in named]
    return kept if len(kept) > 1 else hits


def of_organisations(names: tuple[str, ...], index: Index) -> np.ndarray:
    """Whether each sheet is one of these organisations': (sheets,)."""
    return np.array([sheet.organisation in names for sheet in index.sheets], dtype=bool)


@lru_cache(maxsize=4)  # an opened version, visitors' and members', and those that replace them
def _names(index: Index) -> tuple[tuple[str, str], ...]:
    """The organisations with their names in the normal form."""
    communes = {(sheet.organisation, fold(sheet.place.commune)) for sheet in index.practices}
    names = dict.fromkeys(sheet.organisation for sheet in index.practices if sheet.organisation)
    return tuple((name, read_text(name, "fr").words) for name in names if (name, fold(name)) not in communes)


def _initials(name: str, words: str) -> Iterator[str]:
    """The words of a name that are initials: "sncf"."""
    written = name.split()
    yield from (
        read_text(each, "fr").words
        for each in written
        if each.isupper() and each.isalpha() and len(each) >= _INITIALS and len(written) > 1 and words
    )
