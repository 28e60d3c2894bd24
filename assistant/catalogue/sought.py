"""Sought: the words that someone typed, as the sheets may write them, and the places that they name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.answers.saying import cut_expression, find_sayers, has_words
from index.opened import Index
from index.places.gazetteer import PlaceNamed, find_places
from index.typos import Speller
from ingest.sheet import Place
from language.letters import fold
from language.numbers import join_thousands
from language.shapes import LETTERS

_SHORTEST_BEGINNING = 4  # letters
_MOST_BEGUN = 60  # words that begin alike


@dataclass(frozen=True)
class Sought:
    """One thing of a query: a text has it by one of its `expressions`, a sheet also by being in its `place`."""

    expressions: tuple[str, ...]
    place: PlaceNamed | None = None

    def is_in(self, text: str) -> bool:
        """Whether a text has it."""
        return has_words(text, self.expressions)

    def find(self, index: Index) -> np.ndarray:
        """Whether each sheet has it: (sheets,)."""
        found = np.array([self._holds(sheet.place) for sheet in index.sheets], dtype=bool)
        for each in self.expressions:
            found |= find_sayers(each, index)
        return found

    def _holds(self, place: Place) -> bool:
        if self.place is None:
            return False
        if self.place.kind == "commune":
            return place.insee in self.place.communes
        return place.departement in self.place.departements or place.region in self.place.regions


def read_sought(query: str, index: Index) -> tuple[Sought, ...]:
    """What a query seeks, each word that says something in the ways that sheets may write it; nothing of an empty one.

    A word is found in any form, with accents or without, and what the trade says for an expression in a form of its own
    words: "tiré au sort" for "tirage au sort". A word that no sheet has is read as the beginning of those that do.
    """
    query = join_thousands(query)
    places = find_places(query)
    named = [Sought((query[place.start : place.end],), place) for place in places]
    rest = query
    for place in reversed(places):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    parts = cut_expression(rest, index)
    return (*named, *(Sought(tuple(_spell(each, index.lexicon.speller))) for each in parts if _says_something(each)))


def write_like_sheets(query: str, index: Index) -> str:
    """A query whose words have the accents that the sheets give them: "école" for "ecole"."""
    return LETTERS.sub(lambda typed: _accent(typed[0], index.lexicon.speller), query)


def _accent(typed: str, speller: Speller) -> str:
    known = speller.spellings(fold(typed))
    return known[0] if known and typed.lower() not in known else typed


def _says_something(expressions: tuple[str, ...]) -> bool:
    return len(expressions[0]) > 1 or expressions[0].isdecimal()


def _spell(expressions: tuple[str, ...], speller: Speller) -> Iterator[str]:
    """The expressions, and the ways to write or to go on with the first where it is a single word."""
    yield from expressions
    typed = fold(expressions[0])
    if typed.isalpha():
        known = speller.forms_of(typed)
        yield from known
        if not known and len(typed) >= _SHORTEST_BEGINNING:
            yield from speller.beginning_with(typed)[:_MOST_BEGUN]
