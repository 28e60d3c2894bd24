"""Figures of a note: those that a sheet gives of the same thing, those for which it gives others, as it writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checks.figures import Figure, find_figures, is_proof, is_small
from assistant.checks.note_subject import Said
from language.shapes import PIECE

_ALIKE = ({"plain", "about"}, {"money"}, {"percent"}, {"date"}, {"time"})  # ranks are told of many things
LESS_TELLING = ("date", "ordinal")  # figures that many sentences have
_SAME_UNIT, _AROUND = 0.35, 0.1  # what counting the same thing adds to how near two sentences are, and each word around
_LONGEST = 9  # words that write a figure and what it counts
_NEAREST, _FEW = 3, 2  # words around a figure, and those that tell that two figures with other units count one thing
_BETTER = 0.15  # nearer, for a sentence with another figure to be preferred to one that has the figure stated
_SHARED = 0.2  # what each other figure of a sentence that a sheet's sentence has adds to how near both are
_SURE = 0.6  # of a sentence, for a figure that counts something under another name to be the same
_UNCOUNTED = 0.4  # of a sentence, for a date or an amount, of which a sheet has many
_PREFIX = 5  # letters
_MARKS = ' ,;:.!?…()[]«»"“”'


@dataclass(frozen=True)
class Rival:
    """A figure that a sheet gives where a note gives another, and how near both are, from 0 to 1 and more.

    `shared` is how many other figures of the note's sentence stand beside it.
    """

    stated: Figure
    told: Figure
    said: Said
    nearness: float
    shared: float


@dataclass(frozen=True)
class Home:
    """A sentence of a sheet that has a figure stated, and how much of the note's sentence it says."""

    stated: Figure
    said: Said
    cover: float
    same_unit: bool
    shared: float

    @property
    def fits(self) -> bool:
        """Whether the figure stands there for what is stated, and not for something else."""
        counted = any(_is_same(self.stated.unit, held.unit) for held in self.said.figures)
        return self.same_unit or (self.cover >= _SURE and not counted)


def find_homes(figure: Figure, stated: Sequence[Figure], covered: Sequence[tuple[float, Said]]) -> list[Home]:
    """The sentences that have a figure, of those that a sentence states: those first that count the same thing."""
    homes = []
    for cover, said in covered:
        proofs = [held for held in said.figures if is_proof(held, figure) or _is_within(figure, held)]
        if proofs:
            shared = _count_shared(figure, stated, said)
            same_unit = any(has_same_unit(figure, held) for held in proofs)
            homes.append(Home(figure, said, cover + _SHARED * shared, same_unit, shared))
    return sorted(homes, key=lambda home: (-home.fits, -home.cover))


def find_rival(
    figure: Figure, stated: Sequence[Figure], covered: Sequence[tuple[float, Said]], least: float
) -> Rival | None:
    """The figure that a sheet gives of the same thing where a sentence states this one; None when it gives none.

    `least`: how near its sentence must be.
    """
    rivals = []
    for cover, said in covered:
        shared = _count_shared(figure, stated, said)
        near = cover + _SHARED * shared
        rivals += [
            Rival(figure, held, said, near + _relate(figure, held), shared)
            for held in said.figures
            if _may_replace(held, figure, stated) and near >= _find_least(figure, held, least)
        ]
    return max(rivals, key=lambda rival: rival.nearness, default=None)


def _count_shared(figure: Figure, stated: Sequence[Figure], said: Said) -> float:
    """How many other figures of a sentence a sheet's sentence has; years and ranks, which many have, count half."""
    shared = [each for each in stated if each is not figure and any(is_proof(held, each) for held in said.figures)]
    return sum(0.5 if each.kind in LESS_TELLING else 1.0 for each in shared)


def _may_replace(held: Figure, figure: Figure, stated: Sequence[Figure]) -> bool:
    """Whether a sheet's figure is another one of what may be the same thing, and is not stated itself."""
    if not are_alike(figure, held) or any(is_proof(held, each) or _is_within(each, held) for each in stated):
        return False
    if is_small(figure) or is_small(held):
        return _is_same(figure.unit, held.unit)
    return figure.kind != "plain" or (bool(figure.unit) == bool(held.unit) and has_same_unit(figure, held))


def _find_least(figure: Figure, held: Figure, least: float) -> float:
    """How near two sentences must be: nearer where no word says that both figures count the same thing."""
    if figure.kind == "plain" and not _is_same(figure.unit, held.unit):
        return max(least, _SURE)
    return least if figure.kind == "plain" else max(least, _UNCOUNTED)


def is_elsewhere(home: Home, rival: Rival) -> bool:
    """Whether a figure that the sheet has stands for something else there, and the rival for what is stated."""
    if rival.said is home.said:
        return not home.fits
    counted = any(_is_same(rival.stated.unit, held.unit) and is_proof(held, rival.stated) for held in home.said.figures)
    if counted and rival.shared <= home.shared:
        return False
    return rival.nearness - _relate(rival.stated, rival.told) >= home.cover + _BETTER


def are_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures can stand for one another: shares for shares, dates as precise for dates."""
    if one.kind == "date" == other.kind:
        return any(mine and yours and mine != yours for mine, yours in zip(one.value, other.value, strict=True))
    return any({one.kind, other.kind} <= kinds for kinds in _ALIKE)


def has_same_unit(one: Figure, other: Figure) -> bool:
    """Whether two figures count the same thing, as far as the words after them tell."""
    if one.kind not in ("plain", "about") or not one.unit or not other.unit or _is_same(one.unit, other.unit):
        return True
    mine, yours = one.after[:_NEAREST], other.after[:_NEAREST]
    return sum(any(_is_same(word, there) for there in yours) for word in mine) >= _FEW


def write_figure(told: Figure, sentence: str) -> str:
    """A figure as a sentence writes it, with what it counts: "plus de 47 000 personnes"."""
    pieces = [found.span() for found in PIECE.finditer(sentence)]
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
    same = _is_same(one.unit, other.unit)
    sides = [set(words[:_NEAREST]) for words in (one.before, one.after, other.before, other.after)]
    around = len(sides[0] & sides[2]) + len(sides[1] & sides[3])
    across = len((sides[0] | sides[1]) & (sides[2] | sides[3]))
    return _SAME_UNIT * same + _AROUND * (around + across) / 2


def _is_within(stated: Figure, held: Figure) -> bool:
    """Whether a round figure stands for an exact one: "près de 7 000" is not "6 000", but "une centaine" may be 109."""
    if stated.kind != "about" or held.kind not in ("plain", "about") or not stated.value[0]:
        return False
    return abs(held.value[0] - stated.value[0]) <= stated.value[0] / 5


def _is_same(unit: str, other: str) -> bool:
    """Whether two units are one word, whatever its ending: stems of a verb differ by its forms."""
    short, long = sorted((unit, other), key=len)
    return bool(short) and (short == long or (len(short) >= _PREFIX and long.startswith(short)))
