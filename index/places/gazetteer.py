"""Gazetteer: the places that a question names, in any spelling, with what they cover."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from index.encoding.budget import spend
from index.places.clues import is_near, score_after, score_before
from index.places.names import LONGEST_NAME, Kind, Meaning, is_elsewhere, meanings, of_communes, of_departement
from index.places.numbers import departement_number, is_postcode
from index.places.typos import mistyped
from index.places.words import Words
from ingest.communes import communes_called, communes_of_postcode, likeliest
from ingest.places import departements, distance_km
from ingest.sheet import Frozen, Place

# Evidence adds up as powers of ten, as in naive Bayes: how known a place is, how it is written, what stands before it.
# The values were set by hand on sentences written for the purpose; tests/test_gazetteer.py holds them.
_ENOUGH = 4.2
_KNOWN = 5.0  # of a département, a region or an area; a commune has the logarithm of its inhabitants
_LONG, _LEAST_KNOWN = 7, 2.7  # of a village with a long name that is no word: hardly anything else is spelt like it
_EVERYDAY_WORD = -2.0
_CAPITAL = 1.5
_MISTYPED = -0.8
_SHORT = -1.0  # names of three letters at most: Ur, Eu, Ay
_EACH_FURTHER_WORD, _HYPHEN, _MOST_FOR_SHAPE = 1.0, 1.0, 2.0
_LONGEST_MISTYPED = 5  # words
_BESIDE = 2  # places before and after one that may say where it lies: small words alone part them


class PlaceNamed(Frozen):
    """A place that a question names. `start` and `end` are characters of the question, preposition excluded.

    `communes`, `departements` and `regions` are INSEE codes covered; the point (WGS 84) and the population are those of
    a commune, the biggest one when several bear the name. `near`: around the place counts too.
    """

    start: int
    end: int
    name: str
    kind: Kind
    communes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    near: bool = False


@dataclass(frozen=True)
class _Found:
    """A meaning that holds, with the words of the question that say it: from `first` to before `after`."""

    first: int
    after: int
    meaning: Meaning


@lru_cache(maxsize=64)  # several steps of an answer look for those of one question
def find_places(question: str) -> tuple[PlaceNamed, ...]:
    """The places named, in order, none overlapping; the longest names win. Without any, an empty tuple."""
    words = Words(question)
    found: list[_Found] = []
    at = 0
    while at < len(words):
        spend()
        passed = _past_elsewhere(words, at)
        place = None if passed else _place_at(words, at)
        at = place.after if place else passed or at + 1
        if place:
            found.append(place)
    return tuple(_to_place(words, place) for place in _tell_apart(words, found))


def name_numbered(question: str) -> str:
    """A question with the name of each place said by its number, which texts do not have: "dans le 33" is no "33 %"."""
    numbered = [place for place in find_places(question) if question[place.start].isdigit()]
    for place in reversed(numbered):
        question = f"{question[: place.start]}{place.name}{question[place.end :]}"
    return question


def distance_to(place: PlaceNamed, sheet_place: Place) -> float | None:
    """Kilometres from a named commune to a sheet's place, as the crow flies; None when either has no point."""
    if place.latitude is None or place.longitude is None:
        return None
    if sheet_place.latitude is None or sheet_place.longitude is None:
        return None
    return distance_km(place.latitude, place.longitude, sheet_place.latitude, sheet_place.longitude)


def _place_at(words: Words, first: int) -> _Found | None:
    if numbered := _numbered(words, first):
        return numbered
    for count in range(min(LONGEST_NAME, words.joined_from(first)), 0, -1):
        after = first + count
        name = words.name(first, after)
        for known in (*words.with_article(first, name), name):
            if meaning := _likeliest(words, first, after, known, 0.0):
                return _Found(first, after, meaning)
        for known in mistyped(name) if count <= _LONGEST_MISTYPED else ():
            if meaning := _likeliest(words, first, after, known, _MISTYPED):
                return _Found(first, after, meaning)
    return None


def _past_elsewhere(words: Words, first: int) -> int:
    """Where a name that only holds a French one ends ("Grande-Bretagne"), or 0."""
    longest = min(LONGEST_NAME, words.joined_from(first))
    return next((first + count for count in range(longest, 0, -1) if is_elsewhere(words.name(first, first + count))), 0)


def _likeliest(words: Words, first: int, after: int, name: str, score: float) -> Meaning | None:
    """The meaning with the most evidence, if that is enough; the larger place of two as likely."""
    scored = [(score + _evidence(words, first, after, meaning), meaning) for meaning in meanings(name)]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _ENOUGH else None


