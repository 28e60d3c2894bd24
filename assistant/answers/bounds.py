"""Bounds: the sheets within what a question sets as limits, years, a région or département, a size of town."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.answers.selection import find_place
from index.opened import Index
from index.ranking.retrieval import Hit
from index.understood import Understood


def keep_within(hits: Sequence[Hit], understood: Understood, index: Index) -> list[Hit]:
    """The hits within all the bounds of a question; all of them when it sets none, or when none is within."""
    mask = within(understood, index)
    kept = [hit for hit in hits if mask[index.catalogue.rows[hit.sheet.id]]]
    return kept or list(hits)


def within(understood: Understood, index: Index) -> np.ndarray:
    """Whether each sheet is within the years, the wide places, the kinds of organisation and the size that a question
    sets: (sheets,).
    """
    catalogue = index.catalogue
    mask = catalogue.meeting("annee", understood.filters) & catalogue.meeting("porteur", understood.filters)
    wide = [place for place in understood.places if place.kind != "commune" or place.near]
    if wide:
        mask = mask & np.logical_or.reduce([find_place(place, index) for place in wide])
    if understood.population_range is not None and understood.population is None:
        least, most = understood.population_range
        people = np.nan_to_num(catalogue.told_inhabitants, nan=-1.0)
        mask = mask & (people >= least) & (people <= most)
    return np.asarray(mask)
