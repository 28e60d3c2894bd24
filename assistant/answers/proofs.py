"""Proofs: the sentences of one or several sheets that answer, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.wording import describe_sheet, quote
from index.opened import Index
from index.signals.lexical import split_words

# With 9 sentences, 4 of a sheet at most, and a fifth of the best one's chance at least, half of what an answer needs is
# told, and 57 % of what is told is asked for: of 353 labelled questions, each left out in turn (training/findings.py).
_OF_A_SHEET = 4  # sentences
_AS_GOOD = 0.2  # of the best one's chance
_FEWEST = 2
_SAME = 0.6  # of the words of the shorter of two sentences


def choose_proofs(found: Sequence[Finding], most: int, of_a_sheet: int = _OF_A_SHEET) -> list[Finding]:
    """The best sentences, as long as they are likely enough beside the best one, a few of a sheet at most.

    What a sheet says twice is taken once.
    """
    chosen: list[Finding] = []
    for each in found:
        if len(chosen) == most or (each.chance < _AS_GOOD * found[0].chance and len(chosen) >= _FEWEST):
            break
        same = [other for other in chosen if other.hit is each.hit]
        if len(same) < of_a_sheet and not any(_repeats(other, each) for other in same):
            chosen.append(each)
    return chosen


def _repeats(one: Finding, other: Finding) -> bool:
    """Whether two sentences tell the same in the same words."""
    words = [set(split_words(each.sentence.text)) for each in (one, other)]
    return len(words[0] & words[1]) >= _SAME * max(1, min(map(len, words)))


def write_proofs(
    kind: KindName, opening: str, chosen: Sequence[Finding], aim: Aim | None, index: Index, citations: Citations
) -> Draft:
    """An opening, then each sheet with its sentences in reading order, the sheet of the best sentence first."""
    items: list[str] = []
    for own in group_by_sheet(chosen):
        quotes = [
            quote(embolden(each.sentence, each.hit.sheet, aim), citations.cite(each.sentence, each.hit.sheet.title))
            for each in own
        ]
        items.append(f"{len(items) + 1}. {describe_sheet(own[0].hit.sheet, index)}\n\n   " + " ".join(quotes))
    text = "\n\n".join([opening, *items])
    return Draft(kind=kind, text=text, citations=citations.all())


def group_by_sheet(chosen: Sequence[Finding]) -> list[list[Finding]]:
    """The sentences of each sheet in reading order, the sheet of the best sentence first."""
    groups = []
    for sheet in dict.fromkeys(each.hit.sheet.id for each in chosen):
        own = [each for each in chosen if each.hit.sheet.id == sheet]
        own.sort(key=lambda each: (each.sentence.passage.access, each.sentence.passage.order, each.sentence.row))
        groups.append(own)
    return groups
