"""Late interaction: each token of the question looks for its best match among the tokens of a text.

MaxSim of ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), here without training: last-layer states
of the embedding model, on two bits a number (`token_codec`), each token of the question weighted by its rarity.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.budget import aside
from index.signals.matched import Matched, Matches, match_texts
from index.signals.token_codec import OpenCodes, TokenCodec

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded

_CODES, _TOKEN_IDS, STATISTICS = "tokens.npy", "token_ids.npy", "tokens.npz"
_UNKNOWN = -1  # stands for the tokens that no text holds


@dataclass(frozen=True)
class TokenStatistics:
    """What is common in a corpus: the weight of each token by id, greater for a rare one."""

    weights: dict[int, float]

    @classmethod
    def measure(cls, token_ids: Sequence[np.ndarray], groups: np.ndarray) -> TokenStatistics:
        """The rarity of each token over the sheets; `groups` (texts,) says which sheet a text is of, from 0."""
        size = max(int(ids.max(initial=0)) for ids in token_ids) + 1
        in_sheets = np.zeros(size, dtype=np.int64)
        order = np.argsort(groups, kind="stable")
        sheets = np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)
        for rows in sheets:
            in_sheets[np.unique(np.concatenate([token_ids[row] for row in rows]))] += 1
        total = len(sheets)
        weights = np.log1p(total / (0.5 + in_sheets))
        known = {token: float(weights[token]) for token in np.flatnonzero(in_sheets).tolist()}
        return cls({**known, _UNKNOWN: float(np.log1p(total / 0.5))})

    def weigh(self, question: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        known = self.weights
        weights = np.array([known.get(token, known[_UNKNOWN]) for token in question.token_ids.tolist()])
        return np.asarray(weights / weights.sum(), dtype=np.float32)


class Late:
    """The coded tokens of texts, end to end, with where each text starts. They stay on the disk until they are read.

    `matches` compares questions with them, piece by piece once `cut` told where the pieces of a text start.
    """

    def __init__(
        self,
        codes: np.ndarray,
        token_ids: np.ndarray,
        starts: np.ndarray,
        statistics: TokenStatistics,
        codec: TokenCodec,
    ) -> None:
        self._codes, self._token_ids, self._starts = codes, token_ids, starts
        self.statistics, self.codec = statistics, codec
        self._cut: Callable[[int], np.ndarray] = lambda _: np.zeros(1, dtype=np.int64)
        self._cuts: dict[int, np.ndarray] = {}
        self.matches = Matches(self._compare)

    @classmethod
    def build(
        cls,
        codes: Sequence[np.ndarray],
        token_ids: Sequence[np.ndarray],
        statistics: TokenStatistics,
        codec: TokenCodec,
    ) -> Late:
        """Index the codes (tokens, width) that `codec` gave, and the ids (tokens,), of each text; at least one."""
        starts = np.cumsum([0, *(len(each) for each in codes)])
        return cls(np.concatenate(codes), np.concatenate(token_ids), starts, statistics, codec)

    def save(self, folder: Path) -> None:
        """Write plain arrays into an existing folder."""
        _save(folder / _CODES, self._codes)
        _save(folder / _TOKEN_IDS, self._token_ids)
        np.savez(
            folder / STATISTICS,
            starts=self._starts,
            mean=self.codec.mean,
            turn=self.codec.turn,
            ids=np.array(list(self.statistics.weights), dtype=np.int32),
            weights=np.array(list(self.statistics.weights.values()), dtype=np.float32),
        )

    @classmethod
    def load(cls, folder: Path) -> Late:
        """Read what `save` wrote, or raise ValueError when the files do not go together."""
        codes = np.load(folder / _CODES, mmap_mode="r", allow_pickle=False)
        token_ids = np.load(folder / _TOKEN_IDS, mmap_mode="r", allow_pickle=False)
        starts, statistics, codec = load_statistics(folder)
        if codes.shape != (starts[-1], codec.width) or len(token_ids) != starts[-1]:
            raise ValueError(f"{_CODES}, {_TOKEN_IDS} et {STATISTICS} ne vont pas ensemble")
        return cls(codes, token_ids, starts, statistics, codec)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def read_text(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """The codes (tokens, width) and ids (tokens,) of one text."""
        span = slice(self._starts[row], self._starts[row + 1])
        return self._codes[span], self._token_ids[span]

    def cut(self, cut: Callable[[int], np.ndarray]) -> None:
        """Take texts in pieces: `cut` gives where those of the text at a row start among its tokens, 0 first."""
        self._cut = cut

    def weigh(self, question: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        return self.statistics.weigh(question)

    def match(self, question: Encoded, rows: np.ndarray | None = None) -> np.ndarray:
        """Best cosine of each question token in each text, or in those at `rows`: (texts, tokens).

        Only the tokens of these texts are read.
        """
        return self.matches.match(question, np.arange(len(self)) if rows is None else rows)

    def _compare(self, question: Encoded, rows: np.ndarray) -> Matched:
        with aside():
            opened = self._all if len(rows) == len(self) else self._open(rows)
            lengths = self._starts[rows + 1] - self._starts[rows]
            return match_texts(question, opened, rows, lengths, self._find_cuts(rows), self.codec)

    def _find_cuts(self, rows: np.ndarray) -> list[np.ndarray]:
        for row in rows.tolist():
            if row not in self._cuts:
                self._cuts[row] = self._cut(row)
        return [self._cuts[row] for row in rows.tolist()]

    @cached_property
    def _all(self) -> OpenCodes:
        """Every text, ready to be compared: for small indexes, which are compared whole."""
        return self.codec.open(self._codes)

    def _open(self, rows: np.ndarray) -> OpenCodes:
        """The tokens of these texts end to end, ready to be compared."""
        lengths = self._starts[rows + 1] - self._starts[rows]
        starts = np.cumsum(lengths) - lengths
        tokens = np.arange(lengths.sum()) + np.repeat(self._starts[rows] - starts, lengths)
        return self.codec.open(self._codes[tokens])


def _save(path: Path, array: np.ndarray) -> None:
    """Write an array; a whole one that lies on the disk is copied there, and takes no memory."""
    if isinstance(array, np.memmap) and array.filename:
        shutil.copyfile(array.filename, path)
    else:
        np.save(path, array)


def load_statistics(folder: Path) -> tuple[np.ndarray, TokenStatistics, TokenCodec]:
    """Of what `save` wrote, where each text starts and what the codes need to be read."""
    with np.load(folder / STATISTICS, allow_pickle=False) as arrays:
        weights = dict(zip(arrays["ids"].tolist(), arrays["weights"].tolist(), strict=True))
        return arrays["starts"], TokenStatistics(weights), TokenCodec(arrays["mean"], arrays["turn"])
