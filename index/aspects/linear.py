"""Linear: logistic regressions that read a short text by its vector, its words and a few signs, fitted beforehand.

Fitted with scikit-learn by `training/linear.py`; what is kept here are plain arrays, so that nothing of it is needed to
answer. Each file holds two fits: one for the default model's vectors, one for texts whose vectors another model made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.encoding.adapter import BASE
from language.shapes import DIGITS
from language.text import ANY, read_text

_SIGNS = frozenset("?%€:")


def split_terms(text: str) -> list[str]:
    """The words of a text in its normal form, a number read "0", its telling marks, and every two that follow."""
    said = read_text(text, ANY)
    words = [*(DIGITS.sub("0", word) for word in said.words.split())]
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    ends = (f"^ {words[0]}",) if words else ()
    return [*words, *pairs, *ends, *dict.fromkeys(sign for sign in said.said if sign in _SIGNS)]


@dataclass(frozen=True, eq=False)
class Fit:
    """One fit: `terms` (terms, classes), `signs` (signs, classes), `vector` (dimension or 0, classes)."""

    terms: np.ndarray
    signs: np.ndarray
    vector: np.ndarray
    intercept: np.ndarray


@dataclass(frozen=True, eq=False)
class Linear:
    """Classes, each with the logit that a text is of it; `idf` (terms,) is that of each term known."""

    classes: tuple[str, ...]
    known: dict[str, int]
    idf: np.ndarray
    with_vector: Fit
    without: Fit

    @classmethod
    def load(cls, path: Path) -> Linear:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            parts = Fit.__dataclass_fields__
            read = [[arrays[f"{name}_{part}"].astype(np.float32) for part in parts] for name in ("with", "without")]
            fits = [Fit(*each) for each in read]
            known = {term: row for row, term in enumerate(str(arrays["known"]).split("\n"))}
            return cls(tuple(str(arrays["classes"]).split("\n")), known, arrays["idf"], *fits)

    def save(self, path: Path) -> None:
        """Write plain arrays; weights in float16, which changes no probability by more than 0.002."""
        arrays: dict[str, np.ndarray] = {
            "classes": np.array("\n".join(self.classes)),
            "known": np.array("\n".join(self.known)),
            "idf": self.idf.astype(np.float32),
        }
        for name, fit in (("with", self.with_vector), ("without", self.without)):
            arrays |= {f"{name}_{part}": getattr(fit, part).astype(np.float16) for part in Fit.__dataclass_fields__}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type] # its stubs take `allow_pickle` for one of them

    def score(self, texts: Sequence[str], vectors: np.ndarray, signs: np.ndarray, model: str) -> np.ndarray:
        """The logit of each class for each text: (texts, classes). `vectors` (texts, dimension) are of `model`."""
        fit = self.with_vector if model.startswith(BASE) else self.without
        logits = signs @ fit.signs + fit.intercept
        if len(fit.vector):
            logits = logits + vectors @ fit.vector
        for row, text in enumerate(texts):
            if weighed := list(self.weigh(text)):
                at, weights = zip(*weighed, strict=True)
                logits[row] += np.array(weights, dtype=np.float32) @ fit.terms[list(at)]
        return np.asarray(logits)

    def weigh(self, text: str) -> Iterator[tuple[int, float]]:
        """The known terms of a text by their row, each with its tf-idf, of norm 1 together."""
        counts = Counter(self.known[term] for term in split_terms(text) if term in self.known)
        weights = {row: (1 + np.log(count)) * self.idf[row] for row, count in counts.items()}
        norm = np.sqrt(sum(weight * weight for weight in weights.values()))
        return ((row, float(weight / norm)) for row, weight in weights.items())
