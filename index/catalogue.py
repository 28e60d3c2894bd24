"""Catalogue: the sheets of an index in columns, so that filters and places are looked up for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from index.filters import FilterKey, Filters
from index.signals.lexical import split_words
from ingest.places import same_commune
from ingest.sheet import Sheet
from language.grammar import Grammar
from language.letters import fold
from language.text import Text, read_text

_SHEET = Grammar("sheet")
_EARTH_KM = 6371.0


class Catalogue:
    """Columns over sheets; a row is a sheet's position among them."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = tuple(sheets)
        self._masks: dict[tuple[FilterKey, str | int], np.ndarray] = {}

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each sheet by its id."""
        return {sheet.id: row for row, sheet in enumerate(self.sheets)}

    @cached_property
    def practices(self) -> np.ndarray:
        """Whether each is a sheet proper rather than a page about the centre: (sheets,)."""
        return np.array([sheet.kind == "practice" for sheet in self.sheets], dtype=bool)

    def having(self, key: FilterKey, value: str | int) -> np.ndarray:
        """Whether each sheet has this value: (sheets,)."""
        if (key, value) not in self._masks:
            wanted = Filters.model_validate({key: value if key == "source" else (value,)})
            self._masks[key, value] = np.array([wanted.accept(sheet) for sheet in self.sheets], dtype=bool)
        return self._masks[key, value]

    def meeting(self, key: FilterKey, filters: Filters) -> np.ndarray:
        """Whether each sheet has one of the values that filters want for a key: (sheets,)."""
        met = [self.having(key, value) for value in filters.values(key)]
        return np.logical_or.reduce(met) if met else np.ones(len(self.sheets), dtype=bool)

    def accept(self, filters: Filters | None, *, pages: bool) -> np.ndarray:
        """Whether each sheet may be found: (sheets,). Pages only with `pages`."""
        kept = np.ones(len(self.sheets), dtype=bool) if pages else self.practices.copy()
        for key in filters.stated if filters else ():
            kept &= self.meeting(key, filters or Filters())
        return kept

    def within(self, departements: Sequence[str]) -> np.ndarray:
        """Whether each sheet's organisation sits in one of these départements (INSEE codes): (sheets,)."""
        return self.meeting("departement", Filters(departement=tuple(departements)))

    def distances(self, latitude: float, longitude: float) -> np.ndarray:
        """Great-circle distance of each sheet from a point, in km, infinite where it is not known: (sheets,)."""
        here, there = np.radians([latitude, longitude]), np.radians(self._points)
        half = np.sin((there[:, 0] - here[0]) / 2) ** 2
        half += np.cos(here[0]) * np.cos(there[:, 0]) * np.sin((there[:, 1] - here[1]) / 2) ** 2
        return np.asarray(np.nan_to_num(2 * _EARTH_KM * np.arcsin(np.sqrt(half)), nan=np.inf))

    @cached_property
    def _points(self) -> np.ndarray:
        places = [sheet.place for sheet in self.sheets]
        points = [(place.latitude, place.longitude) for place in places]
        return np.array(points, dtype=float).reshape(-1, 2)

    @cached_property
    def names(self) -> tuple[frozenset[str], ...]:
        """The words of each sheet's title, organisation and commune, folded, then stemmed."""
        return tuple(
            frozenset(split_words(fold(f"{sheet.title} {sheet.organisation} {sheet.place.commune}")))
            for sheet in self.sheets
        )

    @cached_property
    def inhabitants(self) -> np.ndarray:
        """Inhabitants of the town that runs each practice, not a number where no town does: (sheets,)."""
        return np.array([_inhabitants(sheet) for sheet in self.sheets], dtype=float)

    @cached_property
    def told_inhabitants(self) -> np.ndarray:
        """The same, or of the town that a sheet says to be that of its practice, whoever runs it: (sheets,)."""
        told = [sheet.place.population if _is_set_in(sheet) else np.nan for sheet in self.sheets]
        return np.where(np.isnan(self.inhabitants), np.array(told, dtype=float), self.inhabitants)


def _inhabitants(sheet: Sheet) -> float:
    place, organisation = sheet.place, sheet.organisation
    if place.population is None or _SHEET.has("several_communes", read_text(organisation, "fr")):
        return np.nan
    return place.population if same_commune(organisation, place.commune) else np.nan


def _is_set_in(sheet: Sheet) -> bool:
    """Whether a sheet says that what it tells is that of its commune: "la commune de Muttersholtz (Bas-Rhin, 2100
    habitants)".
    """
    if sheet.place.population is None or _SHEET.has("several_communes", read_text(sheet.organisation, "fr")):
        return False
    texts = (block.text for section in sheet.sections for block in section.blocks)
    named = (read_text(text, "fr") for text in texts if sheet.place.commune and sheet.place.commune in text)
    return any(_tells_size(text, fold(sheet.place.commune)) for text in named)


def _tells_size(text: Text, commune: str) -> bool:
    """Whether a text names a commune with its number of inhabitants."""
    following = (text.after(found.end).said.lstrip() for found in _SHEET.find("commune", text))
    return any(
        said.startswith(commune) and _SHEET.is_in("inhabitants", said.removeprefix(commune), text.language)
        for said in following
    )
