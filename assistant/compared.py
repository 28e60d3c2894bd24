"""Compared: which practices a comparison is about: named in the question, or shown by the answer before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.conversation import Standalone, make_standalone
from assistant.extractive import ABSTAIN_BELOW
from assistant.search import Knowledge, find_sought
from index.filters import Filters
from index.gazetteer import PlaceNamed
from index.lexical import split_words
from index.retrieval import Hit
from index.understanding import understand
from index.versions import Index
from ingest.repair import fold
from ingest.sheet import Frozen, Sheet

MOST = 5  # practices in one table
_BEST = 4  # of a kind that is named as a whole: "compare les plateformes des métropoles"
_NEAR_BEST = 0.82
_FOUND = 5  # hits among which a name is looked for

_NUMBERS = {
    "deux": 2,
    "two": 2,
    "2": 2,
    "trois": 3,
    "three": 3,
    "3": 3,
    "quatre": 4,
    "four": 4,
    "4": 4,
    "cinq": 5,
    "5": 5,
}
_FIRST_ONES = re.compile(rf"\b(?:les|the)? ?(?:(?P<one>{'|'.join(_NUMBERS)}) premi|premi\w+ (?P<two>{'|'.join(_NUMBERS)})\b|"
                         rf"first (?P<three>{'|'.join(_NUMBERS)})\b)")  # fmt: skip
_ORDINALS = re.compile(
    r"\b(?P<p1>premier|premiere|1er|1re|first)\b|\b(?P<p2>deuxieme|seconde?|2e|2eme|second)\b|\b(?P<p3>troisieme|3e|3eme|third)\b|"
    r"\b(?P<p4>quatrieme|4e|4eme|fourth)\b|\b(?P<p5>cinquieme|5e|5eme|fifth)\b|\b(?P<p0>dernier|derniere|last)\b|"
    r"\b(?:numero|number|n) (?P<number>\d)\b"
)
_THESE = re.compile(
    r"\b(?:compare[zr]?|comparons) (?:les|eux|moi ca|tout)\b(?: (?:stp|svp|entre (?:eux|elles)|tous|toutes|dans un tableau|.{0,12}tableau)\b|$)|"
    r"\b(?:ces|eux|elles|them|these|those|they|leurs?|ils)\b|\b(?:les|the) (?:deux|trois|quatre|cinq|two|three|2|3|4|5)$|"
    r"^(?:et )?(?:fais|faites|mets|mettez|donne|donnez|make|put)?(?:[ -](?:moi|en|les|tout|ca|it))*(?: (?:un|sous forme de|dans un|in a|a))? ?"
    r"(?:tableau|table)(?: comparatif)?$"
)
_WITH_SHOWN = re.compile(r"\b(?:le|la|les|l|avec|a|au|it|this|cette|ce|celui ci)\b")
# What asks for a comparison and names nothing.
_ASKING = re.compile(
    r"\b(?:peux[- ]tu|pouvez[- ]vous|je voudrais|je veux|peut-on|can you|could you|please|stp|svp|me|moi|nous)\b|"
    r"\b(?:je |on |nous |i )?compar(?:e|er|es|ez|ons|aison|aisons|atif|ing|ison|isons)?\b(?:[- ](?:moi|nous|les?))?|"
    r"\b(?:quelles? (?:sont|est)|y a-t-il|what (?:are|is))\b|\b(?:les |la |des |une |the |de )?(?:grandes? |principales? |main )?diff?[ée]rences?"
    r"(?: y a-t-il)?\b|\bpoints? communs?\b|\bqu['’]est[- ]ce qui\b|\ben quoi\b|\b(?:distingue|différencie|diffère|oppose)(?:nt|r)?\b|"
    r"\b(?:how do|does|do|is|are)\b|\bdiff(?:er|ers|erent)\b|\b(?:sous forme de |dans |en |fai[st]e?s? )?(?:un |a )?(?:tableau|table)(?: comparatif)?\b|"
    r"\bcôte à côte\b|\bside by side\b|\bentre (?:elles|eux)\b|\bin a table\b",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"\s*(?:,|;|\bet (?:aussi )?|\band\b|\bvs\.?|\bversus\b|\bavec\b|\bwith\b|\bpar rapport (?:à|au|aux)\b|\bcompared (?:to|with)\b|"
    r"\bou\b|\bor\b|\bface (?:à|au|aux)\b|\bfrom\b)\s*",
    re.IGNORECASE,
)
_EDGES = re.compile(
    r"^(?:\W|\b(?:entre|between|à|au|aux|les?|la|des?|du|the|of|d['’]|l['’])(?=\W|$))+|[\W]+$", re.IGNORECASE
)
_DETAIL = re.compile(r"\s[:?.!]\s|[?!:.]+$")


class Compared(Frozen):
    """The ids of the sheets to compare, and the names that no sheet bears."""

    sheets: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def find_compared(sought: Standalone, hits: list[Hit], knowledge: Knowledge, filters: Filters | None) -> Compared:
    """The practices to compare, two to five; fewer when the question does not tell."""
    said = fold(sought.asked)
    if by_position := _by_position(said, sought.shown):
        return Compared(sheets=by_position)
    places = _distinct(sought, knowledge.index)
    if len(places) > 1:
        return _by_place(sought.asked, places, hits, knowledge, filters)
    if sought.focus and not _THESE.search(said) and (shown := _with_focus(sought, places, hits, knowledge, filters)):
        return Compared(sheets=shown)
    if len(sought.shown) > 1 and _THESE.search(said):
        return Compared(sheets=sought.shown[:MOST])
    named = _by_name(sought.asked, knowledge, filters)
    if len(named.sheets) > 1:
        return named
    least = max(ABSTAIN_BELOW, _NEAR_BEST * hits[0].relevance) if hits else 0.0
    near = [hit.sheet for hit in hits if hit.relevance >= least and hit.sheet.kind == "practice"]
    return Compared(sheets=tuple(sheet.id for sheet in near[:_BEST]))


def _by_position(said: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The sheets shown that ordinals point at: "les deux premiers", "le premier et le dernier"."""
    if first := _FIRST_ONES.search(said):
        number = next(_NUMBERS[word] for word in first.groups() if word)
        return shown[:number] if len(shown) >= number else ()
    positions = []
    for found in _ORDINALS.finditer(said):
        name = found.lastgroup or ""
        positions.append(int(found[name]) if name == "number" else int(name[1]) or len(shown))
    chosen = dict.fromkeys(shown[at - 1] for at in positions if 0 < at <= len(shown))
    return tuple(chosen) if len(chosen) > 1 else ()


