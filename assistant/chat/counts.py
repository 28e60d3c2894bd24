"""Counts: how the sheets of a list divide by facet, each value asking the narrower question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.answers.answer import Answer
from assistant.wording import describe_filter
from index.filters import FilterKey, Filters
from index.opened import Index
from ingest.sheet import Frozen, Sheet

_KEYS: tuple[FilterKey, ...] = ("porteur", "demarche", "thematique", "annee", "region")
_SHOWN = 6  # values of a facet
_WORTH_IT = 4  # sheets: fewer are read faster than they are counted


class Count(Frozen):
    """A value of a facet and how many sheets of the list have it."""

    value: str | int
    label: str
    count: int


class FacetCounts(Frozen):
    """The values of one facet, the most frequent first, or the latest year."""

    key: FilterKey
    counts: tuple[Count, ...]


def count_facets(answer: Answer, index: Index) -> tuple[FacetCounts, ...]:
    """The facets that divide the sheets of a list; none for a short list, nor for what is already chosen."""
    sheets = [sheet for sheet in map(index.find_sheet, answer.listed) if sheet]
    chosen = Filters.model_validate(answer.filters)
    if len(sheets) < _WORTH_IT:
        return ()
    counted = [_count(key, sheets, index) for key in _KEYS if not chosen.values(key)]
    return tuple(facet for facet in counted if len(facet.counts) > 1)


def _count(key: FilterKey, sheets: Sequence[Sheet], index: Index) -> FacetCounts:
    values = Counter(value for sheet in sheets for value in _values(key, sheet))
    ordered = sorted(values.items(), key=lambda each: (-each[1], str(each[0])))[:_SHOWN]
    if key == "annee":
        ordered = sorted(ordered, key=lambda each: -int(each[0]))
    counts = [Count(value=value, label=describe_filter(key, value, index.manifest), count=n) for value, n in ordered]
    return FacetCounts(key=key, counts=tuple(counts))


def _values(key: FilterKey, sheet: Sheet) -> tuple[str | int, ...]:
    held = sheet.place.region if key == "region" else getattr(sheet, key)
    if isinstance(held, tuple):
        return held
    return (held,) if held else ()
