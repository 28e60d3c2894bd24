"""Compared: which practices a comparison is about: named in the question, or shown by the answer before."""

from __future__ import annotations

import re

from assistant.answers.named import find_bearers, name_words
from assistant.finding.search import Sources, find_hits
from assistant.reading.comparison import MOST, Comparison, name_alone, without_parts
from assistant.reading.reading import Reading
from assistant.reading.understanding import understand
from index.filters import Filters
from index.opened import Index
from index.places.gazetteer import PlaceNamed
from index.ranking.retrieval import Hit
from ingest.sheet import Frozen, Sheet
from language.letters import fold, has_name

_BEST = 4  # of a kind that is named as a whole: "compare les plateformes des métropoles"
# Below this share of its words matched, a sheet is not what a name means.
_RELEVANT = 0.39
_NEAR_BEST = 0.7  # they rank by more than what they match
_OTHERS = 8  # sheets of one place
_FOUND = 5  # hits among which a name is looked for


class Compared(Frozen):
    """The ids of the sheets to compare, and the names that no sheet bears; not `named` when they are the best found.

    `others` are the titles of the other sheets of each place that the question names, with its name.
    """

    sheets: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    named: bool = True
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether two practices at least were named or shown, or one beside a name that no sheet bears."""
        return self.named and (len(self.sheets) > 1 or self.stands_alone)

    @property
    def stands_alone(self) -> bool:
        """Whether one practice alone is known of those that were named."""
        return len(self.sheets) == 1 and bool(self.missing)


def find_compared(reading: Reading, hits: list[Hit], sources: Sources, filters: Filters | None) -> Compared:
    """The practices to compare, two to five; fewer when the question does not tell."""
    asked = reading.comparison
    if by_position := _by_position(asked, reading.shown):
        return Compared(sheets=by_position)
    places = _distinct(reading)
    if len(places) > 1:
        return _by_place(asked, places, hits, sources, filters)
    if reading.focus and not asked.these and (shown := _with_focus(reading, places, hits, sources, filters)):
        return Compared(sheets=shown)
    if reading.shown and asked.these:
        return Compared(sheets=_these(reading))
    named = _by_name(asked, sources, filters)
    if named.sheets and len(named.sheets) + len(named.missing) > 1:
        return named
    least = max(_RELEVANT, _NEAR_BEST * hits[0].relevance) if hits else 0.0
    near = [hit.sheet for hit in hits if hit.relevance >= least and hit.sheet.kind == "practice"]
    return Compared(sheets=tuple(sheet.id for sheet in near[:_BEST]), named=False)


def _by_position(asked: Comparison, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The sheets shown that ordinals point at: "les deux premiers", "le premier et le dernier"."""
    if asked.first_ones:
        return shown[: asked.first_ones] if len(shown) >= asked.first_ones else ()
    rows = [at - 1 if at > 0 else len(shown) - 1 for at in asked.positions]
    chosen = dict.fromkeys(shown[row] for row in rows if 0 <= row < len(shown))
    return tuple(chosen) if len(chosen) > 1 else ()


def _these(reading: Reading) -> tuple[str, ...]:
    """The sheets just shown; the next one found beside one that was shown alone, since there are two to compare."""
    if len(reading.shown) > 1:
        return reading.shown[:MOST]
    return tuple(dict.fromkeys((*reading.shown, *reading.near)))[:2]


def _distinct(reading: Reading) -> list[PlaceNamed]:
    """The places that the question itself names, each once; those of the questions before are carried along."""
    named = {
        place.name: place
        for place in reading.understood.places
        if place.name and fold(place.name) in fold(reading.asked)
    }
    return list(named.values())[:MOST]


def _by_place(
    asked: Comparison, places: list[PlaceNamed], hits: list[Hit], sources: Sources, filters: Filters | None
) -> Compared:
    """The best sheet of each place for what is compared there."""
    head = _without_places(asked.rest, places)
    sheets: list[str] = []
    missing: list[str] = []
    for place in places:
        found = _search(f"{head} {place.name}", sources, filters, 10)
        here = [hit.sheet.id for hit in [*found, *hits] if _is_of(hit.sheet, place) and hit.sheet.id not in sheets]
        (sheets if here else missing).append(here[0] if here else place.name)
    others = tuple((place.name, titles) for place in places if (titles := _list_others(place, sheets, sources.index)))
    return Compared(sheets=tuple(sheets), missing=tuple(missing), others=others)


