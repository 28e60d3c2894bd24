"""Figures of a note: those that a sheet gives of the same thing, those for which it gives others, as it writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.figures import Figure, find_figures, is_proof, is_small
from assistant.checks.note_subject import Said

_ALIKE = ({"plain", "about"}, {"money"}, {"percent"}, {"date"}, {"time"}, {"ordinal"})
_SAME_UNIT, _AROUND = 0.35, 0.1  # what counting the same thing adds to how near two sentences are, and each word around
_LONGEST = 9  # words that write a figure and what it counts
_NEAREST = 3  # words around a figure
_BETTER = 0.15  # nearer, for a sentence with another figure to be preferred to one that has the figure stated
_WORD = re.compile(r"\S+")
_MARKS = " ,;:.!?…()[]«»\"“”"


@dataclass(frozen=True)
class Rival:
    """A figure that a sheet gives where a note gives another, and how near both are, from 0 to 1 and more."""

    stated: Figure
    told: Figure
    said: Said
    nearness: float


@dataclass(frozen=True)
class Home:
    """A sentence of a sheet that has a figure stated, and how much of the note's sentence it says."""

    stated: Figure
    said: Said
    cover: float
    same_unit: bool


def find_homes(figure: Figure, covered: Sequence[tuple[float, Said]]) -> list[Home]:
    """The sentences that have a figure, those first that count the same thing and say most."""
    homes = [
        Home(figure, said, cover, any(has_same_unit(figure, held) for held in proofs))
        for cover, said in covered
        if (proofs := [held for held in said.figures if is_proof(held, figure) or _is_within(figure, held)])
    ]
    return sorted(homes, key=lambda home: (-home.same_unit, -home.cover))


def find_rival(
    figure: Figure, stated: Sequence[Figure], covered: Sequence[tuple[float, Said]], least: float
) -> Rival | None:
    """The figure that a sheet gives of the same thing where a sentence states this one; None when it gives none.

    `least`: how near its sentence must be.
    """
    rivals = [
        Rival(figure, held, said, cover + _relate(figure, held))
        for cover, said in covered
        if cover >= least
        for held in said.figures
        if are_alike(figure, held) and not any(is_proof(held, each) or _is_within(each, held) for each in stated)
        if not is_small(figure) or (figure.unit and figure.unit == held.unit)
        if figure.kind != "plain" or has_same_unit(figure, held)
    ]
    return max(rivals, key=lambda rival: rival.nearness, default=None)


def is_elsewhere(home: Home, rival: Rival) -> bool:
    """Whether a figure that the sheet has stands for something else there, and this one for what is stated."""
    if rival.said is home.said:
        return False
    return rival.nearness - _relate(rival.stated, rival.told) >= home.cover + _BETTER and not home.same_unit


def are_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures can stand for one another: shares for shares, dates as precise for dates."""
    if one.kind == "date" == other.kind:
        return any(mine and yours and mine != yours for mine, yours in zip(one.value, other.value, strict=True))
    return any({one.kind, other.kind} <= kinds for kinds in _ALIKE)


def has_same_unit(one: Figure, other: Figure) -> bool:
    """Whether two figures count the same thing, as far as the words after them tell."""
    if one.kind not in ("plain", "about"):
        return True
    if not one.unit or not other.unit or one.unit == other.unit:
        return True
    mine, yours = one.after[:_NEAREST], other.after[:_NEAREST]
    return one.unit in yours or other.unit in mine


def write_figure(told: Figure, sentence: str) -> str:
    """A figure as a sentence writes it, with what it counts: "plus de 47 000 personnes"."""
    pieces = [found.span() for found in _WORD.finditer(sentence)]
    for fits in (_is_whole, _is_value):
        found = next((text for text in _windows(sentence, pieces) if fits(told, text)), "")
        if found:
            return found.strip(_MARKS)
    return ""


def _windows(sentence: str, pieces: Sequence[tuple[int, int]]) -> Iterator[str]:
    """The runs of words of a sentence, the shortest first."""
    for length in range(1, _LONGEST + 1):
        for first, last in zip(pieces, pieces[length - 1 :], strict=False):
            yield sentence[first[0] : last[1]]


@lru_cache(maxsize=2_000)
def _only_figure(text: str) -> Figure | None:
    found = find_figures(text)
    return found[0] if len(found) == 1 else None


def _is_whole(told: Figure, text: str) -> bool:
    return _only_figure(text) == told


def _is_value(told: Figure, text: str) -> bool:
    held = _only_figure(text)
    return held is not None and (held.kind, held.value) == (told.kind, told.value)


def _relate(one: Figure, other: Figure) -> float:
    """What two figures have in common besides their sentences: what they count, the words around."""
    same = one.unit == other.unit and bool(one.unit)
    around = {*one.before[:_NEAREST], *one.after[:_NEAREST]} & {*other.before[:_NEAREST], *other.after[:_NEAREST]}
    return _SAME_UNIT * same + _AROUND * len(around)


def _is_within(stated: Figure, held: Figure) -> bool:
    """Whether a round figure stands for an exact one: "près de 7 000" is not "6 000", but "une centaine" may be 109."""
    if stated.kind != "about" or held.kind not in ("plain", "about") or not stated.value[0]:
        return False
    return abs(held.value[0] - stated.value[0]) <= stated.value[0] / 5
