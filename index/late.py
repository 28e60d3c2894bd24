"""Late interaction: each token of the question looks for its best match among the tokens of a text.

MaxSim of ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), here without training: last-layer states
of the embedding model, minus their mean over the corpus, each token of the question weighted by its rarity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

    from index.encoder import Encoded

_FILE, _STATES = "tokens.npz", "tokens.npy"
_SLICE = 20_000  # tokens
_UNKNOWN = -1  # stands for the tokens that no text holds


@dataclass(frozen=True)
class TokenStatistics:
    """What is common in a corpus: the mean state of its tokens (dimension,), and the weight of rare ones by id."""

    mean: np.ndarray
    weights: dict[int, float]

    @classmethod
    def measure(
        cls, tokens: Sequence[np.ndarray], token_ids: Sequence[np.ndarray], groups: np.ndarray
    ) -> TokenStatistics:
        """Mean, and the rarity of each token over the sheets; `groups` (texts,) says which sheet a text is of."""
        count = sum(map(len, tokens))
        mean = sum(states.sum(axis=0, dtype=np.float64) for states in tokens) / count
        sheets_of_token: dict[int, set[int]] = {}
        for ids, group in zip(token_ids, groups.tolist(), strict=True):
            for token in set(ids.tolist()):
                sheets_of_token.setdefault(token, set()).add(group)
        total = len(set(groups.tolist()))
        weights = {token: float(np.log1p(total / (0.5 + len(sheets)))) for token, sheets in sheets_of_token.items()}
        weights[_UNKNOWN] = float(np.log1p(total / 0.5))
        return cls(np.asarray(mean, dtype=np.float32), weights)


class Late:
    """The token states of texts, end to end, as the model gave them, with where each text starts.

    They are kept raw on disk, so that a text that did not change is never embedded again although the mean is
    another; what is searched is made from them when it is first needed.
    """

    def __init__(
        self, tokens: np.ndarray, token_ids: np.ndarray, starts: np.ndarray, statistics: TokenStatistics
    ) -> None:
        self._tokens, self._token_ids, self._starts, self.statistics = tokens, token_ids, starts, statistics

    @classmethod
    def build(cls, tokens: Sequence[np.ndarray], token_ids: Sequence[np.ndarray], statistics: TokenStatistics) -> Late:
        """Index the states (tokens, dimension) and the ids (tokens,) of each text; there is at least one."""
        starts = np.cumsum([0, *(len(states) for states in tokens[:-1])])
        return cls(np.concatenate(tokens).astype(np.float16), np.concatenate(token_ids), starts, statistics)

    def save(self, folder: Path) -> None:
        """Write plain arrays into an existing folder."""
        mean, weights = self.statistics.mean, self.statistics.weights
        np.save(folder / _STATES, self._tokens)
        np.savez(
            folder / _FILE,
            token_ids=self._token_ids,
            starts=self._starts,
            mean=mean,
            ids=np.array(list(weights), dtype=np.int32),
            weights=np.array(list(weights.values()), dtype=np.float32),
        )

    @classmethod
    def load(cls, folder: Path) -> Late:
        """Read what `save` wrote; the states stay on disk until they are needed."""
        tokens = np.load(folder / _STATES, mmap_mode="r", allow_pickle=False)
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            weights = dict(zip(arrays["ids"].tolist(), arrays["weights"].tolist(), strict=True))
            return cls(tokens, arrays["token_ids"], arrays["starts"], TokenStatistics(arrays["mean"], weights))

    def read_text(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """The states (tokens, dimension) and ids (tokens,) of one text."""
        start = self._starts[row]
        end = self._starts[row + 1] if row + 1 < len(self._starts) else len(self._tokens)
        return self._tokens[start:end], self._token_ids[start:end]

    def match(self, question: Encoded) -> np.ndarray:
        """Weighted best cosine of each question token in each text: (texts, tokens); a row sums to 1 at most."""
        import torch  # noqa: PLC0415 - takes seconds, for searching alone

        known = self.statistics.weights
        weights = np.array([known.get(token, known[_UNKNOWN]) for token in question.token_ids.tolist()])
        wanted = torch.from_numpy(_normalise(question.tokens - self.statistics.mean)).to(self._matrix.dtype)
        with torch.inference_mode():
            cosines = (self._matrix @ wanted.T).float().numpy()
        best = np.maximum.reduceat(cosines, self._starts, axis=0)
        return np.asarray(best * (weights / weights.sum()).astype(np.float32))

    @cached_property
    def _matrix(self) -> torch.Tensor:
        """The states minus the mean, of norm 1 (tokens, dimension), made a slice at a time to spare memory."""
        import torch  # noqa: PLC0415 - takes seconds, for searching alone

        from index.encoder import has_bfloat16_units  # noqa: PLC0415

        matrix = torch.empty(self._tokens.shape, dtype=torch.bfloat16 if has_bfloat16_units() else torch.float32)
        for start in range(0, len(self._tokens), _SLICE):
            states = self._tokens[start : start + _SLICE].astype(np.float32)
            matrix[start : start + _SLICE] = torch.from_numpy(_normalise(states - self.statistics.mean))
        return matrix


def _normalise(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
