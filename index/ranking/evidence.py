"""Evidence: how much likelier each sheet becomes by what a question says of those it seeks.

Weight of evidence (I. J. Good, Probability and the Weighing of Evidence, 1950): if a share r of the sheets that answer
have what is said and a share b of all sheets, having it adds log(r / b) to the log-odds of a sheet, and not having it
log((1 - r) / (1 - b)). What few sheets have counts for more, what most have for little, and nothing excludes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from index.catalogue import Catalogue
from index.filters import FilterKey, Filters
from index.places.gazetteer import PlaceNamed
from index.understood import Bound, Understood
from language.letters import has_name

Said = Literal["porteur", "demarche", "thematique", "annee", "source", "place", "size", "asker", "favoured", "bounds"]

# The share of the sheets that answer which have what was said. Codes are given by hand and some are missing.
_RELIABLE: dict[FilterKey, float] = {
    "porteur": 0.8,
    "demarche": 0.7,
    "thematique": 0.7,
    "annee": 0.9,
    "source": 0.9,
    "departement": 0.9,
    "region": 0.9,
}
_CODED: tuple[Literal["porteur", "demarche", "thematique", "annee", "source"], ...] = (
    "porteur",
    "demarche",
    "thematique",
    "annee",
    "source",
)  # départements and regions are weighed with the places, which say more
_ASKER_RELIABLE = 0.4  # people look for what others did, but rather for what their like did
_FAVOURED = 2.0  # nats for the first sheet of the answer before, less for the next ones, as nDCG discounts ranks
_HERE_KM, _AROUND_KM = 12.0, 40.0
_SIZE_SPREAD = 0.35  # decimal logarithm: towns of half and of twice the size are still alike
_MOST = 3.0  # one thing said weighs no more than that, in nats
_LAST = 100.0  # nats: nothing else makes up for it


def weigh(understood: Understood, favoured: Sequence[str], catalogue: Catalogue) -> dict[str, np.ndarray]:
    """The weight of each thing said, in nats, for every sheet: (sheets,) each."""
    weights: dict[str, np.ndarray] = {}
    for name, weight in _weigh_all(understood, favoured, catalogue):
        weights[name] = weights.get(name, 0.0) + weight
    return weights


def compare_bound(said: Bound, understood: Understood, catalogue: Catalogue) -> tuple[np.ndarray, np.ndarray]:
    """The sheets that meet a size or years set as bounds, and those that contradict them: (sheets,) each.

    What is not known of a sheet does neither; where no town's size is known, another kind of organisation contradicts.
    """
    if said == "annee":
        met = catalogue.meeting("annee", understood.filters)
        return met, ~met & np.array([sheet.annee is not None for sheet in catalogue.sheets], dtype=bool)
    if understood.population_range is None:  # it was taken away
        return np.ones(len(catalogue.sheets), dtype=bool), np.zeros(len(catalogue.sheets), dtype=bool)
    least, most = understood.population_range
    known = ~np.isnan(catalogue.inhabitants)
    inside = (catalogue.inhabitants >= least) & (catalogue.inhabitants <= most)
    alike = catalogue.meeting("porteur", understood.filters)
    coded = np.array([bool(sheet.porteur) for sheet in catalogue.sheets], dtype=bool)
    return known & inside, np.where(known, ~inside, coded & ~alike)


def find_in_place(places: Sequence[PlaceNamed], catalogue: Catalogue) -> np.ndarray:
    """Whether each sheet is of one of these places: (sheets,)."""
    return np.asarray(np.logical_or.reduce([_place_mask(place, catalogue) for place in places]))


def is_covered(place: PlaceNamed, catalogue: Catalogue) -> bool:
    """Whether some sheet is of a place, or names it in its title or organisation."""
    return bool(_place_mask(place, catalogue).any()) or any(
        has_name(f"{sheet.title} {sheet.organisation}", place.name) for sheet in catalogue.sheets
    )


def _weigh_all(
    understood: Understood, favoured: Sequence[str], catalogue: Catalogue
) -> Iterator[tuple[Said, np.ndarray]]:
    filters = understood.filters
    size = _weigh_size(understood, catalogue)
    for key in _CODED:
        if key not in filters.stated:
            continue
        weight = _weigh_mask(catalogue.meeting(key, filters), _RELIABLE[key], catalogue)
        yield key, weight if key != "porteur" or size is None else np.where(np.isnan(size), weight, 0.0)
    if size is not None:
        yield "size", np.nan_to_num(size)
    own = Filters(porteur=tuple(code for code in understood.asker.porteur if code not in filters.porteur))
    if own.porteur:
        yield "asker", _weigh_mask(catalogue.meeting("porteur", own), _ASKER_RELIABLE, catalogue)
    if understood.places:
        yield "place", _weigh_mask(find_in_place(understood.places, catalogue), _RELIABLE["departement"], catalogue)
    if favoured:
        weight = np.zeros(len(catalogue.sheets))
        for rank, sheet in enumerate(favoured):
            weight[catalogue.rows[sheet]] = _FAVOURED / math.log2(rank + 2)
        yield "favoured", weight
    for said in understood.bounds:
        yield "bounds", np.where(compare_bound(said, understood, catalogue)[1], -_LAST, 0.0)


def _weigh_mask(mask: np.ndarray, reliable: float, catalogue: Catalogue) -> np.ndarray:
    """The weight of having what was said, and of not having it; nothing when no sheet or every sheet has it."""
    share = float(mask[catalogue.practices].mean()) if catalogue.practices.any() else 0.0
    if not 0 < share < reliable:
        return np.zeros(len(mask))
    with_it, without = math.log(reliable / share), math.log((1 - reliable) / (1 - share))
    return np.where(mask, min(with_it, _MOST), max(without, -_MOST))


def _place_mask(place: PlaceNamed, catalogue: Catalogue) -> np.ndarray:
    """The sheets of a place: those of its départements, or those at most some way off a commune."""
    if place.kind == "commune" and place.latitude is not None and place.longitude is not None:
        distances = catalogue.distances(place.latitude, place.longitude)
        return np.asarray(distances <= (_AROUND_KM if place.near else _HERE_KM))
    return catalogue.within(place.departements)


def _weigh_size(understood: Understood, catalogue: Catalogue) -> np.ndarray | None:
    """The weight of a town's size, not a number where no size is known; None when no size was said.

    Sizes are compared by their logarithm: both those of all towns of the sheets and those of the towns sought are
    taken as normal, the latter around what was said.
    """
    if understood.population_range is None:
        return None
    known = np.log10(np.maximum(catalogue.inhabitants, 1))
    there = known[~np.isnan(known)]
    if len(there) < 2:
        return None
    least, most = (math.log10(max(each, 1)) for each in understood.population_range)
    off = np.maximum(0, np.maximum(least - known, known - most))
    spread = max(float(there.std()), _SIZE_SPREAD)
    width = max(_SIZE_SPREAD, (most - least) / math.sqrt(12))
    sought = -0.5 * (off / _SIZE_SPREAD) ** 2 - math.log(width)
    usual = -0.5 * ((known - there.mean()) / spread) ** 2 - math.log(spread)
    return np.asarray(np.clip(sought - usual, -_MOST, _MOST))
