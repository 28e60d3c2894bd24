"""Proofs: the sentences of one or several sheets that answer, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.beside import tell_beside
from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.reading.reading import Reading
from assistant.wording import describe_sheet, quote
from index.opened import Index
from index.signals.lexical import split_words

# With these, .45 of what an answer needs is told, and .48 of what is told is asked for: of 370 labelled questions and
# their rewordings, left out by question (docs/adr/0042). A number of sentences chosen by expected F1 does no better.
_MOST = 10  # sentences
_OF_A_SHEET = 6
_AS_GOOD = 0.35  # of the best one's chance
_SAME = 0.6  # of the words of the shorter of two sentences


def choose_proofs(
    found: Sequence[Finding], most: int = _MOST, of_a_sheet: int = _OF_A_SHEET, as_good: float = _AS_GOOD
) -> list[Finding]:
    """The best sentences, as long as they are `as_good`, a share of the best one's chance, a few of a sheet at most.

    What a sheet says twice is taken once.
    """
    chosen: list[Finding] = []
    for each in found:
        if len(chosen) == most or each.chance < as_good * found[0].chance:
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
    kind: KindName,
    opening: str,
    chosen: Sequence[Finding],
    aim: Aim | None,
    index: Index,
    citations: Citations,
    steps: Sequence[Finding] = (),
    *,
    reading: Reading,
) -> Draft:
    """An opening, then each sheet with its sentences, those that answer best first; `steps`, of one sheet, one a line.

    The sheet that has steps comes first. Beside its name stands how it differs from what the person said.
    """

    def write(each: Finding) -> str:
        return quote(embolden(each.sentence, each.hit.sheet, aim), citations.cite(each.sentence, each.hit.sheet.title))

    items: list[str] = []
    for sheet in dict.fromkeys(each.hit.sheet.id for each in (*steps, *chosen)):
        own, done = ([each for each in group if each.hit.sheet.id == sheet] for group in (chosen, steps))
        told = (own or done)[0].hit.sheet
        parts = [describe_sheet(told, index) + tell_beside(told, reading, index)]
        parts += [" ".join(write(each) for each in _open_with_best(own))] if own else []
        parts += ["\n   ".join(f"- {write(each)}" for each in done)] if done else []
        items.append(f"{len(items) + 1}. " + "\n\n   ".join(parts))
    text = "\n\n".join([opening, *items])
    return Draft(kind=kind, text=text, citations=citations.all())


def _open_with_best(own: Sequence[Finding]) -> list[Finding]:
    """The sentence of a sheet that answers best, then the others in reading order."""
    best = max(own, key=lambda each: each.chance)
    return [best, *(each for each in group_by_sheet(own)[0] if each is not best)]


def group_by_sheet(chosen: Sequence[Finding]) -> list[list[Finding]]:
    """The sentences of each sheet in reading order, the sheet of the best sentence first."""
    groups = []
    for sheet in dict.fromkeys(each.hit.sheet.id for each in chosen):
        own = [each for each in chosen if each.hit.sheet.id == sheet]
        own.sort(key=lambda each: (each.sentence.passage.access, each.sentence.passage.order, each.sentence.row))
        groups.append(own)
    return groups
