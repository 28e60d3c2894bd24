"""Subject: which sheets a sentence of a note is about: those that it names, else those named before it, else the
nearest ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Literal

from assistant.checks.figures import Figure, find_figures
from assistant.wording import describe_place
from index.opened import Index
from index.places.gazetteer import PlaceNamed, find_places
from index.signals.lexical import split_words
from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Sheet
from language.letters import has_name
from language.shapes import PHRASE_END

How = Literal["named", "before", "near"]

_MOST = 3  # sheets that one sentence is about
_PART = 0.6  # of the weight of a title or of a name, for it to be named
_RARE = 2.0  # weight of what is named: a word that one sheet in seven has, or several commoner ones
_BESIDE = 0.6  # of the best one's weight, for another sheet to be named as well
_ENOUGH = 6.0  # weight of the words that two sentences on one thing have in common
_ELSEWHERE = 0.5  # of a word that stands beside the sentence compared, not in it


@dataclass(frozen=True)
class Said:
    """A sentence of a sheet with its passage, the stems of its words, those that stand beside it, and its figures."""

    passage: Passage
    text: str
    stems: frozenset[str]
    beside: frozenset[str]
    figures: tuple[Figure, ...]


class SheetText:
    """A sheet as sentences are compared with it: what names it, and all that its reader may see of it."""

    def __init__(self, sheet: Sheet, passages: Sequence[Passage]) -> None:
        self.sheet, self.passages = sheet, tuple(passages)
        self.said = tuple(
            Said(passage, text, frozenset(split_words(text)), beside, find_figures(text))
            for passage in passages
            for beside in [frozenset(split_words(f"{passage.section}\n{passage.text}"))]
            for text in split_sentences(passage.text)
        )

    @cached_property
    def known(self) -> str:
        """What is known of the sheet beside its text: title, organisation, place, prize, years."""
        sheet = self.sheet
        parts = (sheet.title, sheet.organisation, describe_place(sheet), sheet.prize, sheet.edition, str(sheet.annee))
        return "\n".join(filter(None, parts))

    @cached_property
    def naming(self) -> frozenset[str]:
        """The stems by which the sheet is named."""
        sheet = self.sheet
        return frozenset(split_words(f"{sheet.title} {sheet.organisation} {describe_place(sheet)}"))

    @cached_property
    def text(self) -> str:
        """All its text, with what is known beside it."""
        return "\n".join((self.known, *(f"{each.heading}\n{each.text}" for each in self.passages)))


class Weights:
    """What each word counts for: the fewer sheets have it, the more."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[str, float] = {}

    def of(self, stem: str) -> float:
        """The weight of a word, from 0 for one that every sheet has."""
        if stem not in self._known:
            least = 1 / max(2, len(self._index.sheets))
            self._known[stem] = -log(max(least, self._index.share_with(stem)))
        return self._known[stem]

    def total(self, stems: Iterable[str]) -> float:
        """The weight of several words."""
        return sum(map(self.of, stems))

    def cover(self, sentence: str, sheet: SheetText, said: Said, how: How) -> float:
        """How much of a sentence a sentence of a sheet says, from 0 to 1, what names the sheet left out; 0 for a few
        common words where nothing names it.
        """
        stems = {stem for stem in split_words(sentence) if stem.isalpha()}
        own = stems - sheet.naming or stems
        got = self.total(own & said.stems) + _ELSEWHERE * self.total((own & said.beside) - said.stems)
        return 0.0 if how == "near" and got < _ENOUGH else got / max(1e-6, self.total(own))


def find_named(sentence: str, sheets: Iterable[Sheet], weights: Weights) -> list[Sheet]:
    """Those of these sheets that a sentence names, by title, organisation or place, the best named first."""
    stems, places = set(split_words(sentence)), find_places(sentence)
    weighed = [(_weigh(sheet, stems, places, weights), sheet) for sheet in sheets]
    best = max((weight for weight, _ in weighed), default=0.0)
    named = [(weight, sheet) for weight, sheet in weighed if weight and weight >= _BESIDE * best]
    return [sheet for _, sheet in sorted(named, key=lambda each: -each[0])][:_MOST]


def _weigh(sheet: Sheet, stems: set[str], places: Sequence[PlaceNamed], weights: Weights) -> float:
    """How much of what names a sheet is there, 0 when it is not named."""
    parts = [set(split_words(part)) for part in PHRASE_END.split(f"{sheet.title} : {sheet.organisation}")]
    found = [
        weights.total(part & stems)
        for part in parts
        if part and weights.total(part & stems) >= _PART * weights.total(part)
    ]
    whole = max(found, default=0.0)
    named = _RARE if any(is_of(place, sheet) for place in places) else 0.0
    return named + whole if named or whole >= _RARE else 0.0


def is_of(place: PlaceNamed, sheet: Sheet) -> bool:
    """Whether a place named is a sheet's own: its commune, or what its title or its organisation bears."""
    if sheet.place.insee and sheet.place.insee in place.communes:
        return True
    if place.departements and sheet.place.departement and sheet.place.departement not in place.departements:
        return False  # Notre-Dame-des-Landes is not in the Landes
    return has_name(f"{sheet.title} {sheet.organisation} {sheet.place.commune}", place.name)
