"""Selection: the sheets of the catalogue that have what a question says, and this said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from assistant.reading.inhabitants import MOST
from assistant.wording import count, describe_filter
from index.filters import FILTER_KEYS, FilterKey, Filters
from index.opened import Index
from index.places.gazetteer import PlaceNamed
from index.understood import Understood
from ingest.sheet import FACETS
from language.grammar import Grammar
from language.letters import fold
from language.numbers import read_cardinal
from language.text import Text, read_text

_LISTED = Grammar("listed")
_TITLES = {"annee": "année", "source": "programme", "departement": "département", "region": "région"}
_AROUND_KM = 40.0  # as the search takes it


@dataclass
class Selection:
    """The sheets that a list takes (sheets,), with what they have in words and whether codes tell it."""

    mask: np.ndarray
    criteria: list[str] = field(default_factory=list)
    coded: bool = False
    _kept: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._first = self.mask

    def keep(self, mask: np.ndarray, criterion: str, *, coded: bool = False) -> None:
        """Keep the sheets of a mask, for a reason."""
        self._kept.append(mask)
        self.mask = self.mask & mask
        self.criteria.append(criterion)
        self.coded = self.coded or coded

    def less_one(self) -> Iterator[tuple[str, np.ndarray]]:
        """Each criterion, and the sheets that meet all the others."""
        for row, criterion in enumerate(self.criteria[: len(self._kept)]):
            others = [mask for at, mask in enumerate(self._kept) if at != row]
            yield criterion, np.logical_and.reduce([self._first, *others])


def select_sheets(question: str, understood: Understood, filters: Filters | None, index: Index) -> Selection:
    """The sheets that meet what a question says and what was set by hand."""
    catalogue = index.catalogue
    selection = Selection(catalogue.accept(filters, pages=False))
    stated = understood.asked
    if understood.population_range is not None and not understood.own_size:
        stated = stated.model_copy(update={"porteur": ()})
        asked = understood.population_range
        least, most = widen(*asked)
        inhabitants = np.nan_to_num(catalogue.told_inhabitants, nan=-1.0)
        selection.keep((inhabitants >= least) & (inhabitants <= most), describe_size(*asked))
    for key in FILTER_KEYS:
        if stated.values(key) and not (key in ("departement", "region") and understood.places):
            words = describe_values(key, stated, index)
            selection.keep(catalogue.meeting(key, stated), words, coded=key in FACETS)
    if understood.places:
        masks = [find_place(place, index) for place in understood.places]
        names = [f"{'autour de ' if place.near else ''}{place.name}" for place in understood.places]
        selection.keep(np.logical_or.reduce(masks), f"lieu «\u00a0{' ou '.join(names)}\u00a0»")
    for mask, words in _find_prizes(read_text(question), index):
        selection.keep(mask, words)
    if filters and filters.stated:
        selection.criteria += [describe_values(key, filters, index) for key in filters.stated]
    return selection


def find_place(place: PlaceNamed, index: Index) -> np.ndarray:
    """Whether each sheet's organisation sits in a place, or around it when the question says so: (sheets,)."""
    if place.kind != "commune":
        return index.catalogue.within(place.departements)
    if place.near and place.latitude is not None and place.longitude is not None:
        return np.asarray(index.catalogue.distances(place.latitude, place.longitude) <= _AROUND_KM)
    return np.array([sheet.place.insee in place.communes for sheet in index.sheets], dtype=bool)


def widen(least: int, most: int) -> tuple[int, int]:
    """The inhabitants of towns like one of so many: half to twice as many; a range stays as it is."""
    return (least // 2, 2 * most) if least == most else (least, most)


def describe_size(least: int, most: int) -> str:
    """ "commune de 10 000 habitants au plus"."""
    low, high = (f"{each:,}".replace(",", "\u00a0") for each in (least, most))
    if least == most:
        return f"commune d'une taille proche de {low} habitants"
    if most >= MOST:
        return f"commune de {low} habitants au moins"
    return f"commune de {low} à {high} habitants" if least > 0 else f"commune de {high} habitants au plus"


def name_column(key: FilterKey, index: Index) -> str:
    """What a key of the filters is called: the title of a facet is that of its layout."""
    facets = index.manifest.facets
    return facets[key].title.lower() if key in facets else _TITLES[key]


def describe_values(key: FilterKey, filters: Filters, index: Index) -> str:
    """ "type de démarche « Budget et financement participatif »"; the title of a facet is that of its layout."""
    title = name_column(key, index)
    values = filters.values(key)
    if key == "annee" and len(values) > 1 and len(values) == filters.annee[-1] - filters.annee[0] + 1:
        return f"années {values[0]} à {values[-1]}"
    written = (f"«\u00a0{describe_filter(key, value, index.manifest)}\u00a0»" for value in values)
    return f"{title} {' ou '.join(written)}"


def _find_prizes(said: Text, index: Index) -> Iterator[tuple[np.ndarray, str]]:
    """What a question says of stars and prizes; a prize that most sheets of a programme have tells nothing."""
    if stars := _LISTED.search("stars", said):
        wanted = read_cardinal(stars["number"])
        mask = np.array([sheet.stars == wanted for sheet in index.sheets], dtype=bool)
        yield mask, count(wanted, "étoile")
    prizes = [sheet.prize for sheet in index.practices if sheet.prize]
    rare = {prize for prize in prizes if 2 * prizes.count(prize) < len(prizes)}
    for prize in sorted(rare):
        if re.search(rf"\b{'s? '.join(fold(prize).split())}s?\b", said.words):
            yield np.array([sheet.prize == prize for sheet in index.sheets], dtype=bool), f"prix «\u00a0{prize}\u00a0»"