def _evidence(words: Words, first: int, after: int, meaning: Meaning) -> float:
    capitals = words.has_capitals(first, after)
    if meaning.people:
        # "André Breton", "un tableau de Breton"
        return 0.0 if capitals and (words.continues_name(first) or words.before(first).endswith("de")) else _KNOWN
    if meaning.capitals and not (capitals or words.is_upper(first, after)):
        return 0.0
    is_commune = meaning.kind == "commune"
    score = _how_known(meaning, words.ends[after - 1] - words.starts[first])
    score += _EVERYDAY_WORD if meaning.ordinary else 0.0
    score += _CAPITAL if capitals else 0.0
    further = 0.0 if meaning.ordinary and not is_commune else _EACH_FURTHER_WORD * (words.heavy_words(first, after) - 1)
    score += min(_MOST_FOR_SHAPE, further + _HYPHEN * words.is_hyphenated(first, after))
    score += _SHORT if is_commune and words.ends[after - 1] - words.starts[first] <= 3 else 0.0
    score += score_before(words, first, is_commune=is_commune, ordinary=meaning.ordinary)
    return score + score_after(words, after, ordinary=meaning.ordinary)


def _how_known(meaning: Meaning, letters: int) -> float:
    if meaning.kind != "commune":
        return _KNOWN
    known = math.log10(max(1, meaning.communes[0].population))
    return known if meaning.ordinary or letters < _LONG else max(known, _LEAST_KNOWN)


def _numbered(words: Words, first: int) -> _Found | None:
    """A département said by its number, or a postcode: its only commune, or else its département."""
    if code := departement_number(words, first):
        return _Found(first, first + 1, of_departement(code))
    served = communes_of_postcode(words.folded[first]) if is_postcode(words, first) else ()
    if not served:
        return None
    meaning = of_communes(tuple(sorted(served, key=lambda one: -one.population)))
    # Beside a name ("35000 Rennes", "Bruz (35170)") it only tells namesakes apart.
    alone = len(served) == 1 and not words.follows(first + 1) and not words.is_bracketed(first)
    known = meaning.departements[0] in departements()
    return _Found(first, first + 1, of_departement(meaning.departements[0]) if known and not alone else meaning)


def _tell_apart(words: Words, found: list[_Found]) -> list[_Found]:
    """Each commune freed of the namesakes that the question's other places rule out; what only did that is dropped."""
    stated = {code for each in found if each.meaning.kind != "commune" for code in each.meaning.departements}
    settled = [
        _among_namesakes(words, place, found[row + 1 : row + 1 + _BESIDE], stated) for row, place in enumerate(found)
    ]
    return [
        place
        for row, place in enumerate(settled)
        if not _only_locates(words, place, settled[max(0, row - _BESIDE) : row + 1 + _BESIDE])
    ]


def _among_namesakes(words: Words, place: _Found, following: list[_Found], stated: set[str]) -> _Found:
    if place.meaning.kind != "commune":
        return place
    here = tuple(one for one in place.meaning.communes if one.departement in stated)
    # "Grigny (69)" is Grigny-sur-Rhône, whatever Grigny is known elsewhere.
    larger = [] if here else [other for other in following if other.meaning.kind != "commune"]
    beside = [other for other in larger if words.links(place.after, other.first)]
    name = words.name(place.first, place.after)
    longer = tuple(
        one for other in beside for code in other.meaning.departements for one in communes_called(name, code)
    )
    return replace(place, meaning=of_communes(here or longer[:1] or likeliest(place.meaning.communes)))


def _only_locates(words: Words, place: _Found, found: list[_Found]) -> bool:
    """Whether a département or region only says where the commune beside it lies: "Montreuil (93)", "35000 Rennes"."""
    return place.meaning.kind != "commune" and any(
        other.meaning.kind == "commune"
        and set(other.meaning.departements) <= set(place.meaning.departements)
        and (words.links(other.after, place.first) or words.links(place.after, other.first))
        for other in found
    )


def _to_place(words: Words, place: _Found) -> PlaceNamed:
    meaning = place.meaning
    biggest = meaning.communes[0] if meaning.kind == "commune" else None
    return PlaceNamed(
        start=words.starts[place.first],
        end=words.ends[place.after - 1],
        name=meaning.name,
        kind=meaning.kind,
        communes=tuple(dict.fromkeys(one.code for one in meaning.communes)),
        departements=meaning.departements,
        regions=meaning.regions,
        latitude=biggest.latitude if biggest else None,
        longitude=biggest.longitude if biggest else None,
        population=biggest.population if biggest else None,
        near=is_near(words, place.first, place.after, is_commune=biggest is not None),
    )
