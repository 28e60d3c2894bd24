"""Begun: since when a practice is, by a sentence of its sheet: "depuis son lancement en 2009".

The words stand in language/fr.toml, section `years`: sheets are in French.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Frozen, Sheet
from language.grammar import Grammar
from language.text import read_text

_CENTURIES = ("19", "20")  # how a year starts: most passages have none, and are not read
_LANGUAGE = "fr"  # of the sheets
_YEARS = Grammar("years")


class Begun(Frozen):
    """A year with the sentence that says it; `row` is the sentence's in its passage."""

    passage: Passage
    row: int
    sentence: str
    year: int


class Opened(Protocol):
    """What of an index is read."""

    @property
    def passages(self) -> Sequence[Passage]:
        """The passages that the reader may see."""

    @property
    def practices(self) -> Sequence[Sheet]:
        """The sheets that tell of a practice."""


_kept: WeakKeyDictionary[Opened, tuple[Begun, ...]] = WeakKeyDictionary()


def list_begun(index: Opened) -> tuple[Begun, ...]:
    """Every sentence of the practices that the reader may see which says since when, read once for an index."""
    if (known := _kept.get(index)) is None:
        practices = {sheet.id for sheet in index.practices}
        own = (passage for passage in index.passages if passage.sheet in practices)
        known = _kept[index] = tuple(told for passage in own for told in _list(passage))
    return known


def find_begun(sentence: str) -> int | None:
    """The year since when what a sentence tells of is; None when it says none, or of a person: "maire depuis 1989"."""
    text = read_text(sentence, _LANGUAGE)
    found = _YEARS.search("begun", text)
    if found is None or _YEARS.has("begun_otherwise", text):
        return None
    return int(found["since"] or found["from"] or found["in"])


def _list(passage: Passage) -> Iterator[Begun]:
    if not any(century in passage.text for century in _CENTURIES):
        return
    for row, sentence in enumerate(split_sentences(passage.text)):
        if (year := find_begun(sentence)) is not None:
            yield Begun(passage=passage, row=row, sentence=sentence, year=year)
