"""Directory: the sheets of a version as the pages list them, searched, filtered, counted and put in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assistant.catalogue.france import commune_key
from assistant.catalogue.selection import Order, Selection
from assistant.catalogue.sought import read_sought, write_like_sheets
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.process.computing import compute
from assistant.reading.message import LONGEST_READING
from assistant.wording import describe_filter
from index.encoding.budget import Budget, QuestionTooCostly
from index.filters import FilterKey, Filters
from ingest.sheet import Sheet
from language.letters import fold

_TITLES: dict[FilterKey, str] = {
    "thematique": "Thématique",
    "demarche": "Type de démarche",
    "porteur": "Type de porteur",
    "source": "Programme",
    "annee": "Année",
    "region": "Région",
    "departement": "Département",
}
_SEARCHES_KEPT = 128
_RANKED = 500  # sheets that a search puts in order
# A sheet without the words is near when the search finds it 20 times likelier than another (its score is a
# log-odds), and clearly more relevant than half the sheets are. On the real sheets "nucléaire", which none has, finds
# 7 near ones; a word of no language none.
_NEAR_SCORE, _NEAR_RELEVANCE, _NEAR = 3.0, 0.18, 12


@dataclass(frozen=True)
class Choice:
    """A value that one may choose, as people read it."""

    value: str
    label: str


@dataclass(frozen=True)
class Facet:
    """What sheets can be chosen by: its title and its values, those that some sheet has."""

    key: FilterKey
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Listing:
    """The sheets of a selection in order, those of them that only come near its words, and how many each choice has.

    A choice is counted with all that is selected but the other values of its own facet. `too_costly` when nothing was
    looked for, as the words take too long to read.
    """

    sheets: tuple[Sheet, ...]
    near: frozenset[str]  # ids
    counts: dict[FilterKey, dict[str, int]]
    too_costly: bool = False


class Directory:
    """The sheets of one version. What costs is kept: facets, the last searches."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.catalogue = knowledge.index.catalogue
        self._search = lru_cache(maxsize=_SEARCHES_KEPT)(self._find)

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """The facets that have something to choose."""
        facets = [Facet(key, self._title(key), self._choices(key)) for key in _TITLES]
        return tuple(facet for facet in facets if facet.choices)

    @cached_property
    def known(self) -> dict[FilterKey, tuple[str, ...]]:
        """The values of each facet."""
        return {facet.key: tuple(choice.value for choice in facet.choices) for facet in self.facets}

    @cached_property
    def commune_names(self) -> dict[str, str]:
        """The communes of the sheets, by what names them in an address."""
        return {commune_key(sheet): sheet.place.commune for sheet in self.knowledge.index.practices}

    def list_sheets(self, selection: Selection) -> Listing:
        """The sheets of a selection."""
        too_costly = False
        try:
            found, near = self._search(selection.query)
        except QuestionTooCostly:
            found, near, too_costly = (), frozenset(), True
        base = np.isin(np.arange(len(self.catalogue.sheets)), found) & self._in_communes(selection.communes)
        met = {key: self.catalogue.meeting(key, selection.filters) for key in self.known}
        counts = {key: self._count(key, base, [met[other] for other in met if other != key]) for key in met}
        kept = np.logical_and.reduce([base, *met.values()])
        rows = [row for row in found if kept[row]]
        sheets = [self.catalogue.sheets[row] for row in rows]
        return Listing(tuple(_put_in_order(sheets, selection.order)), near, counts, too_costly)

    def _title(self, key: FilterKey) -> str:
        manifest = self.knowledge.index.manifest
        return next((facet.title for name, facet in manifest.facets.items() if name == key), _TITLES[key])

    def _choices(self, key: FilterKey) -> tuple[Choice, ...]:
        manifest = self.knowledge.index.manifest
        values: set[str | int] = set()
        for sheet in self.knowledge.index.practices:
            held = getattr(sheet.place if key in ("departement", "region") else sheet, key)
            values |= set(held) if isinstance(held, tuple) else {held} - {"", None}
        choices = [Choice(str(value), describe_filter(key, value, manifest)) for value in values]
        if key == "annee":
            return tuple(sorted(choices, key=lambda choice: choice.value, reverse=True))
        return tuple(sorted(choices, key=lambda choice: fold(choice.label)))

    def _count(self, key: FilterKey, base: np.ndarray, others: Sequence[np.ndarray]) -> dict[str, int]:
        kept = np.logical_and.reduce([base, *others])
        typed = {value: int(value) if key == "annee" else value for value in self.known[key]}
        return {written: int((kept & self.catalogue.having(key, value)).sum()) for written, value in typed.items()}

    def _in_communes(self, communes: Sequence[str]) -> np.ndarray:
        if not communes:
            return np.ones(len(self.catalogue.sheets), dtype=bool)
        return np.array([commune_key(sheet) in communes for sheet in self.catalogue.sheets], dtype=bool)

    def _find(self, query: str) -> tuple[tuple[int, ...], frozenset[str]]:
        """Rows of the sheets that have the words of a query, or come near it, the nearest first; ids of the latter."""
        if not query:
            return tuple(np.flatnonzero(self.catalogue.practices).tolist()), frozenset()
        holding = self._holding(query)
        said = write_like_sheets(query, self.knowledge.index)
        hits = compute(Budget(LONGEST_READING).run, find_hits, said, self.knowledge, Filters(), _RANKED, taught=False)
        near = [
            hit.sheet.id
            for hit in hits
            if self.catalogue.rows[hit.sheet.id] not in holding
            and hit.score >= _NEAR_SCORE
            and hit.relevance >= hit.usual + _NEAR_RELEVANCE
        ][:_NEAR]
        ranked = [self.catalogue.rows[hit.sheet.id] for hit in hits]
        order = dict.fromkeys([*ranked, *sorted(holding)])
        kept = holding | {self.catalogue.rows[sheet] for sheet in near}
        return tuple(row for row in order if row in kept), frozenset(near)

    def _holding(self, query: str) -> set[int]:
        """Rows of the sheets that have everything that a query seeks."""
        sought = [each.find(self.knowledge.index) for each in read_sought(query, self.knowledge.index)]
        held = np.logical_and.reduce([self.catalogue.practices, *sought])
        return set(np.flatnonzero(held).tolist()) if sought else set()


def _put_in_order(sheets: list[Sheet], order: Order) -> list[Sheet]:
    if order == "pertinence":
        return sheets
    by_title = sorted(sheets, key=lambda sheet: fold(sheet.title))
    if order == "porteur":
        return sorted(by_title, key=lambda sheet: fold(sheet.organisation))
    if order == "titre":
        return by_title
    sign = -1 if order == "recent" else 1
    return sorted(by_title, key=lambda sheet: (sheet.annee is None, sign * (sheet.annee or 0)))
