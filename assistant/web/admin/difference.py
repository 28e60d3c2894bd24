"""Difference of two texts, word by word, as the pages show it."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from language.shapes import SENTENCE

_WORD = re.compile(r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)\S*|\S+)\s*|\s+")  # « 34 000 » is one
_CONTEXT = 90  # characters shown around a change
_LONGEST_PIECE = 1500
_MOST_PIECES = 400
_MOST_PAIRS = 4_000_000  # words before times words after: beyond, sentences are shown whole


@dataclass(frozen=True)
class Piece:
    """A piece of a text: as it was, added, removed, or left out here because nothing changed in it."""

    kind: Literal["same", "added", "removed", "cut"]
    text: str = ""


def find_difference(before: str, after: str) -> list[Piece]:
    """What changed between two texts, word by word, with some words around; the rest is cut."""
    old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    pairs: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        pairs += [(gone, come)] if kind == "equal" else _compare_words(gone, come)
    pieces: list[Piece] = []
    for number, (gone, come) in enumerate(pairs):
        if gone == come:
            pieces += _cut_same(gone, starts=number == 0, ends=number == len(pairs) - 1)
        else:
            pieces += _mark_changed(gone, come)
    return pieces if len(pieces) <= _MOST_PIECES else [*pieces[:_MOST_PIECES], Piece("cut")]


def _compare_words(gone: str, come: str) -> list[tuple[str, str]]:
    """Pairs of pieces before and after; texts with little in common are one pair, which reads better."""
    old, new = _WORD.findall(gone), _WORD.findall(come)
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return [(gone, come)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return [(gone, come)]
    pairs: list[tuple[str, str]] = []
    for _, a, b, c, d in matcher.get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        # A lone « de » between two changes belongs to them.
        lone = before == after and len(before.strip()) <= 3 and b < len(old)
        if pairs and (lone or before != after) and pairs[-1][0] != pairs[-1][1]:
            pairs[-1] = (pairs[-1][0] + before, pairs[-1][1] + after)
        else:
            pairs.append((before, after))
    return pairs


def _cut_same(text: str, *, starts: bool, ends: bool) -> list[Piece]:
    """What did not change, as far as it helps to read what did."""
    if len(text) <= 2 * _CONTEXT + 40:
        return [Piece("same", text)]
    head, tail = text[:_CONTEXT].rpartition(" ")[0], text[-_CONTEXT:].partition(" ")[2]
    pieces = [] if starts else [Piece("same", head)]
    pieces.append(Piece("cut"))
    return pieces if ends else [*pieces, Piece("same", tail)]


def _mark_changed(gone: str, come: str) -> list[Piece]:
    """What goes, then what comes; the space that follows both stays out."""
    space = come[len(come.rstrip()) :]
    if space and gone.rstrip() + space == gone:
        return [*_mark_changed(gone.rstrip(), come.rstrip()), Piece("same", space)]
    return _cut_changed("removed", gone) + _cut_changed("added", come)


def _cut_changed(kind: Literal["added", "removed"], text: str) -> list[Piece]:
    if len(text) <= _LONGEST_PIECE:
        return [Piece(kind, text)] if text else []
    return [Piece(kind, text[:_LONGEST_PIECE].rpartition(" ")[0]), Piece("cut")]
