"""Compared: which practices a comparison is about: named in the question, or shown by the answer before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from assistant.answers.named import find_bearers, name_words
from assistant.dialogue.conversation import Standalone, make_standalone
from assistant.scope.patterns import any_of
from assistant.search import Knowledge, find_sought
from index.filters import Filters
from index.opened import Index
from index.places.gazetteer import PlaceNamed
from index.ranking.retrieval import Hit
from index.understanding import understand
from ingest.repair import fold
from ingest.sheet import Frozen, Sheet

MOST = 5  # practices in one table
_BEST = 4  # of a kind that is named as a whole: "compare les plateformes des métropoles"
# Below this share of its words matched, a sheet is not what a name means.
_RELEVANT = 0.39
_NEAR_BEST = 0.7  # they rank by more than what they match
_FOUND = 5  # hits among which a name is looked for
_LONGEST_NAME, _LONGEST_LISTED = 150, 80  # characters; a longer title of a list is found by how it begins

_NUMBERS = {"deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5}
_NUMBERS |= {str(number): number for number in range(2, 6)}
_NUMBER = "|".join(_NUMBERS)
_FIRST_ONES = re.compile(rf"\b(?:(?P<fr>{_NUMBER}) premi\w+|(?:first|premi\w+) (?P<en>{_NUMBER})\b)")
_ORDINALS = (
    re.compile(r"\b(?:dernier|derniere|last)\b"),
    re.compile(r"\b(?:premier|premiere|1er|1re|first|(?:numero|number|n) 1)\b"),
    re.compile(r"\b(?:deuxieme|seconde?|2e|2eme|second|(?:numero|number|n) 2)\b"),
    re.compile(r"\b(?:troisieme|3e|3eme|third|(?:numero|number|n) 3)\b"),
    re.compile(r"\b(?:quatrieme|4e|4eme|fourth|(?:numero|number|n) 4)\b"),
    re.compile(r"\b(?:cinquieme|5e|5eme|fifth|(?:numero|number|n) 5)\b"),
)
_TABLE = r"(?:un |sous forme de |dans un |en |in a |a )?(?:tableau|table)(?: comparatif)?"
_THESE = any_of(
    rf"""
    (?:compare[rz]?|comparons) (?:les|eux|tout)(?: (?:stp|svp|entre (?:eux|elles)|tous|toutes|{_TABLE}))?$
    ces|eux|elles|them|these|those|they|leurs?|ils
    (?:les|the) (?:{_NUMBER})$
    ^(?:et )?(?:fais|faites|mets|donne|donnez|make|put)?(?: (?:moi|en|les|tout|it))* ?{_TABLE}$
    """
)
# What asks for a comparison and names nothing.
_ASKING = re.compile(
    r"\b(?:"
    r"peux[- ]tu|pouvez[- ]vous|je voudrais|je veux|peut-on|can you|could you|please|stp|svp|me|moi|nous|"
    r"(?:je |on |nous |i )?compar(?:e|er|es|ez|ons|aison|aisons|atif|ing|ison|isons)?(?:[- ](?:moi|nous|les?))?|"
    r"quelles? (?:sont|est)|y a-t-il|what (?:are|is)|how do|does|do|is|are|diff(?:er|ers|erent)|"
    r"(?:quelles? |les |la |des |une |the |de )?(?:grandes? |principales? |main )?diff?[ée]rences?(?: y a-t-il)?|"
    r"points? communs?|"
    r"qu['’]est[- ]ce qui|en quoi|(?:distingue|différencie|diffère|oppose)(?:nt|r)?|"
    r"(?:fai[st]e?s? )?(?:sous forme de |dans |en |in )?(?:un |a )?(?:tableau|table)(?: comparatif)?|"
    r"côte à côte|side by side|entre (?:elles|eux)"
    r")\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"(?:,|;|\b(?:et(?: aussi)?|and|vs\.?|versus|avec|with|par rapport (?:à|au|aux)|compared (?:to|with)|ou|or|"
    r"face (?:à|au|aux)|from)\b)",
    re.IGNORECASE,
)
_EDGES = re.compile(
    r"^(?:\W|\b(?:entre|between|à|au|aux|les?|la|des?|du|the|of|d['’]|l['’])(?=\W|$))+|(?<!\W)\W+$", re.IGNORECASE
)
_DETAIL = re.compile(r"\s[:?.!]\s|(?<![?!:.])[?!:.]+$")


class Compared(Frozen):
    """The ids of the sheets to compare, and the names that no sheet bears; not `named` when they are the best found."""

    sheets: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    named: bool = True


def find_compared(sought: Standalone, hits: list[Hit], knowledge: Knowledge, filters: Filters | None) -> Compared:
    """The practices to compare, two to five; fewer when the question does not tell."""
    said = fold(sought.asked)
    if by_position := _by_position(said, sought.shown):
        return Compared(sheets=by_position)
    places = _distinct(sought)
    if len(places) > 1:
        return _by_place(sought.asked, places, hits, knowledge, filters)
    if sought.focus and not _THESE.search(said) and (shown := _with_focus(sought, places, hits, knowledge, filters)):
        return Compared(sheets=shown)
    if len(sought.shown) > 1 and _THESE.search(said):
        return Compared(sheets=sought.shown[:MOST])
    named = _by_name(sought.asked, knowledge, filters)
    if named.sheets and len(named.sheets) + len(named.missing) > 1:
        return named
    least = max(_RELEVANT, _NEAR_BEST * hits[0].relevance) if hits else 0.0
    near = [hit.sheet for hit in hits if hit.relevance >= least and hit.sheet.kind == "practice"]
    return Compared(sheets=tuple(sheet.id for sheet in near[:_BEST]), named=False)


def _by_position(said: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The sheets shown that ordinals point at: "les deux premiers", "le premier et le dernier"."""
    if first := _FIRST_ONES.search(said):
        number = next(_NUMBERS[word] for word in first.groups() if word)
        return shown[:number] if len(shown) >= number else ()
    last = [len(shown)] if _ORDINALS[0].search(said) else []
    positions = [at for at in range(1, len(_ORDINALS)) if _ORDINALS[at].search(said)] + last
    chosen = dict.fromkeys(shown[at - 1] for at in positions if at <= len(shown))
    return tuple(chosen) if len(chosen) > 1 else ()


