"""Shown: the sheets shown before of which a question asks a figure."""

from __future__ import annotations

from assistant.finding.meant import FIGURES
from assistant.finding.search import Sources, search
from assistant.reading.reading import Reading
from index.ranking.retrieval import Hit
from index.signals.lexical import split_words

_FEW = 2  # words that count: with more, a question may have a subject of its own


def find_asked_of(reading: Reading, sources: Sources) -> list[Hit]:
    """The sheets shown before of which a figure is asked, "et avec quel budget ?"; none when it is asked of others."""
    if not asks_of_shown(reading):
        return []
    only = reading.only or reading.shown
    return [hit for hit in search(reading.model_copy(update={"only": only}), sources) if hit.sheet.id in only]


def asks_of_shown(reading: Reading) -> bool:
    """Whether a figure is asked of the sheets shown before: a question that names nothing else."""
    fact, text = reading.fact, reading.asked
    if reading.link == "new" or fact is None or fact.quantity not in FIGURES or not reading.shown:
        return False
    if reading.follow_up.more or reading.follow_up.others or reading.left:
        return False
    if any(text[each.start : each.end].casefold() == each.name.casefold() for each in reading.understood.places):
        return False
    return bool(reading.only) or len(set(split_words(text))) <= _FEW
