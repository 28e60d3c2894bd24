"""Proofs: the sentences of one or several sheets that answer, as the reader found them, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft, KindName
from assistant.answers.excerpts import embolden
from assistant.finding.reader import Found
from assistant.reading.asked import Asked
from assistant.wording import describe_sheet, quote
from index.opened import Index

_MOST, _OF_A_SHEET = 7, 3  # sentences
_AS_GOOD = 0.35  # of the best one's chance
_FEWEST = 2


def choose_proofs(found: Sequence[Found], most: int = _MOST, of_a_sheet: int = _OF_A_SHEET) -> list[Found]:
    """The best sentences, as long as they are likely enough beside the best one, a few of a sheet at most."""
    chosen: list[Found] = []
    for each in found:
        if len(chosen) == most or (each.chance < _AS_GOOD * found[0].chance and len(chosen) >= _FEWEST):
            break
        same = [other for other in chosen if other.hit is each.hit]
        if len(same) < of_a_sheet and not any(other.sentence.text == each.sentence.text for other in chosen):
            chosen.append(each)
    return chosen


def write_proofs(kind: KindName, opening: str, chosen: Sequence[Found], asked: Asked | None, index: Index) -> Draft:
    """An opening, then each sheet with its sentences in reading order, the sheet of the best sentence first."""
    citations = Citations()
    items: list[str] = []
    for hit in dict.fromkeys(each.hit.sheet.id for each in chosen):
        own = [each for each in chosen if each.hit.sheet.id == hit]
        own.sort(key=lambda each: (each.sentence.passage.access, each.sentence.passage.order, each.sentence.row))
        quotes = [
            quote(embolden(each.sentence, asked), citations.cite(each.sentence, each.hit.sheet.title)) for each in own
        ]
        items.append(f"{len(items) + 1}. {describe_sheet(own[0].hit.sheet, index)}\n\n   " + " ".join(quotes))
    text = "\n\n".join([opening, *items])
    return Draft(kind=kind, text=text, citations=citations.all())
