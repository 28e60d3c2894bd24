"""Late interaction: each token of the question looks for its best match among the tokens of a text.

MaxSim of ColBERT (Khattab and Zaharia 2020, arXiv:2004.12832), here without training: last-layer states
of the embedding model, minus their mean over the corpus, each token of the question weighted by its rarity.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch

from index.encoder import Encoded, has_bfloat16_units

_FILE = "tokens.npz"


class Late:
    """Token vectors of texts, end to end, with where each text starts."""

    def __init__(self, tokens: np.ndarray, starts: np.ndarray, mean: np.ndarray, weights: dict[int, float]) -> None:
        self._tokens, self._starts, self._mean, self._weights = tokens, starts, mean, weights
        dtype = torch.bfloat16 if has_bfloat16_units() else torch.float32
        self._matrix = torch.from_numpy(tokens).to(dtype)

    @classmethod
    def build(cls, texts: Iterable[Encoded], groups: np.ndarray) -> "Late":
        """Index the tokens of texts; `groups` (texts,) says which sheet each belongs to, for the rarity of tokens."""
        encoded = list(texts)
        states = np.concatenate([text.tokens for text in encoded])
        mean = states.mean(axis=0)
        starts = np.cumsum([0, *(len(text.tokens) for text in encoded[:-1])])
        sheets_of_token: dict[int, set[int]] = {}
        for text, group in zip(encoded, groups.tolist(), strict=True):
            for token in set(text.token_ids.tolist()):
                sheets_of_token.setdefault(token, set()).add(group)
        total = len(set(groups.tolist()))
        weights = {token: float(np.log1p(total / (0.5 + len(sheets)))) for token, sheets in sheets_of_token.items()}
        weights[-1] = float(np.log1p(total / 0.5))  # a token that no text holds
        return cls(_normalise(states - mean).astype(np.float16), starts, mean, weights)

    def save(self, folder: Path) -> None:
        """Write plain arrays into an existing folder."""
        ids, weights = (
            np.array(list(self._weights), dtype=np.int32),
            np.array(list(self._weights.values()), dtype=np.float32),
        )
        np.savez(folder / _FILE, tokens=self._tokens, starts=self._starts, mean=self._mean, ids=ids, weights=weights)

    @classmethod
    def load(cls, folder: Path) -> "Late":
        """Read what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            weights = dict(zip(arrays["ids"].tolist(), arrays["weights"].tolist(), strict=True))
            return cls(arrays["tokens"], arrays["starts"], arrays["mean"], weights)

    def match(self, question: Encoded) -> np.ndarray:
        """Weighted best cosine of each question token in each text: (texts, tokens); a row sums to 1 at most."""
        weights = np.array([self._weights.get(token, self._weights[-1]) for token in question.token_ids.tolist()])
        wanted = torch.from_numpy(_normalise(question.tokens - self._mean)).to(self._matrix.dtype)
        with torch.inference_mode():
            cosines = (self._matrix @ wanted.T).float().numpy()
        best = np.maximum.reduceat(cosines, self._starts, axis=0)
        return np.asarray(best * (weights / weights.sum()).astype(np.float32))


def _normalise(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
