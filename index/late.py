"""Late interaction: each token of the question looks for its best match among the tokens of a text.

MaxSim of ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), here without training: last-layer states
of the embedding model, minus their mean over the corpus, each token of the question weighted by its rarity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from index.encoder import Encoded, has_bfloat16_units

_FILE = "tokens.npz"
_UNKNOWN = -1  # stands for the tokens that no text holds


@dataclass(frozen=True)
class TokenStatistics:
    """What is common in a corpus: the mean state of its tokens (dimension,), and the weight of rare ones by id."""

    mean: np.ndarray
    weights: dict[int, float]

    @classmethod
    def measure(cls, texts: Sequence[Encoded], groups: np.ndarray) -> "TokenStatistics":
        """Mean, and the rarity of each token over the sheets; `groups` (texts,) says which sheet a text is of."""
        mean = np.concatenate([text.tokens for text in texts]).mean(axis=0)
        sheets_of_token: dict[int, set[int]] = {}
        for text, group in zip(texts, groups.tolist(), strict=True):
            for token in set(text.token_ids.tolist()):
                sheets_of_token.setdefault(token, set()).add(group)
        total = len(set(groups.tolist()))
        weights = {token: float(np.log1p(total / (0.5 + len(sheets)))) for token, sheets in sheets_of_token.items()}
        weights[_UNKNOWN] = float(np.log1p(total / 0.5))
        return cls(mean, weights)


class Late:
    """Token vectors of texts, end to end, with where each text starts."""

    def __init__(self, tokens: np.ndarray, starts: np.ndarray, statistics: TokenStatistics) -> None:
        self._tokens, self._starts, self.statistics = tokens, starts, statistics
        dtype = torch.bfloat16 if has_bfloat16_units() else torch.float32
        self._matrix = torch.from_numpy(tokens).to(dtype)

    @classmethod
    def build(cls, texts: Sequence[Encoded], statistics: TokenStatistics) -> "Late":
        """Index the tokens of texts; there is at least one."""
        states = np.concatenate([text.tokens for text in texts])
        starts = np.cumsum([0, *(len(text.tokens) for text in texts[:-1])])
        return cls(_normalise(states - statistics.mean).astype(np.float16), starts, statistics)

    def save(self, folder: Path) -> None:
        """Write plain arrays into an existing folder."""
        mean, weights = self.statistics.mean, self.statistics.weights
        np.savez(
            folder / _FILE,
            tokens=self._tokens,
            starts=self._starts,
            mean=mean,
            ids=np.array(list(weights), dtype=np.int32),
            weights=np.array(list(weights.values()), dtype=np.float32),
        )

    @classmethod
    def load(cls, folder: Path) -> "Late":
        """Read what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            weights = dict(zip(arrays["ids"].tolist(), arrays["weights"].tolist(), strict=True))
            return cls(arrays["tokens"], arrays["starts"], TokenStatistics(arrays["mean"], weights))

    def match(self, question: Encoded) -> np.ndarray:
        """Weighted best cosine of each question token in each text: (texts, tokens); a row sums to 1 at most."""
        known = self.statistics.weights
        weights = np.array([known.get(token, known[_UNKNOWN]) for token in question.token_ids.tolist()])
        wanted = torch.from_numpy(_normalise(question.tokens - self.statistics.mean)).to(self._matrix.dtype)
        with torch.inference_mode():
            cosines = (self._matrix @ wanted.T).float().numpy()
        best = np.maximum.reduceat(cosines, self._starts, axis=0)
        return np.asarray(best * (weights / weights.sum()).astype(np.float32))


def _normalise(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
