"""Fusion: what each signal says of each sheet, on one scale, becomes one score.

A signal is standardised over the sheets (z-score), which makes cosines, BM25 and matches comparable whatever the
question; the score is their weighted sum plus the weight of evidence of what the question says (`evidence`). In
a conditional logit (McFadden 1974), which makes the sheets that answer as likely as can be among all, such a sum is a
log-odds: that is what evidence adds to, and why the scale of the weights matters and not only their ratios.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

Signal = Literal["dense sheet", "dense passage", "words sheet", "words passage", "late sheet", "late passage"]
SIGNALS: tuple[Signal, ...] = get_args(Signal)
Weights = Mapping[str, float]  # of signals and of things said, by name; what is not there does not count

# training/fusion.py fits them on questions kept apart from training, none of them on the real sheets: dense 1.2, words
# 0.4 and late 0.6 in all. Most of these questions are on passages of an encyclopedia, which are sheets of one passage:
# they cannot tell how a signal is shared between the sheet and its best passage, nor meaning between dense and late,
# so it is shared almost evenly. On the development set all that lies between differs by 0.01 of nDCG@10. The vector of
# the passage has no weight: beside its tokens it adds nothing on any set (benchmarks/ablation.py).
WEIGHTS: Weights = {
    "dense sheet": 0.5,
    "words sheet": 0.2,
    "words passage": 0.2,
    "late sheet": 0.5,
    "late passage": 0.5,
}


def standardise(values: np.ndarray, background: np.ndarray | None = None) -> np.ndarray:
    """Values (sheets,) less their mean, over their spread; those measured on the `background` rows when given."""
    reference = values if background is None else values[background]
    spread = float(reference.std())
    return np.asarray((values - reference.mean()) / spread if spread > 0 else np.zeros(len(values)))


def contributions(signals: Mapping[str, np.ndarray], weights: Weights) -> dict[str, np.ndarray]:
    """What each signal adds to the score of each sheet: (sheets,) each; signals without weight are left out."""
    return {name: weights[name] * values for name, values in signals.items() if weights.get(name)}
