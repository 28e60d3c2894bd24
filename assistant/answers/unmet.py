"""Unmet: what a question sets as bounds, a size, years, a place, that none of the sheets shown meets."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.bounds import find_bounds
from assistant.answers.selection import describe_size, describe_values
from assistant.reading.reading import Reading
from assistant.wording import UNMET_MANY, UNMET_ONE
from index.opened import Index
from index.ranking.evidence import compare_bound
from index.ranking.retrieval import Hit
from index.understood import Understood


def keep_fitting(hits: list[Hit]) -> list[Hit]:
    """The hits that contradict nothing set as bounds, all when each does."""
    return [hit for hit in hits if hit.evidence.get("bounds", 0.0) >= 0] or hits


def tell_unmet(reading: Reading, shown: Sequence[str], index: Index) -> str:
    """A line for each criterion that no sheet shown meets, "" when there is none."""
    understood, rows = reading.understood, [index.catalogue.rows[sheet] for sheet in shown]
    if not rows:
        return ""
    unmet = [
        _describe(understood, index, years=said == "annee")
        for said in understood.bounds
        if not compare_bound(said, understood, index.catalogue)[0][rows].any()
    ]
    unmet += [words for words, mask in find_bounds(reading, index) if not mask[rows].any()]
    one = UNMET_ONE if len(rows) == 1 else UNMET_MANY
    return "\n\n".join(one.format(criteria=each) for each in dict.fromkeys(unmet))


def _describe(understood: Understood, index: Index, *, years: bool) -> str:
    if years:
        return describe_values("annee", understood.filters, index)
    assert understood.population_range is not None
    return describe_size(*understood.population_range)
