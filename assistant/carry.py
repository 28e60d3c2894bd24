"""Carry: what was understood of a question holds for those that follow it, until they say otherwise."""

from index.filters import FILTER_KEYS, FilterKey
from index.understanding import Understood


def carry(earlier: Understood, later: Understood) -> Understood:
    """What holds after a follow-up: what it says replaces what was said of the same thing, the rest stays."""
    new_place = bool(later.places or later.filters.departement or later.filters.region)
    new_size = bool(later.filters.porteur) or later.population_range is not None
    said: dict[FilterKey, bool] = {key: bool(later.filters.values(key)) for key in FILTER_KEYS}
    said |= {"departement": new_place, "region": new_place, "porteur": new_size}
    kept = {key: getattr(earlier.filters, key) for key in FILTER_KEYS if not said[key]}
    size, place = (later if new_size else earlier), (later if new_place else earlier)
    return later.model_copy(
        update={
            "filters": later.filters.model_copy(update=kept),
            "asker": later.asker if later.asker.stated else earlier.asker,
            "places": place.places,
            "population": size.population,
            "population_range": size.population_range,
            "online": earlier.online if later.online is None else later.online,
            "expansions": tuple(dict.fromkeys((*later.expansions, *earlier.expansions))),
        }
    )
