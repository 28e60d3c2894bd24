"""Passing: the sentence whose figure is beyond what a question asks about: "plus de 100 000 participants ?"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.finding.findings import Finding
from assistant.reading.inhabitants import read_count
from assistant.reading.reading import Reading
from index.aspects.figures import find_figures
from index.signals.lexical import split_words
from language.grammar import Found, Grammar
from language.text import read_text

_BEYOND = Grammar("beyond")
_AFTER = 25  # characters that name what a figure counts
_LOOKED_AT = 12  # sentences, those that most likely answer


def find_passing(reading: Reading, found: Sequence[Finding]) -> Finding | None:
    """The likeliest sentence of the sheet that comes first whose figure passes the bound asked, None when none does."""
    text = read_text(reading.asked, reading.understood.language)
    bound = _BEYOND.search("more", text) or _BEYOND.search("less", text)
    number = read_count(bound["count"], bound.written["count"], text.language) if bound else None
    if bound is None or number is None or not found:
        return None
    own = [each for each in found[:_LOOKED_AT] if each.hit.sheet.id == found[0].hit.sheet.id]
    return next((each for each in own if _passes(each, bound, number)), None)


def _passes(found: Finding, bound: Found, number: int) -> bool:
    told = found.sentence.text
    figures = find_figures(told, found.sentence.passage.role)
    counted = [each for each in figures if _counts(told[each.start : each.end + _AFTER], bound.written["what"])]
    if "more" in bound.groups:
        return any(figure.low > number for figure in counted)
    return bool(counted) and all(figure.high < number for figure in counted)


def _counts(told: str, what: str) -> bool:
    """Whether a figure and what follows it count what a question does, or people where it asks of people."""
    asked, counted = set(split_words(what)), set(split_words(told))
    people = set(split_words(" ".join(_BEYOND.every_word("people"))))
    return bool(asked & counted) or bool(asked & people and counted & people)