def _distinct(sought: Standalone) -> list[PlaceNamed]:
    """The places that the question itself names, each once; those of the questions before are carried along."""
    named = {
        place.name: place for place in sought.understood.places if place.name and fold(place.name) in fold(sought.asked)
    }
    return list(named.values())[:MOST]


def _by_place(
    asked: str, places: list[PlaceNamed], hits: list[Hit], knowledge: Knowledge, filters: Filters | None
) -> Compared:
    """The best sheet of each place for what is compared there."""
    head = _without_places(asked, places)
    sheets: list[str] = []
    missing: list[str] = []
    for place in places:
        found = _search(f"{head} {place.name}", knowledge, filters, 10)
        here = [hit.sheet.id for hit in [*found, *hits] if _is_of(hit.sheet, place) and hit.sheet.id not in sheets]
        (sheets if here else missing).append(here[0] if here else place.name)
    return Compared(sheets=tuple(sheets), missing=tuple(missing))


def _without_places(asked: str, places: list[PlaceNamed]) -> str:
    text = _ASKING.sub(" ", asked)
    for place in places:
        text = re.sub(
            rf"(?:\b(?:de|à|au|du|of|in|et|and|,)\s+|d['’]\s*)?{re.escape(place.name)}", " ", text, flags=re.IGNORECASE
        )
    return _name(text)


def _name(text: str) -> str:
    """What a text names, no longer than a name, without the small words around it."""
    return _EDGES.sub("", " ".join(text.split())[:_LONGEST_NAME])


def _is_of(sheet: Sheet, place: PlaceNamed) -> bool:
    """Whether a sheet is of a place, or bears its name."""
    if place.kind == "commune" and sheet.place.insee in place.communes:
        return True
    if place.kind != "commune" and sheet.place.departement in place.departements:
        return True
    return bool(re.search(rf"\b{re.escape(fold(place.name))}\b", fold(f"{sheet.title} {sheet.organisation}")))


def _with_focus(
    sought: Standalone, places: list[PlaceNamed], hits: list[Hit], knowledge: Knowledge, filters: Filters | None
) -> tuple[str, ...]:
    """The sheet that the conversation is about and the one that the question names beside it."""
    focus = sought.focus[0]
    name = places[0].name if places else _name(_ASKING.sub(" ", _PARTS.sub(" ", sought.asked)))
    if not name:
        return ()
    shown = [hit for hit in hits if hit.sheet.id in sought.shown]
    others = (
        [*shown, *_search(name, knowledge, filters, _FOUND)] if places else _search(name, knowledge, filters, _FOUND)
    )
    other = next(
        (hit.sheet.id for hit in others if hit.sheet.id != focus and (not places or _is_of(hit.sheet, places[0]))), None
    )
    return (focus, other) if other else ()


def _by_name(asked: str, knowledge: Knowledge, filters: Filters | None) -> Compared:
    """The sheet of each name in an enumeration, none taken twice; nothing when what is enumerated are no names."""
    names = list(islice(_names(asked), MOST))
    borne = {name: find_bearers(fold(name), knowledge.index) for name in names if len(names) > 1}
    sheets: list[str] = []
    missing: list[str] = []
    for name, bearers in borne.items():
        if len(bearers) == 1 and bearers[0].id not in sheets and (filters or Filters()).accept(bearers[0]):
            sheets.append(bearers[0].id)
            continue
        hits = [hit for hit in _search(name, knowledge, filters, _FOUND) if hit.sheet.id not in sheets]
        found = _find_called(name, hits, bearers, knowledge.index)
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


def _names(asked: str) -> Iterator[str]:
    """What an enumeration names, without the words that ask for a comparison."""
    text = _DETAIL.split(asked)[0]
    for part in _PARTS.split(_ASKING.sub(" ", text)):
        if fold(name := _name(part)[:_LONGEST_LISTED].rstrip()):
            yield name


def _search(name: str, knowledge: Knowledge, filters: Filters | None, k: int) -> list[Hit]:
    found = find_sought(make_standalone(name, (), knowledge.index), knowledge, filters, k)
    return [hit for hit in found if hit.sheet.kind == "practice" and hit.relevance >= _RELEVANT]
