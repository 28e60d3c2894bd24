"""Carry: what was understood of a question holds for those that follow it, until they say otherwise."""

from collections.abc import Mapping

from index.filters import FILTER_KEYS, FilterKey, Filters
from index.understood import Bound, Understood
from language.grammar import Grammar
from language.text import Text

Sizes = Mapping[str, tuple[int, int]]  # inhabitants, least and most, of the towns that each code is for

_AROUND = Grammar("around")


def carry(earlier: Understood, later: Understood) -> Understood:
    """What holds after a follow-up: what it says replaces what was said of the same thing, the rest stays."""
    new_place = bool(later.places or later.filters.departement or later.filters.region)
    new_size = bool(later.filters.porteur) or later.population_range is not None
    said: dict[FilterKey, bool] = {key: bool(later.filters.values(key)) for key in FILTER_KEYS}
    said |= {"departement": new_place, "region": new_place, "porteur": new_size}
    kept: dict[str, object] = {key: getattr(earlier.filters, key) for key in FILTER_KEYS if not said[key]}
    size, place = (later if new_size else earlier), (later if new_place else earlier)
    bounds: tuple[Bound, ...] = tuple(
        each for each in earlier.bounds if not (new_size if each == "size" else said["annee"])
    )
    return later.model_copy(
        update={
            "filters": later.filters.model_copy(update=kept),
            "asker": later.asker if later.asker.stated else _keep_asker(earlier, later, new_size=new_size),
            "places": place.places,
            "population": size.population,
            "population_range": size.population_range,
            "own_size": size.own_size,
            "online": earlier.online if later.online is None else later.online,
            "expansions": tuple(dict.fromkeys((*later.expansions, *earlier.expansions))),
            "bounds": (*bounds, *_find_bounds(later)),
        }
    )


def _keep_asker(earlier: Understood, later: Understood, *, new_size: bool) -> Filters:
    """Who asks, as said before, less what is sought now, and less their own size once another one is sought."""
    replaced = (*later.filters.porteur, *(earlier.filters.porteur if new_size else ()))
    return Filters(porteur=tuple(code for code in earlier.asker.porteur if code not in replaced))


def _find_bounds(later: Understood) -> tuple[Bound, ...]:
    """What a follow-up sets by its ends: "moins de 10 000 habitants", "entre 2015 et 2018"; one value is a wish."""
    ranged = later.population_range is not None and later.population is None and not later.own_size
    return (*(("size",) if ranged else ()), *(("annee",) if len(later.filters.annee) > 1 else ()))


def compare_sizes(question: Text, earlier: Understood, later: Understood, sizes: Sizes) -> Understood:
    """What was understood of a follow-up, with the size that it tells by comparison: "une commune plus petite".

    "et pour une ville ?" after départements means a town of any size.
    """
    if codes := _compared(question, earlier, later, sizes):
        return later.model_copy(update={"filters": later.filters.model_copy(update={"porteur": codes})})
    return later


def _compared(question: Text, earlier: Understood, later: Understood, sizes: Sizes) -> tuple[str, ...]:
    """The codes that a comparison tells, from the smallest towns to the biggest; none without comparison."""
    ordered = sorted(sizes, key=lambda code: sizes[code])
    known = [code for code in ordered if code in earlier.filters.porteur]
    if _AROUND.has("smaller_town", question):
        return tuple(ordered[: ordered.index(known[0])] if known else ()) or tuple(ordered[:1])
    if _AROUND.has("bigger_town", question):
        return tuple(ordered[ordered.index(known[-1]) + 1 :] if known else ()) or tuple(ordered[-1:])
    another_kind = earlier.filters.porteur and not known and not later.filters.porteur
    return tuple(ordered) if another_kind and not later.population_range and _AROUND.has("of_a_town", question) else ()
