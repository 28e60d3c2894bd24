"""Existence: whether the sheets surely tell of what is asked to exist, may, or do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.answers.bounds import find_bounds
from assistant.answers.saying import find_expressions, find_saying, says
from assistant.finding.findings import Finding
from assistant.finding.missing import Asked, find_asked, find_unshown, is_near
from assistant.finding.search import Sources
from assistant.reading.reading import Reading
from assistant.reading.understanding import find_said
from index.filters import FilterKey
from index.ranking.retrieval import Hit

# That a sentence answers, for its sheet to tell of what is asked surely: where it has all that is asked about, and
# where nothing asked about tells sheets apart. Of 5 answered questions of answers_kept.jsonl, 4 are told a yes,
# of whose 18 sheets 17 did what is asked, and none a no; of 34 that none answers, 22 are told a no and 2 a yes. The
# words that tell nothing were learned from answers.jsonl: its 44 questions, of which none is told a no, prove less.
_SURE, _SURE_BY_ITSELF = 0.6, 0.9
_LANGUAGE = "fr"  # the only one in which the words asked about are told from others
_BOUNDS: tuple[FilterKey, ...] = ("porteur", "annee", "departement", "region")
_COMMON = 0.25  # of the sheets, above which what they say in the trade's words tells none apart


@dataclass(frozen=True)
class Existence:
    """Whether what is asked exists: the ids of the sheets that surely tell of it; `missing` are the words that none
    has; `bounded` when the bounds of the question tell all that is asked, "y a-t-il des projets en Guyane ?".
    """

    told: Literal["yes", "maybe", "no"]
    sheets: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    bounded: bool = False


def judge_existence(reading: Reading, found: Sequence[Finding], cited: Sequence[Hit], sources: Sources) -> Existence:
    """Whether the sheets cited, by their sentences found, tell of what is asked to exist."""
    index, asked = sources.index, find_asked(reading, sources.index)
    if missing := find_nowhere(reading, cited, sources):
        return Existence("no", missing=missing)
    masks = [mask for _, mask in find_bounds(reading, index)]
    within = np.logical_and.reduce(masks) if masks else np.zeros(len(index.sheets), dtype=bool)
    parsed = reading.understood.language == _LANGUAGE
    bounded = parsed and bool(within.any()) and not asked and not _find_others(reading, sources, bounded=False)
    if bounded:
        told = {each.hit.sheet.id for each in found}
        sure = {sheet for sheet in told if within[index.catalogue.rows[sheet]]}
    else:
        sure = {hit.sheet.id for hit in cited if _tells(hit, asked, reading, found, sources)}
    return Existence("yes" if sure else "maybe", frozenset(sure), bounded=bounded)


def keep_each(found: Sequence[Finding], sheets: frozenset[str]) -> list[Finding]:
    """The sentence of each of these sheets that answers best."""
    best: dict[str, Finding] = {}
    for each in found:
        if each.hit.sheet.id in sheets:
            best.setdefault(each.hit.sheet.id, each)
    return list(best.values())


def find_nowhere(reading: Reading, hits: Sequence[Hit], sources: Sources) -> tuple[str, ...]:
    """The words asked about that hardly any sheet has, and to which none of these comes near."""
    unshown = find_unshown(reading, hits, sources.index, sources.encoder)
    asked = [each for each in find_asked(reading, sources.index) if each.word in unshown and each.is_rare]
    return tuple(each.word for each in asked if not is_near(each, reading, hits, sources.index, sources.encoder))


def _find_others(reading: Reading, sources: Sources, *, bounded: bool = True) -> list[tuple[str, ...]]:
    """The trade's expressions that a question asks about, each with what means the same; those that are `bounded`, of
    which its bounds tell, among them or not.
    """
    spans = {} if bounded else find_said(reading.asked, sources.index.lexicon)
    said = {at for key in _BOUNDS for at in spans.get(key, ())}
    said |= set() if bounded else {at for each in reading.understood.places for at in range(each.start, each.end)}
    found = find_expressions(reading.asked, sources.index)
    return [each for each in found if reading.asked.find(each[0]) not in said]


def _tells(hit: Hit, asked: Sequence[Asked], reading: Reading, found: Sequence[Finding], sources: Sources) -> bool:
    """Whether a sheet surely tells of it: it has all that is asked about, and a sentence of it likely answers."""
    index, others = sources.index, _find_others(reading, sources)
    chance = max((max(each.alone, each.chance) for each in found if each.hit.sheet.id == hit.sheet.id), default=0.0)
    row, most = index.catalogue.rows[hit.sheet.id], _COMMON * len(index.sheets)
    telling = bool(asked) or any(find_saying(each[0], index).mask.sum() <= most for each in others)
    if chance < (_SURE if telling else _SURE_BY_ITSELF):
        return False
    held = all(row in each.owners or is_near(each, reading, [hit], index, sources.encoder) for each in asked)
    return held and all(any(says(hit.sheet, each) for each in group) for group in others)
