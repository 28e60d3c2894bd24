"""Own words: whether a sentence is the assistant's own (an opening, a link, a caveat, advice, an offer), which needs no
proof, or tells of practices, which does.

A logistic regression over the embedding model's vector of the sentence, in any of its languages, fitted by
`training/own_words.py`: 3 in 100 of the shortest sentences that tell of practices are taken for the assistant's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

MODEL = Path(__file__).parent / "own_words.npz"


@dataclass(frozen=True, eq=False)
class OwnWords:
    """The fitted weights (dimension,), over the vectors of the model `encoder`; its bias, threshold taken off."""

    encoder: str
    weights: np.ndarray
    bias: float

    def has(self, vector: np.ndarray) -> bool:
        """Whether the sentence of this vector (dimension,) is the assistant's own."""
        return float(vector @ self.weights) + self.bias > 0


def save(fitted: OwnWords, path: Path) -> None:
    """Write a fitted model."""
    np.savez_compressed(path, encoder=fitted.encoder, weights=fitted.weights, bias=fitted.bias)


@cache
def load(path: Path = MODEL) -> OwnWords:
    """The fitted model of a file, the shipped one."""
    with np.load(path) as file:
        return OwnWords(str(file["encoder"]), file["weights"], float(file["bias"]))
