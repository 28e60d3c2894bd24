"""Bounds: what a question sets as limits, years, who, a region or département, a size of town, each by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.answers.selection import describe_size, describe_values, find_place
from assistant.reading.asker import is_context
from assistant.reading.organisation_kinds import find_of_kinds, find_running
from assistant.reading.reading import Reading
from assistant.wording import VILLAGE, describe_kinds
from index.filters import FilterKey, Filters
from index.opened import Index
from index.places.gazetteer import distance_to
from index.ranking.retrieval import Hit
from language.grammar import Grammar
from language.text import Text, read_text

_SMALLEST, _NEAREST = 3, 3  # sheets beyond the bounds
_LOOKED_AT = 20  # hits among which the nearest are told, when none is around the place
_VILLAGE = 3_500  # inhabitants at most, as the law counts a small town's votes
_INHABITANTS = Grammar("inhabitants")


def keep_within(hits: Sequence[Hit], reading: Reading, index: Index) -> list[Hit]:
    """The hits within all the bounds of a question; all of them when it sets none, or when none is within.

    When those within are none of the kind of démarche that is asked, the smallest towns' of that kind are told,
    beyond the bounds; when none is around a place, the nearest.
    """
    masks = [mask for _, mask in find_bounds(reading, index)]
    kept = [hit for hit in hits if all(mask[index.catalogue.rows[hit.sheet.id]] for mask in masks)]
    if masks and kept and reading.understood.filters.demarche:
        alike = index.catalogue.meeting("demarche", reading.understood.filters)
        asked = [hit for hit in hits if alike[index.catalogue.rows[hit.sheet.id]]]
        kept = kept if any(hit in asked for hit in kept) else _find_smallest(asked, index) or kept
    return kept or _find_nearest(hits, reading, index) or list(hits)


def _find_nearest(hits: Sequence[Hit], reading: Reading, index: Index) -> list[Hit]:
    """The hits nearest to a place around which a question looks, nearest first, of the kind of démarche that is asked;
    none when it looks around none.
    """
    near = [place for place in reading.understood.places if place.near]
    alike = index.catalogue.meeting("demarche", reading.understood.filters)
    of_kind = [hit for hit in hits if alike[index.catalogue.rows[hit.sheet.id]]]
    away = [
        (min(known), hit)
        for hit in (of_kind or hits)[:_LOOKED_AT]
        if (known := [each for place in near if (each := distance_to(place, hit.sheet.place)) is not None])
    ]
    return [hit for _, hit in sorted(away, key=lambda each: each[0])[:_NEAREST]]


def _find_smallest(hits: Sequence[Hit], index: Index) -> list[Hit]:
    """The hits of the smallest towns, where the size of a town is known; else all."""
    people = {hit.sheet.id: index.catalogue.told_inhabitants[index.catalogue.rows[hit.sheet.id]] for hit in hits}
    known = sorted((hit for hit in hits if not np.isnan(people[hit.sheet.id])), key=lambda hit: people[hit.sheet.id])
    return known[:_SMALLEST] or list(hits)


def find_bounds(reading: Reading, index: Index) -> Iterator[tuple[str, np.ndarray]]:
    """Each bound in words, and whether each sheet is within it: (sheets,).

    The year of a fact is that of what happened, which a sheet of another year may tell.
    """
    catalogue, understood = index.catalogue, reading.understood
    asked, text = understood.asked, read_text(reading.asked)
    sized = understood.population_range is not None and understood.population is None and not understood.own_size
    villages = understood.population_range is None and _asks_for_villages(text)
    keys: tuple[FilterKey, ...] = ("porteur",) if reading.fact else ("annee", "porteur")
    for key in keys:
        if asked.values(key):
            by_people = key == "porteur" and (sized or villages)
            yield describe_values(key, asked, index), _meet(key, asked, index, by_people=by_people)
    if running := find_running(text):
        yield describe_kinds(running.kinds), find_of_kinds(running.kinds, index)
    if wide := [place for place in understood.places if place.kind != "commune" or place.near]:
        names = " ou ".join(place.name for place in wide)
        yield f"lieu «\u00a0{names}\u00a0»", np.logical_or.reduce([find_place(place, index) for place in wide])
    if sized and understood.population_range:
        least, most = understood.population_range
        people = np.nan_to_num(catalogue.told_inhabitants, nan=-1.0)
        yield describe_size(least, most), (people >= least) & (people <= most)
    elif villages:
        people = np.nan_to_num(catalogue.told_inhabitants, nan=np.inf)
        yield VILLAGE, people <= _VILLAGE


def _meet(key: FilterKey, asked: Filters, index: Index, *, by_people: bool) -> np.ndarray:
    """The sheets that have what is asked for a key: (sheets,). `by_people` when inhabitants are asked as well: those
    whose organisation has no size, as an association in a village, are told by them alone.
    """
    met = index.catalogue.meeting(key, asked)
    sizes = Filters(porteur=tuple(index.lexicon.population))
    if not by_people or not set(asked.porteur) <= set(sizes.porteur):
        return met
    return np.asarray(met | ~index.catalogue.meeting("porteur", sizes))


def _asks_for_villages(question: Text) -> bool:
    """Whether villages are sought, not only that of who asks."""
    return any(not is_context(question, found.start, found.end) for found in _INHABITANTS.find("village", question))
