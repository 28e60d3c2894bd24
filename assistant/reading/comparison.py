"""Comparison: what a question compares: sheets by their position, those just shown, or names that it enumerates."""

from __future__ import annotations

from itertools import islice
from typing import Literal, get_args

from ingest.sheet import Frozen
from language.grammar import Grammar
from language.letters import fold
from language.numbers import LAST, read_cardinal, read_ordinal
from language.text import Text, read_text

MOST = 5  # practices in one table
_LONGEST_NAME, _LONGEST_LISTED = 150, 80  # characters; a longer title of a list is found by how it begins
_COMPARED, _CRITERION = Grammar("compared"), Grammar("criterion")

Criterion = Literal[
    "etapes", "budget", "participants", "outils", "resultats", "public", "periode", "enseignements", "taille"
]


class Comparison(Frozen):
    """What is compared.

    `first_ones` of the sheets shown, or those at `positions` (from 1, -1 the last); those shown when it says `these`;
    or what it enumerates, `names`. `criteria` are those that it compares by, in its order. `rest` is the question
    without the words that ask for a comparison.
    """

    first_ones: int = 0
    positions: tuple[int, ...] = ()
    these: bool = False
    names: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    rest: str = ""


def read_comparison(question: Text) -> Comparison:
    """What a question that asks for a comparison compares."""
    first = _COMPARED.search("first_ones", question)
    ranks = {read_ordinal(found["ordinal"]) for found in _COMPARED.find("ordinal", question)}
    positions = (*sorted(ranks - {LAST}), *sorted(ranks & {LAST}))
    rest = _COMPARED.without("asking", question)
    return Comparison(
        first_ones=read_cardinal(first["before"] or first["after"]) if first else 0,
        positions=positions,
        these=_COMPARED.has("these", question),
        names=tuple(islice(_find_names(question), MOST)),
        criteria=tuple(_find_criteria(question)),
        rest=rest.written,
    )


def _find_criteria(question: Text) -> list[Criterion]:
    """What a question wants compared, in its order."""
    found = {each: at for each in get_args(Criterion) if (at := _CRITERION.search(f"asked_{each}", question))}
    return sorted(found, key=lambda each: found[each].start)


def name_alone(text: str) -> str:
    """What a text names, no longer than a name, without the small words and the marks around it."""
    said = read_text(" ".join(text.split())[:_LONGEST_NAME])
    edges = _COMPARED.search("edges", said)
    return said.written[edges.end if edges else 0 :].strip(" ,;:.!?'’«»\"()-–…")


def without_parts(text: str) -> str:
    """A text without the words that part what is compared."""
    return _COMPARED.without("parts", read_text(text)).written


def _find_names(question: Text) -> list[str]:
    """What an enumeration names, without the words that ask for a comparison."""
    detail = _COMPARED.search("detail", question)
    text = _COMPARED.without(
        "asking", read_text(question.written[: detail.start], question.language) if detail else question
    )
    starts, ends = [0], []
    for found in sorted(_COMPARED.find("parts", text), key=lambda each: each.start):
        ends.append(found.start)
        starts.append(found.end)
    pieces = [text.written[start:end] for start, end in zip(starts, [*ends, len(text.written)], strict=True)]
    names = (name_alone(piece)[:_LONGEST_LISTED].rstrip() for piece in pieces)
    return [name for name in names if fold(name)]