def _distinct(sought: Standalone, index: Index) -> list[PlaceNamed]:
    """The places that the question names, each once. "Le Grand Annecy et Grenoble" are two, whatever was asked before."""
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
    return _EDGES.sub("", " ".join(text.split()))


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
    name = places[0].name if places else _EDGES.sub("", _ASKING.sub(" ", _PARTS.sub(" ", sought.asked)).strip())
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
    """The best sheet of each name in an enumeration, none taken twice."""
    sheets: list[str] = []
    missing: list[str] = []
    names = list(_names(asked))
    for name in names[:MOST] if len(names) > 1 else ():
        known = [hit for hit in _search(name, knowledge, filters, _FOUND) if _bears(hit, name, knowledge.index)]
        found = [hit for hit in known if hit.sheet.id not in sheets]
        if found:
            sheets.append(found[0].sheet.id)
        else:
            missing.append(name)
    return Compared(sheets=tuple(sheets), missing=tuple(missing))


def _bears(hit: Hit, name: str, index: Index) -> bool:
    """Whether a sheet has half of the words of a name, or the codes that it stands for."""
    stated = understand(name, index.lexicon).filters
    if stated.stated and stated.met(hit.sheet):
        return True
    wanted = set(split_words(name))
    known = set(split_words(f"{hit.sheet.title} {hit.sheet.organisation} {hit.sheet.place.commune}"))
    known.update(word for sentence in hit.sentences for word in split_words(sentence.text))
    return bool(wanted) and 2 * len(wanted & known) >= len(wanted)


def _names(asked: str) -> Iterator[str]:
    """What an enumeration names, without the words that ask for a comparison."""
    text = _DETAIL.split(asked)[0]
    for part in _PARTS.split(_ASKING.sub(" ", text)):
        name = _EDGES.sub("", " ".join(part.split()))
        if name and fold(name):
            yield name


def _search(name: str, knowledge: Knowledge, filters: Filters | None, k: int) -> list[Hit]:
    found = find_sought(make_standalone(name, (), knowledge.index), knowledge, filters, k)
    return [hit for hit in found if hit.sheet.kind == "practice" and hit.relevance >= ABSTAIN_BELOW]