def _list_others(place: PlaceNamed, chosen: list[str], index: Index) -> tuple[str, ...]:
    """The titles of the sheets of a place that are not compared; none when they are too many to be its own."""
    others = [sheet.title for sheet in index.practices if sheet.id not in chosen and _is_of(sheet, place)]
    return tuple(others) if len(others) <= _OTHERS else ()


def _without_places(text: str, places: list[PlaceNamed]) -> str:
    for place in places:
        text = re.sub(
            rf"(?:\b(?:de|à|au|du|of|in|et|and|,)\s+|d['’]\s*)?{re.escape(place.name)}", " ", text, flags=re.IGNORECASE
        )
    return name_alone(text)


def _is_of(sheet: Sheet, place: PlaceNamed) -> bool:
    """Whether a sheet is of a place, or bears its name."""
    if place.kind == "commune" and sheet.place.insee in place.communes:
        return True
    if place.kind != "commune" and sheet.place.departement in place.departements:
        return True
    return has_name(f"{sheet.title} {sheet.organisation}", place.name)


def _with_focus(
    reading: Reading, places: list[PlaceNamed], hits: list[Hit], sources: Sources, filters: Filters | None
) -> tuple[str, ...]:
    """The sheet that the conversation is about and the one that the question names beside it."""
    focus = reading.focus[0]
    name = places[0].name if places else name_alone(without_parts(reading.comparison.rest))
    if not name:
        return ()
    shown = [hit for hit in hits if hit.sheet.id in reading.shown]
    others = [*shown, *_search(name, sources, filters, _FOUND)] if places else _search(name, sources, filters, _FOUND)
    other = next(
        (hit.sheet.id for hit in others if hit.sheet.id != focus and (not places or _is_of(hit.sheet, places[0]))), None
    )
    return (focus, other) if other else ()


def _by_name(asked: Comparison, sources: Sources, filters: Filters | None) -> Compared:
    """The sheet of each name in an enumeration, none taken twice; nothing when what is enumerated are no names."""
    names = asked.names
    borne = {name: find_bearers(fold(name), sources.index) for name in names if len(names) > 1}
    sheets: list[str] = []
    missing: list[str] = []
    for name, bearers in borne.items():
        if len(bearers) == 1 and bearers[0].id not in sheets and (filters or Filters()).accept(bearers[0]):
            sheets.append(bearers[0].id)
            continue
        hits = [hit for hit in _search(name, sources, filters, _FOUND) if hit.sheet.id not in sheets]
        found = _find_called(name, hits, bearers, sources.index)
        found = found or next((hit for hit in hits if any(borne.values()) and _bears(hit, name)), None)
        (sheets if found else missing).append(found.sheet.id if found else name)
    return Compared(sheets=tuple(sheets), missing=tuple(missing)) if any(borne.values()) or not missing else Compared()


def _find_called(name: str, hits: list[Hit], bearers: list[Sheet], index: Index) -> Hit | None:
    """The best hit that bears a name, is of the place in it or, without place, of the kind that it stands for."""
    understood = understand(name, index.lexicon)
    ids = {sheet.id for sheet in bearers}
    called = [hit for hit in hits if hit.sheet.id in ids]
    here = [hit for hit in hits if any(_is_of(hit.sheet, place) for place in understood.places)]
    same = [hit for hit in hits if understood.filters.met(hit.sheet) and not understood.places]
    return next(iter([*called, *here, *same]), None)


def _bears(hit: Hit, name: str) -> bool:
    """Whether half of the words of a name are in a sheet."""
    wanted = name_words(name)
    known = name_words(f"{hit.sheet.title} {hit.sheet.organisation} {hit.sheet.place.commune}")
    known |= {word for sentence in hit.sentences for word in name_words(sentence.text)}
    return bool(wanted) and 2 * len(wanted & known) >= len(wanted)


def _search(name: str, sources: Sources, filters: Filters | None, k: int) -> list[Hit]:
    found = find_hits(name, sources, filters, k, taught=False)
    return [hit for hit in found if hit.sheet.kind == "practice" and hit.relevance >= _RELEVANT]
