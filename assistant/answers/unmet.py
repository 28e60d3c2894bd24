"""Unmet: what a question sets as bounds, a size, years, a place, that none of the sheets shown meets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers.bounds import within
from assistant.answers.selection import describe_size, describe_values
from assistant.wording import UNMET_MANY, UNMET_ONE
from index.filters import FilterKey
from index.opened import Index
from index.ranking.evidence import compare_bound
from index.ranking.retrieval import Hit
from index.understood import Understood

_KEYS: tuple[FilterKey, ...] = ("annee", "porteur")


def keep_fitting(hits: list[Hit]) -> list[Hit]:
    """The hits that contradict nothing set as bounds, all when each does."""
    return [hit for hit in hits if hit.evidence.get("bounds", 0.0) >= 0] or hits


def tell_unmet(understood: Understood, shown: Sequence[str], index: Index) -> str:
    """A line for each criterion that no sheet shown meets, "" when there is none."""
    rows = [index.catalogue.rows[sheet] for sheet in shown]
    unmet = [
        _describe(understood, index, years=said == "annee")
        for said in understood.bounds
        if rows and not compare_bound(said, understood, index.catalogue)[0][rows].any()
    ]
    if rows and not unmet and not within(understood, index)[rows].any():
        unmet = list(_describe_bounds(understood, index))
    return "\n\n".join((UNMET_ONE if len(rows) == 1 else UNMET_MANY).format(criteria=each) for each in unmet)


def _describe(understood: Understood, index: Index, *, years: bool) -> str:
    if years:
        return describe_values("annee", understood.filters, index)
    assert understood.population_range is not None
    return describe_size(*understood.population_range)


def _describe_bounds(understood: Understood, index: Index) -> Iterator[str]:
    """The bounds of a question in words, one by one."""
    for key in _KEYS:
        if understood.filters.values(key):
            yield describe_values(key, understood.filters, index)
    if wide := [place.name for place in understood.places if place.kind != "commune" or place.near]:
        yield f"lieu «\u00a0{' ou '.join(wide)}\u00a0»"
    if understood.population_range is not None and understood.population is None:
        yield describe_size(*understood.population_range)
