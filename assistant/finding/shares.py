"""Shares: of what the shares that sheets tell are shares, and which of them are of those who took part in something.

A share has a thing that it is a share of: one of the voters and one of an amount of money compare in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.aspects.figures import Figure, FigureTold, find_figures
from index.aspects.measured import Measured
from index.signals.lexical import split_words
from language.grammar import Grammar
from language.shapes import FIGURE_END
from language.text import Text, read_text

Whole = Literal["voters", "inhabitants", "money"]
WHOLES: tuple[Whole, ...] = ("voters", "inhabitants", "money")

_ASKED, _SHARE = Grammar("asked"), Grammar("share")
_LANGUAGE = "fr"  # of the sheets
_PEOPLE: tuple[Measured, ...] = ("participants", "voters", "registered", "inhabitants")
_NAMED_WITHIN = 45  # characters
_CLAUSE_MARKS = ",;:()"
_FIRST = 3  # words of what a question wants the share of
_RIGHT_AFTER = 12  # characters: "du seul corps électoral"
_SAME_ROOT = 6  # letters: "satisfaction" and "satisfaits"
_ALL = 100.0


@dataclass(frozen=True)
class Share:
    """A share that a sheet tells, in percent, as it is written there; `parts` are the two numbers that it is of, when
    the sheet gives these alone. One that cannot be is a slip of the sheet.
    """

    told: FigureTold
    value: float
    written: str
    parts: tuple[float, float] | None = None

    @property
    def cannot_be(self) -> bool:
        """Whether as many took part as could, or more: nobody was ever ill."""
        return self.parts is not None and self.value >= _ALL


def read_turnout(question: Text) -> frozenset[Whole]:
    """Of whom a question wants the share that took part; of nobody when it does not."""
    shared = _ASKED.search("what_is_shared", question)
    is_money = shared is not None and _SHARE.has("of_money", " ".join(shared["what"].split()[:_FIRST]))
    if is_money or not _SHARE.has("asks_turnout", question):
        return frozenset()
    named = {whole for whole in WHOLES if _SHARE.has(f"of_{whole}", question)} - {"money"}
    return frozenset(named) or frozenset(("voters", "inhabitants"))


def find_whole(sentence: str, figure: Figure) -> Whole | None:
    """What a share of a sentence is a share of, named right after it; None for anything else."""
    after = sentence[figure.end : figure.end + _NAMED_WITHIN]
    named = read_text(FIGURE_END.split(after)[0].strip(), _LANGUAGE)
    part = _SHARE.search("part_of", named)
    if part is None:
        return None
    found = [(at.start, whole) for whole in WHOLES if (at := _SHARE.search(f"of_{whole}", named))]
    start, whole = min(found, default=(0, None))
    return whole if start - part.end <= _RIGHT_AFTER else None


def find_turnouts(told: FigureTold, wholes: frozenset[Whole]) -> Iterator[Share]:
    """The share of those who took part that a figure is, or that it makes with the next one of its sentence."""
    figure, sentence = told.figure, told.sentence
    if figure.measured == "share":
        if find_whole(sentence, figure) in wholes and _took_part(sentence, figure):
            yield Share(told, figure.high, figure.written)
        return
    for one, other in pairwise(find_figures(sentence)):
        if one.start == figure.start and one.measured in _PEOPLE and _is_out_of(sentence, one, other, wholes):
            value = _ALL * one.low / other.low
            yield Share(told, value, one.written, (one.low, other.low))


def says_taking_part(text: str) -> bool:
    """Whether a text of a sheet says that people took part in something."""
    return _SHARE.has("took_part", read_text(text, _LANGUAGE))


def is_near(sentence: str, figure: Figure, words: tuple[str, ...]) -> bool:
    """Whether the clause of a share, up to other figures, has one of these words in whatever form.

    "Satisfaits" is one of "satisfaction".
    """
    start, end = _find_clause(sentence, figure)
    others = [each for each in find_figures(sentence) if each.start != figure.start]
    start = max([start, *(each.end for each in others if each.end <= figure.start)])
    end = min([end, *(each.start for each in others if each.start >= figure.end)])
    clause = split_words(sentence[start:end])
    return any(word[:_SAME_ROOT] == other[:_SAME_ROOT] for word in words for other in clause)


def _took_part(sentence: str, figure: Figure) -> bool:
    """Whether the clause of a share says that they took part, or the one before where it says the same otherwise."""
    start, end = _find_clause(sentence, figure)
    if _SHARE.has("that_is", read_text(sentence[start : figure.start], _LANGUAGE)) and start:
        start = max(sentence.rfind(mark, 0, start - 1) for mark in _CLAUSE_MARKS) + 1
    return says_taking_part(sentence[start:end])


def _find_clause(sentence: str, figure: Figure) -> tuple[int, int]:
    start = max(sentence.rfind(mark, 0, figure.start) for mark in _CLAUSE_MARKS) + 1
    ends = [at for mark in _CLAUSE_MARKS if (at := sentence.find(mark, figure.end)) >= 0]
    return start, min(ends, default=len(sentence))


def _is_out_of(sentence: str, one: Figure, other: Figure, wholes: frozenset[Whole]) -> bool:
    """Whether two numbers are those who took part and all who could: "300 participants sur 5 000 habitants"."""
    between = read_text(sentence[one.end : other.start], _LANGUAGE)
    if not other.low or _SHARE.has("acts", one.written) or not _SHARE.has("out_of", between):
        return False
    named = read_text(sentence[one.end : other.end], _LANGUAGE)
    took_part = one.measured == "voters" or says_taking_part(sentence[one.start : one.end])
    return took_part and any(_SHARE.has(f"of_{whole}", named) for whole in wholes)
