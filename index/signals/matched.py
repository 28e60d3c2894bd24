"""Matched: what the tokens of a question find in texts, piece by piece: the heading of each, then every sentence.

A passage is ranked by its best pieces, and its sentences among themselves, from one comparison of their tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.signals.token_codec import OpenCodes, TokenCodec

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded

_REMEMBERED = 2  # questions: one answer searches with the same again, and then reads sentences


@dataclass(frozen=True, eq=False)
class Matched:
    """The best cosine of each token of a question in each piece of some texts.

    `rows` (texts,), in order, says which texts; `pieces` is (tokens, pieces), `firsts` (texts + 1,) where the pieces
    of each text start.
    """

    rows: np.ndarray
    pieces: np.ndarray
    firsts: np.ndarray

    def best(self) -> np.ndarray:
        """The best cosine of each token in each text: (texts, tokens)."""
        return np.asarray(np.maximum.reduceat(self.pieces, self.firsts[:-1], axis=1).T)

    def weigh_sentences(self, rows: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """How well each sentence of the texts at `rows` matches, alone and with its heading: (sentences, 2).

        `shares` (tokens,) say how much each token of the question counts.
        """
        at = np.searchsorted(self.rows, rows)
        counts = self.firsts[at + 1] - self.firsts[at] - 1
        headings = np.repeat(self.firsts[at], counts)
        own = self.pieces[:, headings + 1 + np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)]
        return np.stack([shares @ own, shares @ np.maximum(own, self.pieces[:, headings])], axis=1)


class Matches:
    """The last questions compared with texts: what an answer asks of them again is not compared twice."""

    def __init__(self, compare: Callable[[Encoded, np.ndarray], Matched]) -> None:
        self._compare = compare
        self._last: dict[Encoded, Matched] = {}

    def find(self, question: Encoded, rows: np.ndarray) -> Matched:
        """What a question matches in the texts at `rows`, and maybe in others."""
        known = self._last.get(question)
        if known is None or not np.isin(rows, known.rows).all():
            known = self._compare(question, np.unique(rows))
            others = [pair for pair in self._last.items() if pair[0] is not question]
            self._last = dict([*others[-(_REMEMBERED - 1) :], (question, known)])
        return known

    def match(self, question: Encoded, rows: np.ndarray) -> np.ndarray:
        """The best cosine of each token of a question in each text at `rows`: (texts, tokens)."""
        found = self.find(question, rows)
        return found.best()[np.searchsorted(found.rows, rows)]


def match_texts(
    question: Encoded,
    opened: OpenCodes,
    rows: np.ndarray,
    lengths: np.ndarray,
    cuts: Sequence[np.ndarray],
    codec: TokenCodec,
) -> Matched:
    """What a question matches in the texts at `rows`, whose tokens, so many each, lie end to end.

    `cuts` (pieces,) of each say where its pieces start among its tokens, 0 first.
    """
    counts = np.array([len(cut) for cut in cuts])
    starts = np.concatenate(cuts) + np.repeat(np.cumsum(lengths) - lengths, counts)
    pieces = np.maximum.reduceat(codec.compare(question.tokens, opened), starts, axis=1)
    return Matched(rows, pieces, np.concatenate([[0], np.cumsum(counts)]))
