"""Bounds: what a question sets as limits, years, who, a region or département, a size of town, each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.answers.selection import describe_size, describe_values, find_place
from assistant.reading.reading import Reading
from index.filters import FilterKey
from index.opened import Index
from index.ranking.retrieval import Hit


def keep_within(hits: Sequence[Hit], reading: Reading, index: Index) -> list[Hit]:
    """The hits within all the bounds of a question; all of them when it sets none, or when none is within."""
    masks = [mask for _, mask in find_bounds(reading, index)]
    kept = [hit for hit in hits if all(mask[index.catalogue.rows[hit.sheet.id]] for mask in masks)]
    return kept or list(hits)


def find_bounds(reading: Reading, index: Index) -> Iterator[tuple[str, np.ndarray]]:
    """Each bound in words, and whether each sheet is within it: (sheets,).

    The year of a fact is that of what happened, which a sheet of another year may tell.
    """
    catalogue, understood = index.catalogue, reading.understood
    keys: tuple[FilterKey, ...] = ("porteur",) if reading.fact else ("annee", "porteur")
    for key in keys:
        if understood.filters.values(key):
            yield describe_values(key, understood.filters, index), catalogue.meeting(key, understood.filters)
    if wide := [place for place in understood.places if place.kind != "commune" or place.near]:
        names = " ou ".join(place.name for place in wide)
        yield f"lieu «\u00a0{names}\u00a0»", np.logical_or.reduce([find_place(place, index) for place in wide])
    if understood.population_range is not None and understood.population is None:
        least, most = understood.population_range
        people = np.nan_to_num(catalogue.told_inhabitants, nan=-1.0)
        yield describe_size(least, most), (people >= least) & (people <= most)
