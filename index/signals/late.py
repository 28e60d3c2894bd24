"""Late interaction: each token of the question looks for its best match among the tokens of a text.

MaxSim of ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), here without training: last-layer states
of the embedding model, on two bits a number (`token_codec`), each token of the question weighted by its rarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoding.budget import aside
from index.signals.token_codec import OpenCodes, TokenCodec

if TYPE_CHECKING:
    from index.encoding.encoder import Encoded

_CODES, _TOKEN_IDS, STATISTICS = "tokens.npy", "token_ids.npy", "tokens.npz"
_REMEMBERED = 2  # questions compared with all texts: one answer searches with the same again
_UNKNOWN = -1  # stands for the tokens that no text holds


@dataclass(frozen=True)
class TokenStatistics:
    """What is common in a corpus: the weight of each token by id, greater for a rare one."""

    weights: dict[int, float]

    @classmethod
    def measure(cls, token_ids: Sequence[np.ndarray], groups: np.ndarray) -> TokenStatistics:
        """The rarity of each token over the sheets; `groups` (texts,) says which sheet a text is of, from 0."""
        ids = np.concatenate(token_ids).astype(np.int64)
        lengths = [len(each) for each in token_ids]
        size = int(ids.max(initial=0)) + 1
        in_sheets = np.bincount(np.unique(np.repeat(groups, lengths) * size + ids) % size, minlength=size)
        total = len(np.unique(groups))
        weights = np.log1p(total / (0.5 + in_sheets))
        known = {token: float(weights[token]) for token in np.flatnonzero(in_sheets).tolist()}
        return cls({**known, _UNKNOWN: float(np.log1p(total / 0.5))})

    def weigh(self, question: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        known = self.weights
        weights = np.array([known.get(token, known[_UNKNOWN]) for token in question.token_ids.tolist()])
        return np.asarray(weights / weights.sum(), dtype=np.float32)


class Late:
    """The coded tokens of texts, end to end, with where each text starts. They stay on the disk until they are read."""

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
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._match_all)

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
        np.save(folder / _CODES, self._codes)
        np.save(folder / _TOKEN_IDS, self._token_ids)
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

    def weigh(self, question: Encoded) -> np.ndarray:
        """The weight of each token of a question by its rarity: (tokens,), of sum 1."""
        return self.statistics.weigh(question)

    def match(self, question: Encoded, rows: np.ndarray | None = None) -> np.ndarray:
        """Best cosine of each question token in each text, or in those at `rows`: (texts, tokens).

        Only the tokens of these texts are read.
        """
        with aside():
            return self._remembered(question) if rows is None else self._match_some(question, rows)

    def _match_all(self, question: Encoded) -> np.ndarray:
        return match_texts(question, self._all, self._starts[:-1], self.codec)

    def _match_some(self, question: Encoded, rows: np.ndarray) -> np.ndarray:
        return match_texts(question, *self._open(rows), self.codec)

    @cached_property
    def _all(self) -> OpenCodes:
        """Every text, ready to be compared: for small indexes, which are compared whole."""
        return self.codec.open(self._codes)

    def _open(self, rows: np.ndarray) -> tuple[OpenCodes, np.ndarray]:
        """The tokens of these texts end to end, ready to be compared, and where each text starts among them."""
        lengths = self._starts[rows + 1] - self._starts[rows]
        starts = np.cumsum(lengths) - lengths
        tokens = np.arange(lengths.sum()) + np.repeat(self._starts[rows] - starts, lengths)
        return self.codec.open(self._codes[tokens]), starts


def match_texts(question: Encoded, opened: OpenCodes, starts: np.ndarray, codec: TokenCodec) -> np.ndarray:
    """Best cosine of each question token in each text, whose tokens lie end to end from `starts`: (texts, tokens)."""
    return np.asarray(np.maximum.reduceat(codec.compare(question.tokens, opened), starts, axis=1).T)


def load_statistics(folder: Path) -> tuple[np.ndarray, TokenStatistics, TokenCodec]:
    """Of what `save` wrote, where each text starts and what the codes need to be read."""
    with np.load(folder / STATISTICS, allow_pickle=False) as arrays:
        weights = dict(zip(arrays["ids"].tolist(), arrays["weights"].tolist(), strict=True))
        return arrays["starts"], TokenStatistics(weights), TokenCodec(arrays["mean"], arrays["turn"])
